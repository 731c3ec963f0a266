/// The cell behind every published id of NAS-Bench-101: a hash cannot be computed backwards, so all cells are enumerated.
///
/// 24 bytes a cell, 10 MB for all 423,624; building takes seconds, so build it once and hand it on.
public struct NASBench101HashTable: Sendable {
  private struct Entry {
    let digest: MD5Digest
    let code: UInt64
  }

  /// Ascending by digest.
  private let entries: [Entry]

  /// The table of all cells of up to `maximumVertices` vertices, 2 to 7.
  public init(maximumVertices: Int = 7) {
    precondition(NASBench101Cell.vertexCounts.contains(maximumVertices), "cells have 2 to 7 vertices")
    let hasher = NASBench101GraphHasher()
    var entries: [Entry] = []
    NASBench101Enumeration.forEach(maximumVertices: maximumVertices) { cell in
      entries.append(Entry(digest: hasher.digest(of: cell), code: cell.code))
    }
    entries.sort { $0.digest < $1.digest }
    self.entries = entries
  }

  /// Cells in the table.
  public var count: Int { entries.count }

  /// Distinct ids: as many as cells, because no two of them have one id.
  package var distinctHashCount: Int {
    entries.indices.count { $0 == 0 || entries[$0].digest != entries[$0 - 1].digest }
  }

  /// The cell whose published id is `hash`, 32 hexadecimal digits; nil where the table has none.
  public func cell(forHash hash: String) -> NASBench101Cell? {
    guard let digest = MD5Digest(hex: hash) else { return nil }
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].digest < digest { low = middle + 1 } else { high = middle }
    }
    guard low < entries.count, entries[low].digest == digest else { return nil }
    return NASBench101Cell(canonicalCode: entries[low].code)
  }
}
