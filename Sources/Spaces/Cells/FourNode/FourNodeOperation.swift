/// One of the five operations that an edge of a four-node cell can hold.
///
/// The raw values are 0...4 in the order of `allCases`, which is the order of encodings.
public protocol FourNodeOperation: CaseIterable, Hashable, Sendable, RawRepresentable where RawValue == UInt8 {
  /// As canonical texts spell it: lower case.
  var name: String { get }
  var role: CellOperation.Role { get }
}
