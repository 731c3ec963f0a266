public import Records

/// What published tables and other tools call splits, for errors that say what they are called here.
public enum PublishedSplit {
  /// `x-valid`, `x-test` and `ori-test` are those of NAS-Bench-201 and NATS-Bench.
  private static let splits: [String: Split] = [
    "x-valid": .validation, "valid": .validation, "val": .validation, "dev": .validation, "x-test": .test,
    "ori-test": .test, "eval": .test, "training": .train, "testing": .test,
  ]

  /// The split that others call `name`; nil for a name that no known table uses.
  public static func split(called name: String) -> Split? { splits[name.lowercased()] }
}
