import Foundation
import Spaces
import Testing

@Suite struct FlowTests {
  private func flow(_ digits: String) throws -> [FourNodeFlow.Feature: Double] {
    let space = NASBench201Space()
    let values = space.flow(of: try space.parse("digits:\(digits)")).values
    return Dictionary(uniqueKeysWithValues: zip(FourNodeFlow.Feature.allCases, values))
  }

  @Test func nothingArrives() throws {
    #expect(try flow("444000").values.allSatisfy { $0 == 0 })
  }

  /// The input comes over 0→3 and over 0→1→3, all skips: one signal, twice.
  @Test func equalSignalsAdd() throws {
    let found = try flow("100110")
    #expect(found[.power] == 4 && found[.signals] == 1 && found[.inputShare] == 1 && found[.depth] == 0)
    #expect(found[.logPower] == log(5))
  }

  /// 0→1 3×3, 0→3 skip, 1→3 1×1: the input, and two convolutions in a row.
  @Test func convolutionsMakeSignalsOfPowerOne() throws {
    let found = try flow("300120")
    #expect(found[.power] == 2 && found[.signals] == 2 && found[.inputShare] == 0.5 && found[.shallowShare] == 0.5)
    #expect(found[.depth] == 1 && found[.lastConvolutions] == 0.5 && found[.otherConvolutions] == 0.5)
    #expect(found[.largestDepth] == 2 && found[.depthDeviation] == 1)
  }

  @Test func whatAConvolutionHidesIsWeightedByPower() throws {
    // 0→1 skip, 0→2 3×3, 1→2 pool, 0→3 none, 1→3 none, 2→3 1×1: the convolution 2→3 of a convolution and the blurred input.
    let found = try flow("134002")
    #expect(found[.signals] == 1 && found[.depth] == 1.5 && found[.poolings] == 0.5 && found[.blurredShare] == 1)
    #expect(found[.lastConvolutions] == 0.5 && found[.otherConvolutions] == 1)
  }

  @Test func theSummaryHoldsBoth() throws {
    let space = SpikeNASSpace()
    let cell = try space.parse("|low~0|+|skip~0|mid~1|+|none~0|high~1|low~2|")
    #expect(space.flowSummary(of: cell) == space.livePathSummary(of: cell) + space.flow(of: cell).values)
  }
}
