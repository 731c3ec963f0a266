import Nets

/// The largest response of each of F filters over all places of a curve, after ReLU: one convolution and global max
/// pooling, a curve a lane.
final class CurveConvolution {
  private let context: LayerContext
  private let linear: Linear
  private let kernel: Int
  private let filters: Int
  private let places: Int
  /// F×n, at one place.
  private let response: Floats
  /// F×n: the place of the largest response.
  private let winners: UnsafeMutablePointer<Int32>
  private let rows: Floats

  /// Parameters as PyTorch's Conv1d of one channel has them, the weight as F×kernel.
  init(_ context: LayerContext, _ name: String, epochs: Int, kernel: Int, filters: Int, lanes: Int) {
    self.context = context
    self.kernel = kernel
    self.filters = filters
    places = epochs - kernel + 1
    linear = Linear(context, name, inputs: kernel, outputs: filters)
    response = context.arena.floats(filters * lanes)
    winners = UnsafeMutableRawPointer(context.arena.floats(filters * lanes))
      .bindMemory(to: Int32.self, capacity: filters * lanes)
    rows = context.arena.floats(lanes * padded(kernel))
  }

  /// x: L×n; y: F×n.
  func forward(_ x: Floats, into y: Floats) {
    let n = padded(context.count)
    for place in 0..<places {
      linear.forward(n, x + place * n, n, into: response, n)
      for index in 0..<filters * n where place == 0 || response[index] > y[index] {
        y[index] = response[index]
        winners[index] = Int32(place)
      }
    }
    context.kernels.rectify(filters, n, y, n, y, n)
  }

  /// The gradients of the parameters from `dy` (F×n, used up), the gradient of y.
  func backward(_ x: Floats, _ y: Floats, _ dy: Floats) {
    let n = padded(context.count)
    context.kernels.rectifyBackward(filters, n, y, n, dy, n, dy, n)
    context.withPartials(linear.sums) { context.kernels.addRowSums(filters, n, dy, n, $0) }
    for place in 0..<places {
      var isEmpty = true
      for index in 0..<filters * n {
        let won = winners[index] == Int32(place) && dy[index] != 0
        response[index] = won ? dy[index] : 0
        if won { isEmpty = false }
      }
      if isEmpty { continue }
      context.kernels.transpose(kernel, n, x + place * n, n, rows, padded(kernel))
      linear.backwardWeight(n, response, n, rows: rows)
    }
  }
}
