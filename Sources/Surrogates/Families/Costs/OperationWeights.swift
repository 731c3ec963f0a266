import Foundation
import Spaces

/// Weights of operations from measured training times.
enum OperationWeights {
  /// By the dynamic reindex of POPNAS where the empty cell and all cells of one block with one operation are among
  /// `cells`; else by the dynamic reindex of a straight-line fit of the times to how often each operation is there.
  static func measured(_ cells: [[CellBlock]], seconds: [Double], operations count: Int) -> [Double] {
    func mean(_ wanted: [CellBlock]) -> Double? {
      let own = zip(cells, seconds).filter { $0.0 == wanted }.map(\.1)
      return own.isEmpty ? nil : own.reduce(0, +) / Double(own.count)
    }
    let single = (0..<count).map { mean([CellBlock(-1, $0, -1, $0)]) }
    if let empty = mean([]), !single.contains(nil) {
      return TimeFeatures.dynamicReindex(operationSeconds: single.compactMap { $0 }, emptySeconds: empty)
    }
    let slopes = slopes(cells, seconds, count)
    // Cells of equally many operations tell slopes up to a constant; then the cheapest operation weighs nothing.
    return TimeFeatures.dynamicReindex(operationSeconds: slopes, emptySeconds: min(0, slopes.min() ?? 0))
  }

  /// Seconds that one more of each operation takes: least squares with a little ridge, by Gauss-Seidel sweeps over
  /// centred columns.
  private static func slopes(_ cells: [[CellBlock]], _ seconds: [Double], _ count: Int) -> [Double] {
    let rows = cells.map { cell in
      (0..<count).map { operation in
        Double(cell.reduce(0) { $0 + $1.operations.count { $0 == operation } })
      }
    }
    let total = Double(max(1, rows.count))
    let means = (0..<count).map { column in rows.reduce(0) { $0 + $1[column] } / total }
    let level = seconds.reduce(0, +) / total
    var slopes = [Double](repeating: 0, count: count)
    for _ in 0..<200 {
      for column in 0..<count {
        var (product, square) = (0.0, 1e-6 * total)
        for (row, value) in zip(rows, seconds) {
          let own = row[column] - means[column]
          let others = (0..<count).reduce(0) { $1 == column ? $0 : $0 + slopes[$1] * (row[$1] - means[$1]) }
          product += own * (value - level - others)
          square += own * own
        }
        slopes[column] = product / square
      }
    }
    return slopes
  }
}
