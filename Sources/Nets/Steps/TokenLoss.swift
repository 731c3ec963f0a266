import Foundation

/// Softmax and the negative log-likelihood of one token a step and sequence.
package enum TokenLoss {
  /// Turns `logits` (T × V×n) into the gradient of `weight` times the sum of the negative log-likelihoods over all steps
  /// of the context's rows, and returns that sum times `weight`. Lanes without a row get 0.
  package static func evaluate(
    _ context: LayerContext, tokens: Int, codes: UnsafePointer<Int32>, logits: Floats, weight: Float
  ) -> Double {
    let n = padded(context.count)
    var total = 0.0
    for time in 0..<context.positions {
      let block = logits + time * tokens * n
      context.kernels.softmaxColumns(tokens, n, block, n, 1)
      for lane in 0..<context.count {
        let place = Int(codes[time * n + lane]) * n + lane
        total -= log(Double(max(block[place], 1e-37)))
        block[place] -= 1
      }
      for token in 0..<tokens {
        let row = block + token * n
        for lane in 0..<context.count { row[lane] *= weight }
        for lane in context.count..<n { row[lane] = 0 }
      }
    }
    return total * Double(weight)
  }
}
