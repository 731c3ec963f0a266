import Spaces
import Testing

@Suite struct SpikeNASTests {
  static let space = SpikeNASSpace()

  @Test func publishedNumbersAreDigitsBySource() throws {
    // 12549 = 4 + 4·5 + 1·25 + 0·125 + 0·625 + 4·3125: 0→1 high, 0→2 high, 0→3 skip, 1→2 none, 1→3 none, 2→3 high.
    let cell = try Self.space.parse("id:12549")
    #expect(Self.space.canonicalText(cell) == "|high~0|+|high~0|none~1|+|skip~0|none~1|high~2|")
    #expect(Self.space.publishedNumber(of: cell) == 12_549)
    #expect(Self.space.identifiers(of: cell).map(\.description) == ["id:12549"])
    let cells = (0..<15_625).compactMap { Self.space.architecture(publishedNumber: $0) }
    #expect(Set(cells).count == 15_625)
    #expect(cells.enumerated().allSatisfy { Self.space.publishedNumber(of: $1) == $0 })
    #expect(Self.space.architecture(publishedNumber: -1) == nil)
    #expect(Self.space.architecture(publishedNumber: 15_625) == nil)
  }

  @Test func refusesOtherForms() {
    let allowed = ["|op~0|+|op~0|op~1|+|op~0|op~1|op~2|", "id:12549"]
    for text in ["12549", "nats:12549", ""] {
      #expect(throws: SpacesError.form(space: "spikenas", found: text, allowed: allowed)) {
        try Self.space.parse(text)
      }
    }
    #expect(throws: SpacesError.identifier(form: "id", found: "15625", allowed: "0 to 15624")) {
      try Self.space.parse("id:15625")
    }
    // An operation of NAS-Bench-201 is none of these.
    #expect(throws: SpacesError.self) {
      try Self.space.parse("|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|none~2|")
    }
  }

  @Test func classesAndLivePaths() throws {
    let all = Self.space.allArchitectures
    #expect(Set(all.map(Self.space.isomorphismClass(of:))).count == 6_466)
    #expect(Set(all.map { Self.space.livePathCounts(of: $0) }).count == 4_120)
    let features = Self.space.livePathSummaryFeatures
    #expect(features.contains(.sum("mid")))
    #expect(features.count == 3 + 2 * 3 + 2 + 2 + 4)
    let cell = try Self.space.parse("id:12549")
    // Paths: skip; 0→2→3 of two high ones.
    #expect(Self.space.livePaths(of: cell).map(\.operations) == [[], [4, 4]])
    let summary = Dictionary(uniqueKeysWithValues: zip(features, Self.space.livePathSummary(of: cell)))
    #expect(summary[.maximum("high")] == 2)
    #expect(summary[.barePath] == 1)
    #expect(summary[.live("high")] == 2)
  }
}
