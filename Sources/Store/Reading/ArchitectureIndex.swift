import GRDBSQLite
import Records

/// Rows of architectures by id, in memory: an open-addressing table over the first bits of ids, which are those of a
/// SHA-256 and need no hashing.
final class ArchitectureIndex: Sendable {
  /// Ids by row; the first is that of row 1.
  private let ids: [ArchitectureID]
  /// Rows, 0 for an empty place.
  private let slots: [UInt32]
  private let mask: Int

  init(_ ids: [ArchitectureID]) {
    self.ids = ids
    var places = 16
    while places < ids.count * 2 { places *= 2 }
    mask = places - 1
    var slots = [UInt32](repeating: 0, count: places)
    for (index, id) in ids.enumerated() {
      var place = Int(truncatingIfNeeded: id.high) & mask
      while slots[place] != 0 { place = (place + 1) & mask }
      slots[place] = UInt32(index + 1)
    }
    self.slots = slots
  }

  /// The row of an architecture, or nil when the atlas does not have it.
  @inline(__always)
  func row(of id: ArchitectureID) -> Int? {
    var place = Int(truncatingIfNeeded: id.high) & mask
    while true {
      let row = Int(slots[place])
      if row == 0 { return nil }
      if ids[row - 1].high == id.high, ids[row - 1].low == id.low { return row }
      place = (place + 1) & mask
    }
  }

  subscript(row: Int) -> ArchitectureID { ids[row - 1] }
}
