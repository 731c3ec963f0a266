/// The score of a run: the data set's metric at the best validation epoch, and the test value at that same epoch.
public struct Score: Hashable, Sendable, Codable {
  public var metric: Metric
  /// Counted from 1.
  public var epoch: Int
  public var validation: Double
  public var test: Double?

  public init(metric: Metric, epoch: Int, validation: Double, test: Double?) {
    self.metric = metric
    self.epoch = epoch
    self.validation = validation
    self.test = test
  }
}

/// Everything measured of a run. A run that we trained and a row imported from a published table are the same record;
/// what a source does not know stays absent.
public struct RunRecord: Hashable, Sendable, Codable {
  public var key: RunKey
  public var status: RunStatus
  public var curves: [Curve]
  /// Absent when no epoch was completed, and where a source has no score of its own.
  public var score: Score?
  public var counts: Counts?
  public var costs: Costs?
  public var origin: Origin?
  /// Why a run failed, diverged or timed out, for people.
  public var statusDetail: String?
  /// Numerics digests of the runs whose logits were distilled, best first; empty when none.
  public var teachers: [Digest256]
  public var provenance: Provenance?
  /// Name of the ``SourceCard`` of an imported run.
  public var source: String?
  /// What a source tells beside all that, by name.
  public var attributes: [String: JSONValue]

  public init(
    key: RunKey, origin: Origin? = nil, status: RunStatus = .completed, statusDetail: String? = nil, curves: [Curve],
    score: Score? = nil, counts: Counts? = nil, teachers: [Digest256] = [], costs: Costs? = nil,
    provenance: Provenance? = nil, source: String? = nil, attributes: [String: JSONValue] = [:]
  ) {
    self.key = key
    self.origin = origin
    self.status = status
    self.statusDetail = statusDetail
    self.curves = curves
    self.score = score
    self.counts = counts
    self.teachers = teachers
    self.costs = costs
    self.provenance = provenance
    self.source = source
    self.attributes = attributes
  }

  private enum CodingKeys: String, CodingKey {
    case key, status, curves, score, counts, costs, origin, statusDetail, teachers, provenance, source, attributes
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    key = try container.decode(RunKey.self, forKey: .key)
    status = try container.decode(RunStatus.self, forKey: .status)
    curves = try container.decode([Curve].self, forKey: .curves)
    score = try container.decodeIfPresent(Score.self, forKey: .score)
    counts = try container.decodeIfPresent(Counts.self, forKey: .counts)
    costs = try container.decodeIfPresent(Costs.self, forKey: .costs)
    origin = try container.decodeIfPresent(Origin.self, forKey: .origin)
    statusDetail = try container.decodeIfPresent(String.self, forKey: .statusDetail)
    teachers = try container.decodeIfPresent([Digest256].self, forKey: .teachers) ?? []
    provenance = try container.decodeIfPresent(Provenance.self, forKey: .provenance)
    source = try container.decodeIfPresent(String.self, forKey: .source)
    attributes = try container.decodeIfPresent([String: JSONValue].self, forKey: .attributes) ?? [:]
  }

  /// Completed epochs: the last epoch that a curve has a value of.
  public var epochs: Int { curves.map(\.lastEpoch).max() ?? 0 }

  public func curve(_ metric: Metric, _ split: Split) -> Curve? {
    curves.first { $0.metric == metric && $0.split == split }
  }

  /// Digest of what a re-training must reproduce bit for bit: key, status, curves, score and counts.
  public func numericsDigest() throws -> Digest256 { try EncodedRun(self).numericsDigest }

  /// Digest of the whole record, timings and provenance included.
  public func recordDigest() throws -> Digest256 { try EncodedRun(self).recordDigest }
}
