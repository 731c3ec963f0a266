import Foundation
import Records
import Store

/// Everything that can be asked of an atlas of known runs and measurements.
struct AtlasAnswers {
  let runs: [RunRecord]
  let measurements: [ArchitectureMeasurement]

  enum Answer: Hashable {
    case given([String])
    /// An error that says what is wrong.
    case refused
    /// An error that a user should never see.
    case untyped(String)
  }

  /// Empty when the atlas cannot be opened.
  func answers(_ path: String) -> [Answer] {
    guard let atlas = try? Atlas(path: path) else { return [] }
    var answers: [Answer] = []
    func ask(_ question: () throws -> [String]) {
      do { answers.append(.given(try question())) } catch {
        answers.append(error is any UserFacingError ? .refused : .untyped("\(error)"))
      }
    }
    func bits(_ value: Double?) -> String { value.map { String($0.bitPattern, radix: 16) } ?? "-" }
    for record in runs {
      ask { ["\(try atlas.architecture(record.key.architectureID) as ArchitectureEntry?)"] }
      ask {
        guard let (setting, run) = try atlas.find(record.key) else { return [] }
        return ["\(run)", try atlas.record(ofRun: run, in: setting).recordDigest().hex]
      }
      ask {
        guard let (setting, run) = try atlas.find(record.key) else { return [] }
        return try setting.measures.flatMap { measure in
          try setting.curve(ofRun: run, measure.metric, measure.split)?.values.map(bits) ?? ["none"]
        }
      }
      ask {
        guard let (setting, run) = try atlas.find(record.key) else { return [] }
        return try setting.measures.map { bits(try setting.finals($0.metric, $0.split)?.value(ofRun: run)) }
      }
    }
    for measurement in measurements {
      ask { try atlas.find(measurement).map { [bits($0.value), bits($0.cost)] } ?? [] }
    }
    ask { try atlas.architectures(idPrefix: "a", limit: 50).map(\.canonicalText) }
    ask { try atlas.architectures(rows: 1..<1_000).map(\.id.hex) }
    ask { ["\(try atlas.row(of: ArchitectureID(space: "seqnas", canonicalText: "absent")) as Int?)"] }
    ask {
      let cards: [any Encodable] = [atlas.datasetCards, atlas.protocolCards, atlas.sourceCards, atlas.metricCards]
      return try cards.map { try CanonicalJSON.text($0) } + atlas.spaces.map { "\($0.name) \($0.rows)" }
    }
    ask { ["\(atlas.runCount) \(atlas.measurementCount) \(try atlas.architectureCount())", atlas.title ?? ""] }
    for setting in atlas.settings {
      ask {
        var digests: [String] = []
        try atlas.forEachRecord(in: setting) { digests.append(try $1.recordDigest().hex) }
        return digests
      }
      ask {
        try setting.measures.flatMap { measure in
          let finals = setting.finals(measure.metric, measure.split)
          return try setting.spaceRows.map { bits(try finals?.mean(ofArchitecture: $0)?.value) }
        }
      }
    }
    return answers
  }
}
