// One time step of an LSTM (Hochreiter and Schmidhuber, 1997; PyTorch's form, gates i, f, g, o), hidden×n, one sequence a
// lane. i = σ(ai), f = σ(af), g = tanh(ag), o = σ(ao), c′ = f∘c + i∘g, h′ = o∘tanh(c′).

/// `gates` holds the four pre-activations, hidden×n one after the other, and then the gates. `c` nil means a cell of
/// zeros. Writes c′ to `next`, tanh(c′) to `squashed` and h′ to `state`.
@inline(never)
public func memoryStep(
  _ hidden: Int, _ n: Int, _ gates: UnsafeMutablePointer<Float>, _ c: UnsafeMutablePointer<Float>?,
  _ next: UnsafeMutablePointer<Float>, _ squashed: UnsafeMutablePointer<Float>, _ state: UnsafeMutablePointer<Float>
) {
  let count = hidden &* n
  var j = 0
  while j < count {
    let i = sigmoid(load(gates, j))
    let f = sigmoid(load(gates, count &+ j))
    let g = hyperbolicTangent(load(gates, 2 &* count &+ j))
    let o = sigmoid(load(gates, 3 &* count &+ j))
    let cell = plus(i * g, f, c.map { load($0, j) } ?? .zero)
    let t = hyperbolicTangent(cell)
    store(gates, j, i)
    store(gates, count &+ j, f)
    store(gates, 2 &* count &+ j, g)
    store(gates, 3 &* count &+ j, o)
    store(next, j, cell)
    store(squashed, j, t)
    store(state, j, o * t)
    j &+= lanes
  }
}

/// From `dh`, the gradient of h′, and `dc`, what later steps say of c′: the gradients of the pre-activations, written over
/// the gates, and the gradient of c, written over `dc`.
@inline(never)
public func memoryStepBackward(
  _ hidden: Int, _ n: Int, _ gates: UnsafeMutablePointer<Float>, _ c: UnsafeMutablePointer<Float>?,
  _ squashed: UnsafeMutablePointer<Float>, _ dh: UnsafeMutablePointer<Float>, _ dc: UnsafeMutablePointer<Float>
) {
  let one = broadcast(1)
  let count = hidden &* n
  var j = 0
  while j < count {
    let i = load(gates, j), f = load(gates, count &+ j)
    let g = load(gates, 2 &* count &+ j), o = load(gates, 3 &* count &+ j)
    let t = load(squashed, j), upstream = load(dh, j)
    let cell = plus(load(dc, j), upstream * o, one - t * t)
    store(gates, j, cell * g * i * (one - i))
    store(gates, count &+ j, cell * (c.map { load($0, j) } ?? .zero) * f * (one - f))
    store(gates, 2 &* count &+ j, cell * i * (one - g * g))
    store(gates, 3 &* count &+ j, upstream * t * o * (one - o))
    store(dc, j, cell * f)
    j &+= lanes
  }
}
