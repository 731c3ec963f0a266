import Records
import Spaces
import Testing

@Suite struct SlotGroupTests {
  @Test(arguments: ["nasbench201", "spikenas", "nasbench101", "nas-bench-graph", "nats-sss", "seqnas"])
  func groupsCoverTheEncoding(name: String) throws {
    let space = try SpaceCatalogue().space(name)
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<50 {
      let text = try space.sample(using: &generator)
      let groups = try #require(try space.slotGroups(of: text))
      let slots = try space.encode(text, as: space.encodings[0])
      #expect(groups.reduce(0) { $0 + $1.labels.count } == slots.count, "\(text)")
      #expect(
        Set(groups.map(\.name)).count == groups.count && groups.allSatisfy { Set($0.labels).count == $0.labels.count })
    }
  }

  /// The labels of the slots that are 1, by group.
  private func chosen(_ text: String, _ name: String) throws -> [String: [String]] {
    let space = try SpaceCatalogue().space(name)
    let slots = try space.encode(text, as: space.encodings[0])
    var first = 0
    var found: [String: [String]] = [:]
    for group in try #require(try space.slotGroups(of: text)) {
      found[group.name] = zip(group.labels, slots[first...]).filter { $0.1 == 1 }.map(\.0)
      first += group.labels.count
    }
    return found
  }

  @Test func slotsOfACellAreItsOperations() throws {
    let found = try chosen(
      "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|none~1|nor_conv_1x1~2|", "nasbench201")
    #expect(found["edge input→1"] == ["nor_conv_3x3"] && found["edge 1→2"] == ["skip_connect"])
    #expect(found["edge input→output"] == ["avg_pool_3x3"] && found["edge 2→output"] == ["nor_conv_1x1"])
  }

  @Test func slotsOfASequenceAreItsBlocks() throws {
    let found = try chosen(
      "stem:kwide+dropout/time:on/encoder:att4+gru,conv/decoder:self2+cross8/head:max+spatial", "seqnas")
    #expect(found["stem kernel"] == ["wide"] && found["stem dropout"] == ["on"] && found["time encoding"] == ["on"])
    #expect(found["encoder layers"] == ["≥1", "≥2"] && found["encoder 1, operations"] == ["att+gru"])
    #expect(found["encoder 1, heads"]?.count == 4 && found["encoder 2, operations"] == ["conv"])
    #expect(
      found["decoder 1, self-attention heads"]?.count == 2 && found["decoder 1, cross-attention heads"]?.count == 8)
    #expect(found["spatial dropout"] == ["on"] && found["pooling"] == ["maximum"])
    let bare = try chosen("stem:none/time:off/encoder:off/decoder:off/head:avg", "seqnas")
    #expect(bare["stem kernel"] == nil && bare["pooling"] == ["average"])
  }
}
