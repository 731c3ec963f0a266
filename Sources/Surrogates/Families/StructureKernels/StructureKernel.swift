import Records

/// A similarity of structures such as graphs and texts, which encodings hold as numbers.
package protocol StructureKernel: Codable, Sendable {
  associatedtype Structure: Sendable

  /// Names models with this kernel in model files.
  static var kind: String { get }
  /// Whether the settings are in range: what a file must be asked.
  var isValid: Bool { get }
  /// Reads a row of the encoding. Total: numbers that make no sense make some structure.
  static func structure(_ row: ArraySlice<Double>) -> Structure
  /// How similar two structures are: positive semidefinite, and positive for a structure and itself.
  func similarity(_ first: Structure, _ second: Structure) -> Double
  /// ``similarity(_:_:)`` of each of `kernels`, for conformances that share work between them.
  static func similarities(_ kernels: [Self], _ first: Structure, _ second: Structure) -> [Double]
}

extension StructureKernel {
  package static func similarities(_ kernels: [Self], _ first: Structure, _ second: Structure) -> [Double] {
    kernels.map { $0.similarity(first, second) }
  }

  /// The normalised matrices of `kernels`, k(x, x′)/√(k(x, x)·k(x′, x′)), N×N each, on all processors.
  package static func matrices(_ kernels: [Self], _ structures: [Structure]) throws -> [SymmetricMatrix] {
    let count = structures.count
    let rows = try Array(0..<count).concurrentMap { row in
      (0...row).flatMap { Self.similarities(kernels, structures[row], structures[$0]) }
    }
    return kernels.indices.map { place in
      var matrix = SymmetricMatrix(count: count)
      func at(_ row: Int, _ column: Int) -> Double { rows[row][column * kernels.count + place] }
      for row in 0..<count {
        for column in 0..<row {
          matrix[row, column] = at(row, column) / (at(row, row) * at(column, column)).squareRoot()
        }
        matrix[row, row] = 1
      }
      return matrix
    }
  }
}
