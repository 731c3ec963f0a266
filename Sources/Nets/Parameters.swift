import Foundation

/// A trainable tensor: where it lies, and the shape and name it has in a PyTorch module of the same network.
package struct Parameter: Sendable {
  package let name: String
  package let shape: [Int]
  let offset: Int
  /// Rows in memory; a convolution of K taps lies as K matrices of out×in.
  let rows: Int
  let columns: Int
  /// Floats from row to row, a multiple of 16 for matrices; the tail of a row is zero.
  let stride: Int
  /// Taps of a convolution, else 1.
  let taps: Int
  /// Terms that meet in one output: PyTorch's bound for the first values of a weight and of its bias.
  let fanIn: Int
  /// True when the sixteen floats that hold the tensor's end may hold the beginning of another.
  let sharesLastVector: Bool

  package var count: Int { shape.reduce(1, *) }
  /// Floats in memory from the first element to the last one's padding.
  var span: Int { rows == 1 ? columns : rows * stride }

  /// Where element `index` of the logical, row-major tensor lies.
  package func place(of index: Int) -> Int {
    guard taps > 1 else { return offset + index / columns * stride + index % columns }
    let tap = index % taps
    let row = index / (columns * taps)
    let column = index / taps % columns
    return offset + (tap * (rows / taps) + row) * stride + column
  }

  /// The tensor in a block of this layout, row-major.
  func read(_ block: Floats) -> [Float] { (0..<count).map { block[place(of: $0)] } }

  /// Sets every scalar of the tensor in a block of this layout from its row-major index.
  func fill(_ block: Floats, _ value: (Int) -> Float) {
    for index in 0..<count { block[place(of: index)] = value(index) }
  }
}

/// All trainable tensors of a network in one block, their gradients in another of the same layout.
package final class Parameters {
  package private(set) var tensors: [Parameter] = []
  /// Floats in memory, a multiple of 16.
  package private(set) var extent = 0
  package private(set) var values: Floats!
  package private(set) var gradients: Floats!

  package init() {}

  /// Trainable scalars.
  package var count: Int { tensors.reduce(0) { $0 + $1.count } }

  /// Sets a block of memory aside in which ``place`` names tensors.
  package func reserve(_ floats: Int) -> Int {
    defer { extent += padded(floats) }
    return extent
  }

  /// Names a tensor inside reserved memory.
  package func place(
    _ name: String, _ shape: [Int], at offset: Int, rows: Int, columns: Int, stride: Int, taps: Int = 1, fanIn: Int,
    sharesLastVector: Bool = false
  ) {
    tensors.append(
      Parameter(
        name: name, shape: shape, offset: offset, rows: rows, columns: columns, stride: stride, taps: taps,
        fanIn: fanIn, sharesLastVector: sharesLastVector))
  }

  /// A vector of `count` scalars; returns its offset.
  package func vector(_ name: String, _ count: Int, fanIn: Int = 1) -> Int {
    let offset = reserve(count)
    place(name, [count], at: offset, rows: 1, columns: count, stride: padded(count), fanIn: fanIn)
    return offset
  }

  /// A matrix of rows×columns, rows padded; returns its offset.
  package func matrix(_ name: String, _ rows: Int, _ columns: Int, fanIn: Int? = nil) -> Int {
    let offset = reserve(rows * padded(columns))
    place(
      name, [rows, columns], at: offset, rows: rows, columns: columns, stride: padded(columns),
      fanIn: fanIn ?? columns)
    return offset
  }

  package func allocate(in arena: Arena) {
    values = arena.floats(extent)
    gradients = arena.floats(extent)
  }

  package func zeroGradients() {
    memset(gradients, 0, extent * MemoryLayout<Float>.stride)
  }

  /// Sets every scalar of a tensor from its index in the logical, row-major layout.
  package func fill(_ tensor: Parameter, _ value: (Int) -> Float) { tensor.fill(values, value) }

  /// The tensor's values in the logical, row-major layout.
  package func read(_ tensor: Parameter) -> [Float] { tensor.read(values) }

  /// The tensor's gradients in the logical, row-major layout.
  package func readGradient(_ tensor: Parameter) -> [Float] { tensor.read(gradients) }

  package func tensor(named name: String) -> Parameter? {
    tensors.first { $0.name == name }
  }
}
