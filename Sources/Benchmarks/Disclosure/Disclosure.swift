public import Records

/// What of an atlas may leave the process: all of it, nothing that shows test values, or no value of a metric at all.
///
/// An immutable value: a ``Benchmark`` has one and asks it for everything that it reads, and a cache can have it in its
/// keys. A split that a curve or a quantity declares decides. Where none is declared, names and units decide: a value that
/// may be a score stays inside.
public enum Disclosure: Hashable, Sendable {
  /// Everything is shown.
  case open
  /// Values of train and validation data are shown, and what is measured without data.
  case sealed
  /// The server shows no metric value outside a ledger. Ledgers use ``sealed`` and charge for each value.
  case ledgersOnly

  /// What ledgers of an atlas may show.
  public var ofLedgers: Disclosure { self == .ledgersOnly ? .sealed : self }

  public func shows(_ split: Split) -> Bool {
    switch (self, split) {
    case (.open, _), (.sealed, .train), (.sealed, .validation): true
    case (.sealed, .test), (.sealed, .valtest), (.ledgersOnly, _): false
    }
  }

  /// Whether the values of a metric on a split are shown. A metric whose name speaks of test data is not, on any split.
  public func shows(_ metric: Metric, _ split: Split) -> Bool {
    self == .open || shows(split) && !TestWords.are(in: metric.name)
  }

  /// Whether the values of a quantity are shown.
  ///
  /// A quantity declares its split as ``Quantity/split``, as a condition called `split`, or as both; each must be shown.
  /// A quantity that declares none is withheld where its name, conditions or data set speak of test data, where its name
  /// has all words of one of `metrics` or a word for scores such as `acc`, and where its unit is a share: such a value may
  /// be of any split.
  public func shows(_ quantity: Quantity, metrics: [String]) -> Bool {
    guard self != .open else { return true }
    var declared = [quantity.split].compactMap(\.self).map(shows)
    for (name, value) in quantity.conditions where name.lowercased() == "split" {
      declared.append(TestWords.split(value).map(shows) ?? false)
    }
    guard declared.isEmpty else { return declared.allSatisfy(\.self) }
    let said = [quantity.name, quantity.dataset ?? ""] + quantity.conditions.flatMap { [$0.key, $0.value] }
    let words = TestWords.words(quantity.name)
    return !said.contains(where: TestWords.are) && !["percent", "fraction"].contains(quantity.unit)
      && !TestWords.areOfScores(words)
      && !metrics.contains { metric in
        let own = TestWords.words(metric)
        return !own.isEmpty && own.isSubset(of: words)
      }
  }

  /// Whether attributes of runs are shown. Nothing declares which data they tell of.
  public var showsAttributes: Bool { self == .open }

  /// What may be shown of a run.
  public func shown(_ record: RunRecord) -> RunRecord {
    guard self != .open else { return record }
    var record = record
    record.curves.removeAll { !shows($0.metric, $0.split) }
    if let score = record.score {
      record.score = shows(score.metric, .validation) ? score : nil
      record.score?.test = nil
    }
    record.statusDetail = nil
    record.attributes = [:]
    return record
  }
}

/// A question about what a sealed atlas withholds.
public enum DisclosureError: UserFacingError, Equatable {
  /// `what` is the measure, field or quantity as a filter spells it.
  case withheld(what: String)

  public var code: String { "benchmarks.withheld" }

  public var message: String {
    switch self {
    case .withheld(let what): "the atlas is sealed and does not disclose \(what)"
    }
  }

  public var remedy: String? {
    "open a ledger, search by validation values, and close it with the architecture of your choice"
  }

  public var exitStatus: ExitStatus { .usage }
}
