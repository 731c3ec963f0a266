extension NASBench101Space {
  /// 21 edges of a matrix of seven vertices, row by row, then 3 operations for each of 5 inner vertices.
  public var encodingLength: Int { 36 }

  /// The canonical matrix, inner vertices from 1, the output at 6; vertices between them are all 0.
  public func encode(_ architecture: NASBench101Cell) -> [UInt8] {
    let padded = PaddedCell(architecture)
    return PaddedCell.pairs.map { padded.edges[$0.source][$0.target] ? 1 : 0 }
      + padded.operations.flatMap { operation in
        NASBench101Operation.allCases.map { $0 == operation ? 1 : 0 }
      }
  }

  /// Reads ``encode(_:)``. Throws ``SpacesError/encoding(space:encoding:problem:)`` for slots of another number or value,
  /// and for those of a matrix that is not canonical, and what ``NASBench101Cell/init(matrix:operations:)`` throws, which
  /// reads any matrix.
  public func decode(_ slots: [UInt8]) throws -> NASBench101Cell {
    func failure(_ problem: String) -> SpacesError {
      .encoding(space: name, encoding: "adjacency", problem: problem)
    }
    guard slots.count == encodingLength else { throw failure("\(slots.count) slots instead of \(encodingLength)") }
    guard slots.allSatisfy({ $0 <= 1 }) else { throw failure("a slot is neither 0 nor 1") }
    var padded = PaddedCell.empty
    for (slot, (source, target)) in PaddedCell.pairs.enumerated() { padded.edges[source][target] = slots[slot] == 1 }
    for index in padded.operations.indices {
      let first = PaddedCell.pairs.count + 3 * index
      padded.operations[index] = slots[first..<(first + 3)].firstIndex(of: 1).flatMap {
        NASBench101Operation(rawValue: $0 - first)
      }
    }
    let cell = try padded.cell()
    guard encode(cell) == slots else { throw failure("the matrix is not the canonical one of its cell") }
    return cell
  }

  /// 26 numbers: the 21 edges of ``encode(_:)`` as 0 and 1, then for each of 5 inner vertices the label of its operation,
  /// 0 to 2, or −1 where there is no vertex.
  public func categoricalEncoding(of architecture: NASBench101Cell) -> [Double] {
    let padded = PaddedCell(architecture)
    return PaddedCell.pairs.map { padded.edges[$0.source][$0.target] ? 1 : 0 }
      + padded.operations.map { Double($0?.rawValue ?? -1) }
  }

  /// 27 tokens below 7: for each of vertices 1 to 6 of the padded matrix, 1 or 2 for every earlier vertex, 2 where it leads
  /// here; then 3 to 5 for the operation, 6 for the output. Vertices that do not exist are 0.
  public func sequenceEncoding(of architecture: NASBench101Cell) -> [UInt8] {
    let padded = PaddedCell(architecture)
    return (1...6).flatMap { vertex -> [UInt8] in
      let operation = vertex < 6 ? padded.operations[vertex - 1].map { UInt8(3 + $0.rawValue) } : 6
      guard let operation else { return .init(repeating: 0, count: vertex + 1) }
      return (0..<vertex).map { padded.edges[$0][vertex] ? 2 : 1 } + [operation]
    }
  }

  /// The path encoding of BANANAS (White et al., 2021): 364 slots, 1 where a path with these operations leads from the
  /// input to the output. The path of operations o₀, o₁, … has slot Σ 3ⁱ·(oᵢ + 1), the bare edge slot 0.
  public func pathEncoding(of architecture: NASBench101Cell) -> [Double] {
    var slots = [Double](repeating: 0, count: 364)
    for path in livePaths(of: architecture) {
      let slot = path.operations.reversed().reduce(0) { $0 * 3 + $1 + 1 }
      slots[slot] = 1
    }
    return slots
  }
}
