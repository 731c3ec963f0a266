// Updates of flat arrays; `count` is a multiple of 16.

/// AdamW (Loshchilov and Hutter, 2019) in PyTorch's order of operations.
@inline(never)
public func adamW(
  _ count: Int, _ values: UnsafeMutablePointer<Float>, _ gradients: UnsafeMutablePointer<Float>,
  _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>, _ beta1: Float, _ beta2: Float,
  _ stepSize: Float, _ decay: Float, _ inverseRootCorrection2: Float, _ epsilon: Float
) {
  var j = 0
  while j < count {
    let g = load(gradients, j)
    let m = plus(load(first, j), broadcast(1 - beta1), g - load(first, j))
    let v = plus(load(second, j) * broadcast(beta2), g * broadcast(1 - beta2), g)
    store(first, j, m)
    store(second, j, v)
    let denominator = plus(broadcast(epsilon), v.squareRoot(), broadcast(inverseRootCorrection2))
    store(values, j, load(values, j) * broadcast(decay) - broadcast(stepSize) * (m / denominator))
    j &+= lanes
  }
}

/// The first half of LAMB (You et al., 2020): moments from gradientScale·g, and the update
/// u = (m/c1)/(√(v/c2) + ε) + weightDecay·w, which replaces the gradient. Adds Σw² and Σu² lane by lane to
/// `norms[0…15]` and `norms[16…31]`.
@inline(never)
public func lambUpdate(
  _ count: Int, _ values: UnsafeMutablePointer<Float>, _ gradients: UnsafeMutablePointer<Float>,
  _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>, _ gradientScale: Float, _ beta1: Float,
  _ beta2: Float, _ inverseCorrection1: Float, _ inverseCorrection2: Float, _ epsilon: Float, _ weightDecay: Float,
  _ norms: UnsafeMutablePointer<Float>
) {
  var valueSquares = load(norms, 0)
  var updateSquares = load(norms, lanes)
  var j = 0
  while j < count {
    let g = load(gradients, j) * broadcast(gradientScale)
    let w = load(values, j)
    let m = plus(load(first, j) * broadcast(beta1), g, broadcast(1 - beta1))
    let v = plus(load(second, j) * broadcast(beta2), g * g, broadcast(1 - beta2))
    store(first, j, m)
    store(second, j, v)
    let root = (v * broadcast(inverseCorrection2)).squareRoot() + broadcast(epsilon)
    let u = plus(m * broadcast(inverseCorrection1) / root, w, broadcast(weightDecay))
    store(gradients, j, u)
    valueSquares = plus(valueSquares, w, w)
    updateSquares = plus(updateSquares, u, u)
    j &+= lanes
  }
  store(norms, 0, valueSquares)
  store(norms, lanes, updateSquares)
}

/// w -= step·u.
@inline(never)
public func descend(
  _ count: Int, _ values: UnsafeMutablePointer<Float>, _ update: UnsafeMutablePointer<Float>, _ step: Float
) {
  var j = 0
  while j < count {
    store(values, j, load(values, j) - broadcast(step) * load(update, j))
    j &+= lanes
  }
}

/// Σ x², as sixteen running sums and a fixed tree; NaN or infinity in x shows in the result.
@inline(never)
public func sumOfSquares(_ count: Int, _ x: UnsafeMutablePointer<Float>) -> Float {
  var total = Vector.zero
  var j = 0
  while j < count {
    let value = load(x, j)
    total = plus(total, value, value)
    j &+= lanes
  }
  return sum(total)
}
