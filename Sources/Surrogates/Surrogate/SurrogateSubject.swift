public import Records

/// What a surrogate stands in for: one number of each architecture of one setting of one atlas.
public struct SurrogateSubject: Hashable, Sendable, Codable {
  public let atlasDigest: Digest256
  public let space: String
  public let dataset: String
  public let datasetDigest: Digest256?
  public let protocolName: String?
  public let protocolDigest: Digest256
  public let metric: Metric
  public let unit: String
  public let largerIsBetter: Bool
  public let split: Split
  /// The rule that chose the epoch of each run: `best`, `last`, a number or `best-so-far`.
  public let epoch: String

  public init(
    atlasDigest: Digest256, space: String, dataset: String, datasetDigest: Digest256?, protocolName: String?,
    protocolDigest: Digest256, metric: Metric, unit: String, largerIsBetter: Bool, split: Split, epoch: String
  ) {
    self.atlasDigest = atlasDigest
    self.space = space
    self.dataset = dataset
    self.datasetDigest = datasetDigest
    self.protocolName = protocolName
    self.protocolDigest = protocolDigest
    self.metric = metric
    self.unit = unit
    self.largerIsBetter = largerIsBetter
    self.split = split
    self.epoch = epoch
  }

  /// What distinguishes `self` from `other`, in words; nil where they are the same.
  public func difference(from other: SurrogateSubject) -> String? {
    func told(_ what: String, _ own: String, _ foreign: String) -> String? {
      own == foreign ? nil : "\(what) \(own) instead of \(foreign)"
    }
    let digests = (datasetDigest?.short ?? "unknown", other.datasetDigest?.short ?? "unknown")
    let differences = [
      told("space", space, other.space), told("data set", dataset, other.dataset),
      told("data set digest", digests.0, digests.1),
      told("protocol", protocolDigest.short, other.protocolDigest.short),
      told("metric", metric.name, other.metric.name),
      told("split", split.rawValue, other.split.rawValue), told("epoch", epoch, other.epoch),
      told("unit", unit, other.unit), told("atlas", atlasDigest.short, other.atlasDigest.short),
    ].compactMap { $0 }
    return differences.isEmpty ? nil : differences.joined(separator: ", ")
  }
}
