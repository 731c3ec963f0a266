/// Offsets and lengths of the gradients that a layer collects in partial sums. Stored, never made in a step.
package typealias GradientSums = [(offset: Int, count: Int)]

/// What all layers of a network share: sizes, memory, kernels, and the state of the current step.
///
/// Layout of activations: a sequence is a matrix of channels by positions, positions in the lanes (rows padded to 16);
/// a batch is one such matrix after the other. Padding lanes may hold anything finite on the way forward; gradients are
/// exactly zero there.
package final class LayerContext {
  package let kernels: Kernels
  package let parameters = Parameters()
  package let arena = Arena()
  let scratch = ScratchPool()
  /// Rows that memory is laid out for.
  let capacity: Int
  /// T and its padding.
  let positions: Int
  package let stride: Int

  /// Whether attention keeps its probabilities for the backward pass, or computes them again to the same bits.
  let keepsProbabilities: Bool

  /// Rows of the current batch.
  package var count = 0
  package var training = false
  /// Changes with every step; layers mix their own number into it.
  package var stepKey: UInt64 = 0
  private var dropoutLayers: UInt64 = 0

  /// Shared by all backward passes: 16 parts of each sum that becomes the gradient of a bias or a norm.
  private(set) var partials: Floats!
  private var partialsCount = 0

  package init(kernels: Kernels, capacity: Int, positions: Int, keepsProbabilities: Bool = true) {
    self.keepsProbabilities = keepsProbabilities
    self.kernels = kernels
    self.capacity = capacity
    self.positions = positions
    stride = padded(positions)
  }

  /// A dropout site: its own stream of masks.
  func dropoutSite(_ probability: Float) -> DropoutSite {
    dropoutLayers += 1
    return DropoutSite(context: self, number: dropoutLayers, probability: probability)
  }

  func reservePartials(_ sums: Int) { partialsCount = max(partialsCount, sums) }

  package func allocate() {
    parameters.allocate(in: arena)
    scratch.allocate(in: arena)
    partials = arena.floats(partialsCount * 16)
  }

  func weight(_ offset: Int) -> Floats { parameters.values + offset }
  func gradient(_ offset: Int) -> Floats { parameters.gradients + offset }

  /// Runs `add` over zeroed partial sums, then adds each list's totals to its gradient.
  @inline(__always)
  package func withPartials(_ lists: GradientSums, _ add: (Floats) -> Void) {
    var total = 0
    for list in lists { total += list.count }
    partials.update(repeating: 0, count: total * 16)
    add(partials)
    var start = 0
    for list in lists {
      kernels.finishPartials(list.count, partials + start * 16, gradient(list.offset))
      start += list.count
    }
  }
}

/// One place where elements are dropped. The mask follows from the step, the site and the element's index, so the
/// backward pass makes it again.
struct DropoutSite {
  let context: LayerContext
  let number: UInt64
  let probability: Float

  private var key: UInt32 {
    var mixed = context.stepKey &+ number &* 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return UInt32(truncatingIfNeeded: mixed >> 32)
  }

  private var active: Bool { context.training && probability > 0 }

  /// y = residual + dropped(x); the same call without residual is the backward pass. `first` is the index of the
  /// matrix's first element in the batch.
  func apply(
    _ rows: Int, _ n: Int, _ x: Floats, _ ldx: Int, residual: Floats? = nil, _ ldr: Int = 0, into y: Floats,
    _ ldy: Int, first: Int
  ) {
    let threshold = active ? UInt32(Double(probability) * 4_294_967_296) : 0
    let scale = active ? 1 / (1 - probability) : 1
    context.kernels.dropoutAdd(
      rows, n, x, ldx, residual, ldr, y, ldy, key, UInt32(truncatingIfNeeded: first), threshold, scale)
  }
}
