import Foundation
import Records
import Spaces
import Store

/// The spaces that the command line knows, by name.
enum SpaceCatalogue {
  static let names = ["seqnas"]

  /// Throws for an unknown name.
  static func space(_ name: String, hasNumericFeatures: Bool) throws -> EventSequenceSpace {
    guard names.contains(name) else { throw CommandError.unknownSpace(name: name, known: names) }
    return EventSequenceSpace(hasNumericFeatures: hasNumericFeatures)
  }

}

/// Reads architectures as the spaces of the catalogue spell them.
final class ArchitectureReader: ArchitectureReading {
  func define(_ space: SpaceCard) throws {}

  func canonicalText(space: String, of text: String) throws -> String {
    try SpaceCatalogue.space(space, hasNumericFeatures: true).parse(text).canonicalText
  }
}
