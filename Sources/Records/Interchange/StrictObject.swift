/// An object of the interchange whose own decoder passes over members that it does not know.
protocol InterchangeObject: Decodable {
  static var members: [String] { get }
}

/// Refuses members that the object does not know, since a misspelled one would otherwise be lost without a word, and null.
struct Strict<Value: InterchangeObject>: Decodable {
  let value: Value

  init(from decoder: any Decoder) throws {
    try decoder.refuseUnknownMembers(Value.members)
    value = try Value(from: decoder)
  }
}

extension KeyedDecodingContainer {
  func strict<Value: InterchangeObject>(_ type: Value.Type, _ key: Key) throws -> Value {
    try decode(Strict<Value>.self, forKey: key).value
  }

  func strictIfPresent<Value: InterchangeObject>(_ type: Value.Type, _ key: Key) throws -> Value? {
    try decodeIfPresent(Strict<Value>.self, forKey: key)?.value
  }

  func failure(_ reason: String) -> DecodingError {
    .dataCorrupted(.init(codingPath: codingPath, debugDescription: reason))
  }
}

extension Decoder {
  func refuseUnknownMembers(_ known: [String]) throws {
    let container = try container(keyedBy: AnyKey.self)
    for key in container.allKeys {
      guard known.contains(key.stringValue) else {
        throw container.failure(
          "the key \(key.stringValue.debugDescription) is unknown; allowed: \(known.joined(separator: ", "))")
      }
      if try container.decodeNil(forKey: key) {
        throw container.failure("\(key.stringValue) is null; leave out unknown values")
      }
    }
  }
}

/// Any member name.
struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

// MARK: What each object may have

extension SourceCard: InterchangeObject {
  static let members = [
    "name", "title", "version", "origin", "files", "license", "citation", "notes", "knownDefects", "madeUp",
  ]
}

extension SourceCard.File: InterchangeObject {
  static let members = ["name", "sha256"]
}

extension MetricCard: InterchangeObject {
  static let members = ["name", "unit", "largerIsBetter", "meaning", "range", "target"]
}

extension ValueRange: InterchangeObject {
  static let members = ["minimum", "maximum"]
}

extension DatasetCard: InterchangeObject {
  static let members = [
    "name", "digest", "title", "task", "about", "source", "license", "citation", "input", "targets", "splitMeaning",
    "primaryMetric", "knownDefects",
  ]
}

extension DatasetInput: InterchangeObject {
  static let members = ["kind", "shape", "features"]
}

extension DatasetInput.Feature: InterchangeObject {
  static let members = ["name", "kind"]
}

extension DatasetTarget: InterchangeObject {
  static let members = ["name", "kind", "classNames", "classCounts"]
}

extension FidelityAxis: InterchangeObject {
  static let members = ["name", "unit", "levels"]
}

extension Seed: InterchangeObject {
  static let members = ["unnamed", "meanOf"]
}

extension Origin: InterchangeObject {
  static let members = ["kind", "arm", "step"]
}

extension Score: InterchangeObject {
  static let members = ["metric", "epoch", "validation", "test"]
}

extension Costs: InterchangeObject {
  static let members = ["total", "perEpoch"]
}

extension Provenance: InterchangeObject {
  static let members = ["version", "commit", "planDigest", "startedAt", "finishedAt", "device"]
}

extension Device: InterchangeObject {
  static let members = [
    "name", "cpu", "instructionSet", "cores", "memoryBytes", "operatingSystem", "blas", "gpu", "driver",
  ]
}

/// Members of every object of the interchange, by the names that `schemas/interchange.schema.json` defines them under.
package enum InterchangeMembers {
  package static let all: [String: [String]] = [
    "line": InterchangeLine.members, "source": SourceCard.members, "sourceFile": SourceCard.File.members,
    "metric": MetricCard.members, "range": ValueRange.members, "dataset": DatasetCard.members,
    "input": DatasetInput.members, "feature": DatasetInput.Feature.members, "target": DatasetTarget.members,
    "protocol": InterchangeProtocol.members, "fidelity": FidelityAxis.members,
    "run": InterchangeRun.members, "runKey": InterchangeRun.Key.members, "origin": Origin.members,
    "curve": InterchangeCurve.members, "score": Score.members, "costs": Costs.members,
    "provenance": Provenance.members, "device": Device.members, "measurement": InterchangeMeasurement.members,
  ]
}
