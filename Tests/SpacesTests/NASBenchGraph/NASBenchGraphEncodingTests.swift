import Spaces
import Testing

@Suite struct NASBenchGraphEncodingTests {
  private static let space = NASBenchGraphSpace()

  /// gcn below the input; gat and skip below it; fc below the gat: paths gcn gat fc, and gcn skip.
  private func cell() throws -> NASBenchGraphCell { try Self.space.parse("0,1,1,2:gcn,gat,skip,fc") }

  @Test func pathFeaturesOfACell() throws {
    let cell = try cell()
    #expect(cell.canonicalText == "0,1,1,2:gcn,gat,skip,fc")
    let found = Dictionary(uniqueKeysWithValues: zip(Self.space.pathFeatureNames, Self.space.pathFeatures(of: cell)))
    #expect(found.count == 50 && Self.space.pathFeatureNames.count == 50)
    let expected: [String: Double] = [
      "count:gat": 1, "count:gcn": 1, "count:skip": 1, "count:fc": 1, "leaves": 2, "longest": 3, "shortest": 1,
      "longest-without-fc": 2, "shortest-without-fc": 1, "maximum:gcn": 1, "minimum:gcn": 1, "maximum:gat": 1,
      "maximum:fc": 1, "maximum:skip": 1, "first:gcn": 1, "last:fc": 1, "last:skip": 1,
    ]
    for (name, value) in found { #expect(value == expected[name] ?? 0, "\(name)") }
  }

  @Test func pairsOfACell() throws {
    let found = Self.space.pairCounts(of: try cell())
    // Rows by parent, gat 0, gcn 1, fc 7, skip 8, the input last.
    #expect(found.count == 90)
    #expect(found.indices.filter { found[$0] == 1 } == [0 * 9 + 7, 1 * 9 + 0, 1 * 9 + 8, 9 * 9 + 1])
    #expect(found.reduce(0, +) == 4)
  }

  @Test func traitsOfACell() throws {
    let found = Dictionary(
      uniqueKeysWithValues: zip(Self.space.pathTraitNames, Self.space.pathTraits(of: try cell())))
    #expect(found.count == 49 && Self.space.pathTraitNames.count == 49)
    let expected: [String: Double] = [
      "maximum:messages": 2, "minimum:messages": 1, "mean:messages": 1.5, "count:messages": 2,
      "maximum:fully-connected": 1, "mean:fully-connected": 0.5, "count:fully-connected": 1, "maximum:skips": 1,
      "mean:skips": 0.5, "count:skips": 1, "mean:fc": 0.5,
      "leaves": 2, "distinct": 2, "messages-deviation": 0.5, "mean:gcn": 1, "mean:gat": 0.5,
      "first-share:gcn": 1, "last-share:fc": 0.5, "last-share:gcn": 0.5,
    ]
    for (name, value) in found { #expect(value == expected[name] ?? 0, "\(name)") }
    let summing = try Self.space.parse("0,1,2,3:gin,fc,graph,gat")
    let run = try #require(Self.space.pathTraitNames.firstIndex(of: "longest-summing-run"))
    #expect(Self.space.pathTraits(of: summing)[run] == 2)
  }

  @Test func tokensTellCellsApart() {
    #expect(Set(Self.space.architectures.map(Self.space.sequenceEncoding)).count == 26_206)
  }
}
