/// Weights of C centred columns for centred values, and what is not known of them, along the right singular vectors.
package struct LinearFit: Sendable {
  /// C.
  package let weights: [Double]
  /// Variance of measurements.
  package let noiseVariance: Double
  /// The variance of the sum of weights along each of R vectors.
  package let variances: [Double]
  /// The same along every direction that the R vectors do not span.
  package let otherVariance: Double
  /// The variance of the intercept.
  package let interceptVariance: Double
  /// What is predicted of each training row: without its own value for ridge, else with it.
  package let fitted: [Double]
  /// The function's variance at each training row, as `fitted` sees it.
  package let fittedVariances: [Double]
}

/// U·diag(s)·Vᵀ of N×C centred columns with N centred values: what both linear methods work on.
package struct LinearProblem: Sendable {
  package let count: Int
  package let columns: Int
  package let decomposition: SingularValues
  package let values: [Double]
  /// Uᵀ·y, R.
  package let coordinates: [Double]

  /// `inputs` is N×C, row-major. Throws ``SurrogatesError/numerics(_:)``.
  package init(_ inputs: [Double], columns: Int, values: [Double]) throws {
    count = values.count
    self.columns = columns
    self.values = values
    let found = try SingularValues(rows: values.count, columns: columns, inputs)
    decomposition = found
    let rank = found.values.count
    coordinates = (0..<rank).map { place in
      values.indices.reduce(0) { $0 + found.left[$1 * rank + place] * values[$1] }
    }
  }

  package var rank: Int { decomposition.values.count }

  /// V·(s·c/(s² + `penalty`)) for the coordinates c.
  package func weights(penalty: Double) -> [Double] {
    var weights = [Double](repeating: 0, count: columns)
    for place in 0..<rank {
      let s = decomposition.values[place]
      let factor = s > 0 ? s * coordinates[place] / (s * s + penalty) : 0
      for column in 0..<columns { weights[column] += factor * decomposition.right[place * columns + column] }
    }
    return weights
  }

  /// Σ over R of `factors`·c·U: values of the rows.
  package func rows(_ factors: [Double]) -> [Double] {
    (0..<count).map { row in
      (0..<rank).reduce(0) { $0 + factors[$1] * coordinates[$1] * decomposition.left[row * rank + $1] }
    }
  }

  /// Σ over R of `factors`·U² for each row.
  package func squares(_ factors: [Double]) -> [Double] {
    (0..<count).map { row in
      (0..<rank).reduce(0) {
        $0 + factors[$1] * decomposition.left[row * rank + $1] * decomposition.left[row * rank + $1]
      }
    }
  }
}
