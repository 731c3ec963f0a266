import Records
import Store

/// Which runs of an architecture count when architectures are compared.
struct RunFilter {
  let seeds: SeedChoice
  let filter: FilterExpression?
  let reader: FieldReader
  /// Only a filter that asks for a status may want runs that did not complete.
  private let hasAnyStatus: Bool

  init(seeds: SeedChoice, filter: FilterExpression?, reader: FieldReader) {
    self.seeds = seeds
    self.filter = filter
    self.reader = reader
    hasAnyStatus = filter?.fields.contains(FilterField("status")) ?? false
  }

  func runs(ofArchitecture row: Int) throws -> [Int] {
    try reader.setting.runs(ofArchitecture: row).filter { run in
      if case .one(let seed) = seeds {
        guard try reader.setting.seed(ofRun: run) == seed else { return false }
      }
      guard try hasAnyStatus || reader.setting.status(ofRun: run) == .completed else { return false }
      return try filter?.evaluate { try reader.value($0, run: run) } ?? true
    }
  }
}

extension FieldReader {
  /// The mean of a field over the runs that have it, and how many they are; nil when none has.
  func mean(_ field: FilterField, runs: [Int]) throws -> (value: Double, count: Int)? {
    try setting.mean(of: runs) { try number(field, run: $0) }
  }
}
