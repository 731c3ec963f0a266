/// Numbers that describe N architectures: an N×D matrix, row-major, in named blocks of columns.
///
/// A block holds one encoding and has the name of the ``EncodingChoice`` that asked for it. NaN stands for what is not
/// known of an architecture.
public struct FeatureMatrix: Hashable, Sendable {
  /// Neighboring columns that belong together.
  public struct Block: Hashable, Sendable, Codable {
    public let name: String
    /// D of the block.
    public let width: Int

    public init(name: String, width: Int) {
      self.name = name
      self.width = width
    }
  }

  /// N.
  public let count: Int
  /// D over all blocks.
  public let width: Int
  public let blocks: [Block]
  /// N×D, row-major.
  public let values: [Double]

  /// A matrix of `count` rows from all its numbers, row by row.
  ///
  /// Throws ``SurrogatesError/shape(_:)`` where the numbers are not `count` times the widths of `blocks`.
  public init(blocks: [Block], count: Int, values: [Double]) throws {
    let width = blocks.reduce(0) { $0 + $1.width }
    guard count >= 0, values.count == count * width else {
      throw SurrogatesError.shape("\(values.count) numbers are not \(count) rows of \(width) columns")
    }
    self.init(checked: blocks, width: width, count: count, values: values)
  }

  private init(checked blocks: [Block], width: Int, count: Int, values: [Double]) {
    self.blocks = blocks
    self.width = width
    self.count = count
    self.values = values
  }

  /// A matrix of one block. Throws ``SurrogatesError/shape(_:)`` for rows of different lengths.
  public init(_ name: String, rows: [[Double]]) throws {
    let width = rows.first?.count ?? 0
    guard let odd = rows.first(where: { $0.count != width }) else {
      self.init(
        checked: [Block(name: name, width: width)], width: width, count: rows.count, values: rows.flatMap { $0 })
      return
    }
    throw SurrogatesError.shape("a row of \(name) has \(odd.count) numbers, the first has \(width)")
  }

  /// The numbers of an architecture. O(1).
  public func row(_ index: Int) -> ArraySlice<Double> { values[index * width..<(index + 1) * width] }

  /// The columns of the block `name`; nil where there is none.
  public func columns(of name: String) -> Range<Int>? {
    var start = 0
    for block in blocks {
      if block.name == name { return start..<start + block.width }
      start += block.width
    }
    return nil
  }

  /// The blocks that `choices` ask for, in their order, side by side.
  ///
  /// Throws ``SurrogatesError/noEncoding(wanted:known:)`` where one is not there.
  public func selecting(_ choices: [EncodingChoice]) throws -> FeatureMatrix {
    let names = choices.map(\.description)
    if names == blocks.map(\.name) { return self }
    var ranges: [Range<Int>] = []
    for name in names {
      guard let range = columns(of: name) else {
        throw SurrogatesError.noEncoding(wanted: name, known: blocks.map(\.name))
      }
      ranges.append(range)
    }
    var chosen: [Double] = []
    chosen.reserveCapacity(count * ranges.reduce(0) { $0 + $1.count })
    for index in 0..<count {
      for range in ranges { chosen += values[index * width + range.lowerBound..<index * width + range.upperBound] }
    }
    let blocks = zip(names, ranges).map { Block(name: $0, width: $1.count) }
    return FeatureMatrix(
      checked: blocks, width: blocks.reduce(0) { $0 + $1.width }, count: count, values: chosen)
  }

  /// The rows at `indices`, in their order.
  public func rows(_ indices: some Collection<Int>) -> FeatureMatrix {
    var chosen: [Double] = []
    chosen.reserveCapacity(indices.count * width)
    for index in indices { chosen += row(index) }
    return FeatureMatrix(checked: blocks, width: width, count: indices.count, values: chosen)
  }

  /// The rows of `self`, then those of `other`. Throws ``SurrogatesError/shape(_:)`` where their blocks differ.
  public func appending(_ other: FeatureMatrix) throws -> FeatureMatrix {
    guard blocks == other.blocks else { throw SurrogatesError.shape("rows of different encodings do not stack") }
    return FeatureMatrix(checked: blocks, width: width, count: count + other.count, values: values + other.values)
  }
}
