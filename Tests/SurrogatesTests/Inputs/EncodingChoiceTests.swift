import Foundation
import Records
import Spaces
import Surrogates
import Testing

@Suite struct EncodingChoiceTests {
  private static func grid(_ name: String) throws -> any TextualSpace {
    let text = """
      {"name": "\(name)", "kind": "grid", "parameters": [
        {"name": "lr", "kind": "ordinal", "values": [0.0005, 0.001, 0.005]},
        {"name": "act", "kind": "categorical", "values": ["tanh", "relu"]}]}
      """
    return try CanonicalJSON.decode(SpaceDefinition.self, from: Data(text.utf8)).makeSpace()
  }

  private static func spaces() throws -> [any TextualSpace] {
    let catalogue = SpaceCatalogue()
    return try catalogue.names.map(catalogue.space) + [grid("fcnet"), grid("hpobench-nn")]
  }

  @Test func everySpaceMakesTheChoicesConcrete() throws {
    let expected: [String: [String]] = [
      "fcnet": ["one-hot", "scaled", "one-hot", "ordinal"],
      "hpobench-nn": ["one-hot", "scaled", "one-hot", "ordinal"],
      "nas-bench-graph": ["one-hot", "path-summary", "pair-counts", "sequence"],
      "nasbench101": ["adjacency", "live-path-summary", "live-path-counts", "sequence"],
      "nasbench201": ["adjacency", "flow-summary", "live-path-counts", "sequence"],
      "nats-sss": ["one-hot", "ordinal", "one-hot", "ordinal"],
      "seqnas": ["avec", "block-summary", "avec", "sequence"],
      "spikenas": ["adjacency", "flow-summary", "live-path-counts", "categorical"],
    ]
    for space in try Self.spaces() {
      let found = try [EncodingChoice.slots, .summary, .paths, .sequence].map { try $0.encoding(of: space) }
      #expect(found == expected[space.name], "\(space.name)")
    }
  }

  @Test func everyEncodingHasOneWidthAndFiniteNumbers() throws {
    for space in try Self.spaces() {
      var generator = SeededGenerator(seed: 11)
      let texts = try (0..<200).map { _ in try space.sample(using: &generator) }
      // Cells that POPNAS's blocks cannot say have NaN there.
      for encoding in space.encodings where encoding != "popnas-blocks" {
        let rows = try texts.map { try space.encode($0, as: encoding) }
        #expect(Set(rows.map(\.count)).count == 1, "\(encoding) of \(space.name)")
        #expect(rows.allSatisfy { $0.allSatisfy(\.isFinite) }, "\(encoding) of \(space.name)")
        #expect(Set(rows).count > 1, "\(encoding) of \(space.name)")
      }
      let tokens = try EncodingChoice.sequence.encoding(of: space) ?? ""
      for text in texts {
        #expect(try space.encode(text, as: tokens).allSatisfy { $0 >= 0 && $0 < 64 && $0 == $0.rounded() })
      }
    }
  }
}
