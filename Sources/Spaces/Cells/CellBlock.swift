/// One block of a POPNAS cell (Lomurno et al., 2022): two operations on two inputs, whose results are added.
///
/// Inputs: −1 the cell before, −2 the one before that, …; from 0 the blocks of the same cell. Operations: indexes into the
/// list of the search space.
public struct CellBlock: Hashable, Sendable {
  public let firstInput: Int
  public let firstOperation: Int
  public let secondInput: Int
  public let secondOperation: Int

  public init(_ firstInput: Int, _ firstOperation: Int, _ secondInput: Int, _ secondOperation: Int) {
    self.firstInput = firstInput
    self.firstOperation = firstOperation
    self.secondInput = secondInput
    self.secondOperation = secondOperation
  }

  public var inputs: [Int] { [firstInput, secondInput] }
  public var operations: [Int] { [firstOperation, secondOperation] }
}
