import Spaces
import Testing

@Suite struct TwoBlockCellTests {
  @Test func everyCellOfTheBridgeComesBack() {
    let cells = TwoBlockCell.allCells
    #expect(cells.count == 271)
    #expect((0...2).map { count in cells.filter { $0.blockCount == count }.count } == [1, 10, 260])
    #expect(Set(cells.map(\.cell)).count == 271)
    #expect(Set(cells.map(\.tokens)).count == 271)
    for cell in cells { #expect(TwoBlockCell(cell.cell) == cell) }
  }

  /// 1 + 16 + 16·32: with the operations of a block in any order.
  @Test func whatCanBeSaidInBlocks() throws {
    let space = NASBench201Space()
    let all = try (0..<15_625).map { try #require(space.architecture(at: $0)) }
    let blocks = all.compactMap { cell in TwoBlockCell(cell).map { (cell, $0) } }
    #expect(blocks.count == 529)
    for (cell, block) in blocks { #expect(block.cell == cell) }
    let outside = try #require(all.first { TwoBlockCell($0) == nil })
    #expect(space.popnasBlockEncoding(of: outside).allSatisfy { $0.isNaN })
  }

  @Test func theAuthorsMapping() throws {
    let space = NASBench201Space()
    func tokens(_ text: String) throws -> [Double] { space.popnasBlockEncoding(of: try space.parse(text)) }
    #expect(
      try tokens("|skip_connect~0|+|none~0|none~1|+|none~0|skip_connect~1|none~2|") == [0, 0, 0, 0, 0, 0, 0, 0])
    #expect(
      try tokens("|skip_connect~0|+|nor_conv_3x3~0|nor_conv_1x1~1|+|none~0|none~1|skip_connect~2|")
        == [1, 2, 1, 3, 0, 0, 0, 0])
    #expect(
      try tokens("|skip_connect~0|+|nor_conv_3x3~0|skip_connect~1|+|avg_pool_3x3~0|none~1|nor_conv_1x1~2|")
        == [1, 1, 1, 3, 1, 4, 2, 2])
    #expect(
      try tokens("|skip_connect~0|+|nor_conv_3x3~0|skip_connect~1|+|avg_pool_3x3~0|nor_conv_3x3~1|none~2|")
        == [1, 1, 1, 3, 1, 4, 1, 3])
  }
}
