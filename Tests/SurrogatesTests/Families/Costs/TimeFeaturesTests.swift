import Spaces
import Surrogates
import Testing

@Suite struct TimeFeaturesTests {
  private typealias Feature = TimeFeatures.Feature

  private func features(_ blocks: [CellBlock], cells: Int = 8) -> [Feature: Double] {
    let values = TimeFeatures(weights: [0, 0.25, 1, 0.5], stackedCells: cells).values(of: blocks)
    return Dictionary(uniqueKeysWithValues: zip(Feature.allCases, values))
  }

  @Test func theEmptyCell() {
    #expect(TimeFeatures(weights: [1]).values(of: []) == [0, 0, 0, 0, 1, 0, 0, 0, 1])
  }

  @Test func oneBlock() {
    let found = features([CellBlock(-1, 1, -2, 2)])
    #expect(found[.blocks] == 1 && found[.cells] == 8 && found[.operationScore] == 1.25)
    #expect(found[.multipleLookbacks] == 1 && found[.firstLevelShare] == 1 && found[.blockDependencies] == 0)
    #expect(found[.depth] == 1 && found[.concatenated] == 0 && found[.heaviestPathShare] == 0.8)
  }

  /// Cells that look back two cells only are half as many.
  @Test func cellsThatAreSkippedAreNotBuilt() {
    #expect(features([CellBlock(-2, 1, -2, 1)], cells: 7)[.cells] == 4)
  }

  /// Block 1 uses block 0 twice, block 2 nothing: outputs are 1 and 2, the heaviest path leads through 0 to an operation
  /// of 1.
  @Test func threeBlocks() {
    let found = features([CellBlock(-1, 1, -1, 2), CellBlock(0, 3, 0, 1), CellBlock(-1, 1, -1, 3)])
    let score = 0.25 + 1 + 0.5 + 0.25 + 0.25 + 0.5
    #expect(found[.blocks] == 3 && found[.operationScore] == score && found[.multipleLookbacks] == 0)
    #expect(found[.firstLevelShare] == (score - 0.75) / score && found[.blockDependencies] == 2)
    #expect(found[.depth] == 2 && found[.concatenated] == 2)
    #expect(found[.heaviestPathShare] == (0.25 + 1 + 0.5) / score)
  }

  /// All ancestors count, not one way through them; each once.
  @Test func theHeaviestPathHoldsAllBeforeIt() {
    let found = features([CellBlock(-1, 1, -1, 1), CellBlock(-1, 2, 0, 3), CellBlock(0, 3, 1, 3)])
    let score = 0.5 + 1.5 + 1
    #expect(found[.depth] == 3 && found[.concatenated] == 0 && found[.heaviestPathShare] == (0.5 + 1.5 + 0.5) / score)
  }

  @Test func operationsThatTakeNoTime() {
    let found = features([CellBlock(-1, 0, -1, 0)])
    #expect(found[.operationScore] == 0 && found[.firstLevelShare] == 1 && found[.heaviestPathShare] == 1)
  }

  @Test func weightsByDynamicReindex() {
    #expect(
      TimeFeatures.dynamicReindex(operationSeconds: [12, 9, 30, 10], emptySeconds: 10) == [0.1, 0.05, 1, 0])
    #expect(TimeFeatures.dynamicReindex(operationSeconds: [5, 5], emptySeconds: 5) == [0, 0])
  }
}
