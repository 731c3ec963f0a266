// One time step of a GRU (Cho et al., 2014; PyTorch's form, gates r, z, n), hidden×n, one sequence a lane.
// r = σ(ar), z = σ(az), c = tanh(ax + r∘ah), h′ = c + z∘(h - c).

/// `ar`, `az` hold both projections and both biases; `ax` the input's and `ah` the state's part of the candidate.
/// Overwrites ar with r, az with z, ax with c. `h` nil means a state of zeros.
@inline(never)
public func recurrentStep(
  _ hidden: Int, _ n: Int, _ ar: UnsafeMutablePointer<Float>, _ az: UnsafeMutablePointer<Float>,
  _ ax: UnsafeMutablePointer<Float>, _ ah: UnsafeMutablePointer<Float>, _ h: UnsafeMutablePointer<Float>?,
  _ next: UnsafeMutablePointer<Float>
) {
  let count = hidden &* n
  var j = 0
  while j < count {
    let r = sigmoid(load(ar, j))
    let z = sigmoid(load(az, j))
    let c = hyperbolicTangent(plus(load(ax, j), r, load(ah, j)))
    let state = h.map { load($0, j) } ?? .zero
    store(ar, j, r)
    store(az, j, z)
    store(ax, j, c)
    store(next, j, plus(c, z, state - c))
    j &+= lanes
  }
}

/// From dh (the gradient of h′) and the stored r, z, c, ah: gradients of the pre-activations `dr`, `dz`, `dx`, `dah`,
/// and the part of the gradient of h that passes by the update gate, written to `dh`.
@inline(never)
public func recurrentStepBackward(
  _ hidden: Int, _ n: Int, _ r: UnsafeMutablePointer<Float>, _ z: UnsafeMutablePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ ah: UnsafeMutablePointer<Float>, _ h: UnsafeMutablePointer<Float>?,
  _ dh: UnsafeMutablePointer<Float>, _ dr: UnsafeMutablePointer<Float>, _ dz: UnsafeMutablePointer<Float>,
  _ dx: UnsafeMutablePointer<Float>, _ dah: UnsafeMutablePointer<Float>
) {
  let one = broadcast(1)
  let count = hidden &* n
  var j = 0
  while j < count {
    let gradient = load(dh, j)
    let reset = load(r, j), update = load(z, j), candidate = load(c, j)
    let state = h.map { load($0, j) } ?? .zero
    let dc = gradient * (one - update) * (one - candidate * candidate)
    store(dx, j, dc)
    store(dah, j, dc * reset)
    store(dr, j, dc * load(ah, j) * reset * (one - reset))
    store(dz, j, gradient * (state - candidate) * update * (one - update))
    store(dh, j, gradient * update)
    j &+= lanes
  }
}
