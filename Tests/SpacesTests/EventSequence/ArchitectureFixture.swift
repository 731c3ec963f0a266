import Foundation
import Records
import Spaces

/// `Fixtures/seqnas-architectures.json`, made by `tools/golden/seqnas_architectures.py`: what an independent
/// implementation says of twelve architectures.
struct ArchitectureFixture: Decodable {
  struct Entry: Decodable {
    let text: String
    let data: String
    let parameters: Int
    let supernetParameters: Int
    let forwardFLOPs: Int
    let release: JSONValue
  }

  let seed: UInt64
  let dimensions: [String: EventSequenceDimensions]
  let architectures: [Entry]

  static func load() throws -> ArchitectureFixture {
    let file = testFolder.appendingPathComponent("Fixtures/seqnas-architectures.json")
    return try JSONDecoder().decode(ArchitectureFixture.self, from: Data(contentsOf: file))
  }

  static let testFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
}
