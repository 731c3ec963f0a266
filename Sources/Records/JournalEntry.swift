/// One entry of a journal or of an NDJSON stream: a card, a run or a measurement.
public enum JournalEntry: Hashable, Sendable, Codable {
  case source(SourceCard)
  case space(SpaceCard)
  case metric(MetricCard)
  case dataset(DatasetCard)
  case trainingProtocol(ProtocolCard)
  case run(RunRecord)
  case measurement(ArchitectureMeasurement)

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case source, space, metric, dataset
    case trainingProtocol = "protocol"
    case run, measurement
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard container.allKeys.count == 1, let key = container.allKeys.first else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "an entry must have one of the keys "
            + CodingKeys.allCases.map(\.rawValue).joined(separator: ", ")))
    }
    self =
      switch key {
      case .source: .source(try container.decode(SourceCard.self, forKey: key))
      case .space: .space(try container.decode(SpaceCard.self, forKey: key))
      case .metric: .metric(try container.decode(MetricCard.self, forKey: key))
      case .dataset: .dataset(try container.decode(DatasetCard.self, forKey: key))
      case .trainingProtocol: .trainingProtocol(try container.decode(ProtocolCard.self, forKey: key))
      case .run: .run(try container.decode(RunRecord.self, forKey: key))
      case .measurement: .measurement(try container.decode(ArchitectureMeasurement.self, forKey: key))
      }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .source(let card): try container.encode(card, forKey: .source)
    case .space(let card): try container.encode(card, forKey: .space)
    case .metric(let card): try container.encode(card, forKey: .metric)
    case .dataset(let card): try container.encode(card, forKey: .dataset)
    case .trainingProtocol(let card): try container.encode(card, forKey: .trainingProtocol)
    case .run(let record): try container.encode(record, forKey: .run)
    case .measurement(let measurement): try container.encode(measurement, forKey: .measurement)
    }
  }
}
