// The vector type of every kernel: sixteen lanes, whatever the machine's registers hold. Lanes never mix except in
// `sum` and `interleave`, whose order is written out, so AVX2 and AVX-512 builds of these files give the same bits.

typealias Floats = UnsafeMutablePointer<Float>
typealias Vector = SIMD16<Float>
typealias Words = SIMD16<UInt32>

/// Lanes of a vector: every row of a matrix is padded to a multiple of it.
@_transparent var lanes: Int { 16 }

@_transparent func load(_ pointer: Floats, _ index: Int) -> Vector {
  UnsafeRawPointer(pointer + index).loadUnaligned(as: Vector.self)
}

@_transparent func store(_ pointer: Floats, _ index: Int, _ value: Vector) {
  UnsafeMutableRawPointer(pointer + index).storeBytes(of: value, as: Vector.self)
}

@_transparent func broadcast(_ value: Float) -> Vector { Vector(repeating: value) }

/// a + b·c with one rounding: only in `matrixProduct`, where the compiler makes whole vectors of it.
@_transparent func fused(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector { a.addingProduct(b, c) }

/// a + b·c with two roundings.
@_transparent func plus(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector { a + b * c }

/// Sum of the lanes as a fixed tree: halves, quarters, pairs.
@_transparent func sum(_ value: Vector) -> Float {
  let eight = value.lowHalf + value.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two.x + two.y
}

@_transparent func select(_ mask: SIMDMask<SIMD16<Int32>>, _ yes: Vector, _ no: Vector) -> Vector {
  no.replacing(with: yes, where: mask)
}

/// exp, relative error below 2e-7 on [-87, 88], clamped outside (the polynomial of Cephes' expf).
@_transparent func exponential(_ x: Vector) -> Vector {
  boundedExponential(select(x .> broadcast(88), broadcast(88), x))
}

/// exp of what is at most 88.
@_transparent func boundedExponential(_ argument: Vector) -> Vector {
  let x = select(argument .< broadcast(-87), broadcast(-87), argument)
  let shifted = plus(broadcast(12_582_912), x, broadcast(1.442_695_04))
  let whole = shifted - broadcast(12_582_912)
  var rest = plus(x, whole, broadcast(-0.693_359_375))
  rest = plus(rest, whole, broadcast(2.121_944_40e-4))
  var series = broadcast(1.987_569_150_0e-4)
  series = plus(broadcast(1.398_199_950_7e-3), series, rest)
  series = plus(broadcast(8.333_451_907_3e-3), series, rest)
  series = plus(broadcast(4.166_579_589_4e-2), series, rest)
  series = plus(broadcast(1.666_666_545_9e-1), series, rest)
  series = plus(broadcast(5.000_000_120_1e-1), series, rest)
  series = plus(rest, series * rest, rest) + broadcast(1)
  let exponent = unsafeBitCast(shifted, to: Words.self) &<< Words(repeating: 23)
  return unsafeBitCast(unsafeBitCast(series, to: Words.self) &+ exponent, to: Vector.self)
}

/// 1 / (1 + exp(-x)).
@_transparent func sigmoid(_ x: Vector) -> Vector {
  broadcast(1) / (broadcast(1) + exponential(-x))
}

/// tanh by 1 - 2 / (1 + exp(2x)); absolute error below 2e-7.
@_transparent func hyperbolicTangent(_ x: Vector) -> Vector {
  broadcast(1) - broadcast(2) / (broadcast(1) + exponential(x + x))
}

/// Lanes 0, 0', 1, 1', … 7, 7' of two vectors.
@_transparent func interleaveLow(_ a: Vector, _ b: Vector) -> Vector {
  var mixed = Vector.zero
  mixed.evenHalf = a.lowHalf
  mixed.oddHalf = b.lowHalf
  return mixed
}

/// Lanes 8, 8', … 15, 15' of two vectors.
@_transparent func interleaveHigh(_ a: Vector, _ b: Vector) -> Vector {
  var mixed = Vector.zero
  mixed.evenHalf = a.highHalf
  mixed.oddHalf = b.highHalf
  return mixed
}

/// Sixteen lane numbers 0…15.
@_transparent var laneNumbers: Words {
  Words(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
}

/// A well-mixed word for each counter (the "lowbias32" finalizer of Wellons, 2018, keyed by xor).
@_transparent func mix(_ counter: Words, _ key: UInt32) -> Words {
  var x = counter ^ Words(repeating: key)
  x ^= x &>> Words(repeating: 16)
  x = x &* Words(repeating: 0x7feb_352d)
  x ^= x &>> Words(repeating: 15)
  x = x &* Words(repeating: 0x846c_a68b)
  x ^= x &>> Words(repeating: 16)
  return x
}
