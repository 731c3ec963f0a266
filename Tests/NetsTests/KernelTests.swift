import Foundation
import Nets
import Testing

/// The inner loops against their naive twins.
@Suite struct KernelTests {
  static let tables = LayerSetting.instructionSets

  private func numbers(_ name: String, _ count: Int, scale: Float = 1) -> [Float] {
    GoldenFill.values(name, count: count, scale: scale)
  }

  private func expectClose(_ ours: [Float], _ theirs: [Double], _ tolerance: Double, _ what: String) {
    let worst = zip(ours, theirs).map { abs(Double($0) - $1) }.max() ?? 0
    #expect(ours.count == theirs.count && worst <= tolerance, "\(what): off by \(worst)")
  }

  /// C[i, j] = start + Σ_p A[i, p]·B[p, j], with A as it lies or transposed; columns behind n stay as they were.
  private func checkProduct(
    _ m: Int, _ n: Int, _ k: Int, transposed: Bool, accumulate: Bool, bias: Bool,
    _ product: (UnsafePointer<Float>, Int, Int, UnsafePointer<Float>, Int, Floats, Int, UnsafePointer<Float>?) -> Void
  ) {
    let (lda, ldb, ldc) = (transposed ? m + 3 : k + 3, n + 16, n + 16)
    let a = numbers("a", max(1, transposed ? k * lda : m * lda))
    let b = numbers("b", max(16, k * ldb))
    let offsets = numbers("bias", m)
    let start = numbers("c", m * ldc)
    let (aRow, aStep) = transposed ? (1, lda) : (lda, 1)
    var c = start
    c.withUnsafeMutableBufferPointer { c in
      offsets.withUnsafeBufferPointer { offsets in
        product(a, aRow, aStep, b, ldb, c.baseAddress!, ldc, bias ? offsets.baseAddress! : nil)
      }
    }
    var expected = start.map(Double.init)
    for i in 0..<m {
      for j in 0..<n {
        var total = accumulate ? Double(start[i * ldc + j]) : bias ? Double(offsets[i]) : 0
        for p in 0..<k { total += Double(a[i * aRow + p * aStep]) * Double(b[p * ldb + j]) }
        expected[i * ldc + j] = total
      }
    }
    let what = "\(m)×\(n)×\(k), \(transposed ? "TN" : "NN"), accumulate \(accumulate), bias \(bias)"
    expectClose(c, expected, 2e-7 * Double(k + 4), what)
  }

  @Test(arguments: tables)
  func matrixProduct(_ set: InstructionSet) {
    let kernels = Kernels.table(for: set)
    for m in [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 16, 21] {
      for n in [16, 32, 48, 80] {
        for k in [0, 1, 2, 7, 33] {
          for transposed in [false, true] {
            for (accumulate, bias) in [(false, false), (true, false), (false, true)] {
              checkProduct(m, n, k, transposed: transposed, accumulate: accumulate, bias: bias) {
                a, aRow, aStep, b, ldb, c, ldc, bias in
                kernels.matrixProduct(m, n, k, a, aRow, aStep, b, ldb, c, ldc, accumulate, bias)
              }
            }
          }
        }
      }
    }
  }

  /// From 1,536 terms on, with 64 rows and columns, OpenBLAS multiplies.
  @Test(arguments: [1_535, 1_536, 1_601], [63, 64, 70])
  func wideProduct(_ k: Int, _ m: Int) {
    let context = LayerContext(kernels: .table(for: Self.tables[0]), capacity: 1, positions: 1)
    for n in [48, 64, 80] {
      for transposed in [false, true] {
        for (accumulate, bias) in [(false, false), (true, false), (false, true)] {
          checkProduct(m, n, k, transposed: transposed, accumulate: accumulate, bias: bias) {
            a, aRow, aStep, b, ldb, c, ldc, bias in
            let handed = context.wideProduct(m, n, k, a, aRow, aStep, b, ldb, c, ldc, accumulate, bias)
            if !handed {
              context.kernels.matrixProduct(m, n, k, a, aRow, aStep, b, ldb, c, ldc, accumulate, bias)
            }
            #expect(handed == (k >= 1_536 && m >= 64 && n >= 64), "\(m)×\(n)×\(k) took the other path")
          }
        }
      }
    }
  }

  @Test(arguments: tables)
  func transposition(_ set: InstructionSet) {
    let kernels = Kernels.table(for: set)
    for rows in 1...40 {
      for columns in 1...40 {
        let (ldx, ldy) = (padded(columns) + 16, padded(rows) + 16)
        let x = numbers("x", rows * ldx)
        var y = [Float](repeating: 9, count: (columns + 1) * ldy)
        kernels.transpose(rows, columns, x, ldx, &y, ldy)
        var expected = [Float](repeating: 9, count: (columns + 1) * ldy)
        for j in 0..<columns {
          for i in 0..<padded(rows) { expected[j * ldy + i] = i < rows ? x[i * ldx + j] : 0 }
        }
        #expect(y == expected, "\(rows)×\(columns)")
      }
    }
  }

