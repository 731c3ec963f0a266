import Foundation
import Records
import Spaces

/// The spaces that the command line knows, by name.
enum SpaceCatalogue {
  static let names = ["seqnas"]

  /// Throws for an unknown name.
  static func space(_ name: String, hasNumericFeatures: Bool) throws -> EventSequenceSpace {
    guard names.contains(name) else { throw CommandError.unknownSpace(name: name, known: names) }
    return EventSequenceSpace(hasNumericFeatures: hasNumericFeatures)
  }

  /// The packed vector that the store keeps beside an architecture; nil for spaces that have none.
  static func packedVector(space: String, canonicalText: String) throws -> Data? {
    guard space == "seqnas" else { return nil }
    return Data(try EventSequenceArchitecture(canonicalText: canonicalText).packedVector)
  }
}
