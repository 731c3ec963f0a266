/// Two LSTMs, one from the first step on and one from the last; their states side by side: T × 2m×n.
package struct BidirectionalMemory {
  private let context: LayerContext
  private let width: Int
  private let ahead: LongShortTermMemory
  private let back: LongShortTermMemory

  /// The parameters of the second are named `NAME.reverse`.
  package init(_ context: LayerContext, _ name: String, inputs: Int, width: Int) {
    self.context = context
    self.width = width
    ahead = LongShortTermMemory(context, name, inputs: inputs, width: width)
    back = LongShortTermMemory(context, "\(name).reverse", inputs: inputs, width: width, direction: .backward)
  }

  /// x: T × inputs×n; y: T × 2m×n.
  package func forward(_ x: Floats, into y: Floats) {
    let block = width * padded(context.count)
    ahead.forward(x, into: y, step: 2 * block)
    back.forward(x, into: y + block, step: 2 * block)
  }

  package func backward(_ x: Floats, _ y: Floats, _ dy: Floats, into dx: Floats) {
    let block = width * padded(context.count)
    ahead.backward(x, y, dy, step: 2 * block, into: dx)
    back.backward(x, y + block, dy + block, step: 2 * block, into: dx, accumulate: true)
  }
}
