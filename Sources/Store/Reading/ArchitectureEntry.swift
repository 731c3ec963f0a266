public import Foundation
public import Records

/// An architecture of an atlas.
public struct ArchitectureEntry: Hashable, Sendable {
  public let id: ArchitectureID
  public let space: String
  public let canonicalText: String
  /// Packed AVec, where the space has one.
  public let vector: Data?
  /// Number of the row, counted from 1; only meaningful within one atlas.
  public let row: Int64
}
