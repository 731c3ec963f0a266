import Records
import Store

/// The runs that a question is about: one data set, one protocol, one run a seed.
struct RunSelection {
  /// Sorted by seed; one, or with the mean all completed ones.
  let runs: [RunSummary]
  let isMean: Bool

  /// Narrows `all`, the runs of one architecture. Whatever is not given must be unambiguous.
  init(_ all: [RunSummary], dataset: String?, protocolChoice: String?, protocols: [ProtocolCard], seed: SeedChoice?)
    throws
  {
    var runs = try Self.narrow(all, "data set", "--dataset", chosen: dataset) { run in
      // Data sets of one name and other bytes are told apart by a part of the digest.
      Self.sharesName(run, all) ? "\(run.key.dataset)@\(run.key.datasetDigest.short)" : run.key.dataset
    }
    runs = try Self.narrow(runs, "protocol", "--protocol", chosen: protocolChoice) { run in
      Self.name(run.key.protocolDigest, protocols)
    }
    runs.sort { $0.key.seed < $1.key.seed }
    if seed == .mean {
      self.runs = runs.filter { $0.status == .completed }
      isMean = true
      guard !self.runs.isEmpty else {
        throw CommandError.unknown(
          what: "completed run", found: "to take the mean of", option: "--seed",
          known: runs.map { "seed \($0.key.seed) (\($0.status.rawValue))" })
      }
      return
    }
    let chosen: String? = if case .number(let number) = seed { "\(number)" } else { nil }
    do {
      self.runs = try Self.narrow(runs, "seed", "--seed", chosen: chosen) { "\($0.key.seed)" }
    } catch CommandError.ambiguous(let what, let option, let known) {
      throw CommandError.ambiguous(what: what, option: option + " (a number, or mean)", known: known)
    }
    isMean = false
  }

  /// The name of a protocol: that of its card where one card has it, else the first digits of its digest.
  static func name(_ digest: Digest256, _ protocols: [ProtocolCard]) -> String {
    guard let card = protocols.first(where: { $0.digest == digest }),
      protocols.count(where: { $0.name == card.name }) == 1
    else { return digest.short }
    return card.name
  }

  private static func sharesName(_ run: RunSummary, _ all: [RunSummary]) -> Bool {
    all.contains { $0.key.dataset == run.key.dataset && $0.key.datasetDigest != run.key.datasetDigest }
  }

  private static func narrow(
    _ runs: [RunSummary], _ what: String, _ option: String, chosen: String?, by name: (RunSummary) -> String
  ) throws -> [RunSummary] {
    var known: [String] = []
    for found in runs.map(name) where !known.contains(found) { known.append(found) }
    guard let chosen else {
      guard known.count <= 1 else { throw CommandError.ambiguous(what: what, option: option, known: known) }
      return runs
    }
    guard known.contains(chosen) else {
      throw CommandError.unknown(what: what, found: chosen, option: option, known: known)
    }
    return runs.filter { name($0) == chosen }
  }
}
