import Records

/// What a column of a setting or of a quantity holds.
struct ColumnKey: Hashable, Sendable {
  enum Kind: String, Sendable, CaseIterable {
    /// A field of the run: see ``RunField``.
    case run
    /// The last value of a metric on a split.
    case final
    /// The values of a metric on a split at all epochs, for runs that have more than one.
    case curve
    /// The positions that a curve's values belong to: 0 for 1 to the number of values, else an id of `position_lists`.
    case curveAt = "curve_at"
    /// A size of the network, by its name in ``Counts``.
    case count
    /// A cost of the whole run, by its name in ``Costs/total``.
    case cost
    /// A cost of each epoch, by its name in ``Costs/perEpoch``.
    case epochCost = "epoch_cost"
    /// A number that a source tells beside the rest.
    case attribute
    /// A field of a measurement: `architecture`, `value` (with the split that the quantity declares), `cost_seconds`.
    case measurement
  }

  let kind: Kind
  let name: String
  var split: Split?

  init(_ kind: Kind, _ name: String, _ split: Split? = nil) {
    self.kind = kind
    self.name = name
    self.split = split
  }

  init(_ field: RunField) { self.init(.run, field.rawValue) }
}

/// Fields of a run that are one number.
enum RunField: String, CaseIterable, Sendable {
  /// Id of the row in `architectures`.
  case architecture
  /// 0 recorded, 1 unnamed, 2 mean; absent column: 0.
  case seedKind = "seed_kind"
  /// The upper and lower 32 bits of the seed's number; absent column: 0.
  case seedHigh = "seed_high"
  case seedLow = "seed_low"
  /// 0 completed, 1 diverged, 2 failed, 3 timed out; absent column: 0.
  case status
  /// 0 random, 1 search, 2 baseline, 3 exhaustive.
  case origin
  /// Id of the row in `sources`.
  case source
  /// Id of the row in `metrics`.
  case scoreMetric = "score_metric"
  case scoreEpoch = "score_epoch"
  case scoreValidation = "score_validation"
  case scoreTest = "score_test"
}

extension Origin.Kind {
  /// The kind's number in files.
  var number: Int {
    switch self {
    case .random: 0
    case .search: 1
    case .baseline: 2
    case .exhaustive: 3
    }
  }

  init?(number: Int) {
    guard let kind = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = kind
  }
}

/// What of a run has no column, as `details` keep it.
struct RunDetails: Codable, Hashable {
  var arm: String?
  var step: Int?
  var statusDetail: String?
  var teachers: [Digest256]?
  var provenance: Provenance?
  var attributes: [String: JSONValue]?

  init(of record: RunRecord) {
    arm = record.origin?.arm
    step = record.origin?.step
    statusDetail = record.statusDetail
    teachers = record.teachers.isEmpty ? nil : record.teachers
    provenance = record.provenance
    let others = record.attributes.filter { $0.value.columnNumber == nil }
    attributes = others.isEmpty ? nil : others
  }

  var isEmpty: Bool {
    arm == nil && step == nil && statusDetail == nil && teachers == nil && provenance == nil && attributes == nil
  }
}

extension JSONValue {
  /// The number that stands for this value in a column, where that loses nothing.
  var columnNumber: Double? {
    switch self {
    case .integer(let value): Double(exactly: value)
    case .number(let value): value.isFinite ? value : nil
    default: nil
    }
  }

  /// Whole numbers are integers in JSON.
  init(columnNumber value: Double) {
    if let integer = Int64(exactly: value), !(integer == 0 && value.sign == .minus) {
      self = .integer(integer)
    } else {
      self = .number(value)
    }
  }
}
