/// A symmetric N×N matrix, row-major, of which only the lower triangle (column ≤ row) is ever read.
package struct SymmetricMatrix: Sendable {
  /// N.
  package let count: Int
  /// N×N.
  package var values: [Double]

  /// Zeros.
  package init(count: Int) {
    self.count = count
    values = [Double](repeating: 0, count: count * count)
  }

  /// Throws ``SurrogatesError/shape(_:)`` where the numbers are not `count` rows of `count`.
  package init(count: Int, values: [Double]) throws {
    guard values.count == count * count else {
      throw SurrogatesError.shape("\(values.count) numbers are no \(count)×\(count) matrix")
    }
    self.count = count
    self.values = values
  }

  package subscript(row: Int, column: Int) -> Double {
    get { row >= column ? values[row * count + column] : values[column * count + row] }
    set { values[max(row, column) * count + min(row, column)] = newValue }
  }

  /// The same matrix with `addend` added to its diagonal.
  package func addingToDiagonal(_ addend: Double) -> SymmetricMatrix {
    var result = self
    for index in 0..<count { result.values[index * count + index] += addend }
    return result
  }

  /// The rows and columns at `indices`, in their order.
  package func selecting(_ indices: [Int]) -> SymmetricMatrix {
    var result = SymmetricMatrix(count: indices.count)
    for (row, from) in indices.enumerated() {
      for column in 0...row { result.values[row * indices.count + column] = self[from, indices[column]] }
    }
    return result
  }
}
