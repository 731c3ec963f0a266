import Foundation
import Records
import Surrogates
import Testing

@Suite struct LinearAlgebraTests {
  /// B·Bᵀ + share·1 of a random N×N matrix B.
  private func positive(_ count: Int, share: Double, seed: UInt64 = 7) -> SymmetricMatrix {
    var generator = SeededGenerator(seed: seed)
    let factor = (0..<count * count).map { _ in generator.uniform() - 0.5 }
    var matrix = SymmetricMatrix(count: count)
    for row in 0..<count {
      for column in 0...row {
        matrix[row, column] = (0..<count).reduce(row == column ? share : 0) {
          $0 + factor[row * count + $1] * factor[column * count + $1]
        }
      }
    }
    return matrix
  }

  private func times(_ matrix: SymmetricMatrix, _ x: [Double]) -> [Double] {
    (0..<matrix.count).map { row in x.indices.reduce(0) { $0 + matrix[row, $1] * x[$1] } }
  }

  @Test(arguments: [1, 2, 7, 64, 131]) func aFactorSolvesAndInverts(_ count: Int) throws {
    let matrix = positive(count, share: 0.5)
    let factor = try Cholesky(matrix)
    #expect(factor.jitter == 0)
    let x = (0..<count).map { sin(Double($0 + 1)) }
    for (found, wanted) in zip(factor.solve(times(matrix, x)), x) { #expect(abs(found - wanted) < 1e-10) }
    let inverse = try factor.inverse()
    for (found, wanted) in zip(times(inverse, times(matrix, x)), x) { #expect(abs(found - wanted) < 1e-10) }
    let half = factor.solveLower(x)
    let quadratic = zip(x, factor.solve(x)).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(half.reduce(0) { $0 + $1 * $1 } - quadratic) < 1e-10 * quadratic)
    let eigen = try SymmetricEigen(matrix)
    #expect(abs(eigen.values.reduce(0) { $0 + log($1) } - factor.logDeterminant) < 1e-9)
  }

  @Test func jitterMendsRoundingAndNothingElse() throws {
    var twice = SymmetricMatrix(count: 3)
    for row in 0..<3 { for column in 0...row { twice[row, column] = 1 } }
    let mended = try Cholesky(twice)
    #expect(mended.jitter > 0 && mended.jitter <= 1e-6)
    var indefinite = SymmetricMatrix(count: 2)
    indefinite[0, 0] = 1
    indefinite[1, 1] = 1
    indefinite[1, 0] = 2
    #expect(throws: SurrogatesError.self) { try Cholesky(indefinite) }
    indefinite[1, 0] = .nan
    #expect(throws: SurrogatesError.self) { try Cholesky(indefinite) }
    #expect(throws: SurrogatesError.self) { try Cholesky(SymmetricMatrix(count: 4)) }
    #expect(throws: SurrogatesError.self) { try SymmetricEigen(indefinite) }
    #expect(throws: SurrogatesError.self) { try SymmetricMatrix(count: 2, values: [1, 2, 3]) }
    #expect(try Cholesky(SymmetricMatrix(count: 0)).logDeterminant == 0)
  }

  @Test func eigenvectorsRebuildTheMatrix() throws {
    let count = 23
    let matrix = positive(count, share: 0)
    let eigen = try SymmetricEigen(matrix)
    #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy(<=))
    for row in 0..<count {
      for column in 0...row {
        let rebuilt = (0..<count).reduce(0) {
          $0 + eigen.values[$1] * eigen.vectors[$1 * count + row] * eigen.vectors[$1 * count + column]
        }
        #expect(abs(rebuilt - matrix[row, column]) < 1e-12)
      }
    }
  }

  @Test(arguments: [(5, 3), (3, 5), (4, 4), (1, 6), (0, 2)])
  func singularValuesRebuildTheMatrix(_ rows: Int, _ columns: Int) throws {
    var generator = SeededGenerator(seed: 3)
    let matrix = (0..<rows * columns).map { _ in generator.uniform() - 0.5 }
    let found = try SingularValues(rows: rows, columns: columns, matrix)
    let rank = min(rows, columns)
    #expect(found.values.count == rank && found.left.count == rows * rank && found.right.count == rank * columns)
    #expect(zip(found.values, found.values.dropFirst()).allSatisfy(>=))
    for row in 0..<rows {
      for column in 0..<columns {
        let rebuilt = (0..<rank).reduce(0) {
          $0 + found.left[row * rank + $1] * found.values[$1] * found.right[$1 * columns + column]
        }
        #expect(abs(rebuilt - matrix[row * columns + column]) < 1e-14)
      }
    }
    #expect(throws: SurrogatesError.self) { try SingularValues(rows: 1, columns: 1, [.infinity]) }
  }
}
