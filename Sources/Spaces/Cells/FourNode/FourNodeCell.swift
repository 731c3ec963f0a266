/// A cell of four nodes with one of five operations on each of its six edges.
///
/// Edges stand in the order of the published text: 0→1, 0→2, 1→2, 0→3, 1→3, 2→3.
public struct FourNodeCell<Operation: FourNodeOperation>: Hashable, Sendable {
  /// The six operations as digits of base 5, the first edge's the most significant: 0..<15,625.
  let code: UInt16

  /// `code` must be below 15,625.
  init(code: Int) {
    precondition((0..<FourNodeGraph.cellCount).contains(code), "a four-node cell's code is below 15,625")
    self.code = UInt16(code)
  }

  /// `digits` must be six numbers below 5, in the order of the edges.
  init(digits: some Collection<Int>) {
    precondition(digits.count == FourNodeGraph.edges.count, "a four-node cell has six edges")
    self.init(code: digits.reduce(0) { $0 * FourNodeGraph.operationCount + $1 })
  }

  /// Throws ``SpacesError/vectorLength(found:allowed:unit:)`` unless there are six operations, in the order of the edges.
  public init(operations: [Operation]) throws {
    guard operations.count == FourNodeGraph.edges.count else {
      throw SpacesError.vectorLength(
        found: operations.count, allowed: [FourNodeGraph.edges.count], unit: "operations")
    }
    self.init(digits: operations.map { Int($0.rawValue) })
  }

  /// The operations in the order of the edges.
  public var operations: [Operation] {
    let all = Array(Operation.allCases)
    return digits.map { all[$0] }
  }

  /// The raw values of ``operations``.
  var digits: [Int] {
    var rest = Int(code)
    var digits = [Int](repeating: 0, count: FourNodeGraph.edges.count)
    for edge in digits.indices.reversed() {
      (rest, digits[edge]) = rest.quotientAndRemainder(dividingBy: FourNodeGraph.operationCount)
    }
    return digits
  }

  /// This cell with `digit` on `edge`.
  func with(_ digit: Int, on edge: Int) -> Self {
    var digits = digits
    digits[edge] = digit
    return Self(digits: digits)
  }
}