  /// Σ_p A[i, p]·B[p, j] in each lane, for sides that fill the tiles and sides that do not, A as it lies or transposed.
  @Test(arguments: tables)
  func laneProduct(_ set: InstructionSet) {
    let kernels = Kernels.table(for: set)
    let n = 32
    for (m, width, k) in [(1, 1, 1), (4, 4, 3), (5, 3, 7), (6, 9, 2), (3, 4, 0)] {
      for (transposed, accumulate) in [(false, false), (true, false), (false, true)] {
        var a = numbers("a", max(1, m * k) * n)
        var b = numbers("b", max(1, k * width) * n)
        var c = numbers("c", m * width * n)
        let (aRow, aColumn) = transposed ? (n, m * n) : (k * n, n)
        var expected = accumulate ? c.map(Double.init) : [Double](repeating: 0, count: c.count)
        for place in 0..<m * width * n {
          let (i, j, lane) = (place / (width * n), place / n % width, place % n)
          for p in 0..<k {
            expected[place] += Double(a[i * aRow + p * aColumn + lane]) * Double(b[(p * width + j) * n + lane])
          }
        }
        kernels.laneProduct(m, width, k, n, &a, aRow, aColumn, &b, width * n, n, &c, width * n, n, accumulate)
        expectClose(c, expected, 2e-6, "\(m)×\(width)×\(k), transposed \(transposed), accumulate \(accumulate)")
      }
    }
  }

  @Test(arguments: tables, [1, 2, 7, 64])
  func softmax(_ set: InstructionSet, _ rows: Int) {
    let kernels = Kernels.table(for: set)
    let (n, leading, scale) = (32, 48, Float(0.37))
    var s = numbers("scores", rows * leading, scale: 60)
    let before = s
    kernels.softmaxColumns(rows, n, &s, leading, scale)
    var expected = before.map(Double.init)
    for j in 0..<n {
      let arguments = (0..<rows).map { Double(before[$0 * leading + j]) * Double(scale) }
      let highest = arguments.max()!
      let total = arguments.map { exp($0 - highest) }.reduce(0, +)
      for r in 0..<rows { expected[r * leading + j] = exp(arguments[r] - highest) / total }
    }
    // The largest arguments are 22, so their rounding alone is 2e-6.
    expectClose(s, expected, 5e-6, "softmax")
    let upstream = numbers("upstream", rows * leading)
    var gradient = upstream
    kernels.softmaxColumnsBackward(rows, n, &s, leading, &gradient, leading, scale)
    var slopes = upstream.map(Double.init)
    for j in 0..<n {
      let dot = (0..<rows).map { expected[$0 * leading + j] * Double(upstream[$0 * leading + j]) }.reduce(0, +)
      for r in 0..<rows {
        let place = r * leading + j
        slopes[place] = expected[place] * (Double(upstream[place]) - dot) * Double(scale)
      }
    }
    expectClose(gradient, slopes, 5e-6, "softmax backward")
  }

  /// Softmax of (0, x) is (1, eˣ) over their sum, so the quotient of both rows is the kernel's exponential.
  @Test(arguments: tables)
  func exponential(_ set: InstructionSet) {
    let kernels = Kernels.table(for: set)
    let n = 1 << 19
    var s = [Float](repeating: 0, count: 2 * n)
    for index in 0..<n { s[n + index] = -87 * Float(index) / Float(n) }
    let arguments = s
    kernels.softmaxColumns(2, n, &s, n, 1)
    var worst = 0.0
    for index in 0..<n {
      let expected = exp(Double(arguments[n + index]))
      // Divides by the rounded sum's own quotient: only the exponential's error and two roundings are left.
      worst = max(worst, abs(Double(s[n + index]) / Double(s[index]) - expected) / expected)
    }
    #expect(worst < 3e-7, "relative error \(worst)")
  }

  /// Sigmoid and hyperbolic tangent as the recurrence uses them, over their whole range.
  @Test(arguments: tables)
  func gatesOfTheRecurrence(_ set: InstructionSet) {
    let kernels = Kernels.table(for: set)
    let n = 1 << 16
    let sweep = (0..<n).map { (Float($0) / Float(n) - 0.5) * 240 }
    let zero = [Float](repeating: 0, count: n)
    let state = numbers("state", n)
    var (reset, update, candidate, own, previous, next) = (sweep, sweep, sweep, zero, state, zero)
    kernels.recurrentStep(1, n, &reset, &update, &candidate, &own, &previous, &next)
    let gates = sweep.map { 1 / (1 + exp(-Double($0))) }
    let tangents = sweep.map { tanh(Double($0)) }
    expectClose(reset, gates, 3e-7, "sigmoid")
    expectClose(candidate, tangents, 4e-7, "tanh")
    let states = (0..<n).map { tangents[$0] + gates[$0] * (Double(state[$0]) - tangents[$0]) }
    expectClose(next, states, 1e-6, "state")
  }

  @Test(arguments: tables)
  func mishOverItsRange(_ set: InstructionSet) {
    let kernels = Kernels.table(for: set)
    let n = 1 << 16
    var x = (0..<n).map { (Float($0) / Float(n) - 0.5) * 200 }
    var (y, ones, slope) = (x, [Float](repeating: 1, count: n), x)
    kernels.mish(1, n, &x, n, &y, n)
    kernels.mishBackward(1, n, &x, n, &ones, n, &slope, n)
    for index in 0..<n {
      let expected = Mish.value(Double(x[index]))
      #expect(abs(Double(y[index]) - expected) <= 1e-6 * abs(expected) + 1e-12, "Mish(\(x[index]))")
    }
    expectClose(slope, x.map { Mish.slope(Double($0)) }, 2e-6, "Mish′")
  }
}
