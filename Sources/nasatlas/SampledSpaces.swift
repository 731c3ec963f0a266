import Foundation
import Records
import Spaces

/// The spaces that the command line knows, by name.
enum SampledSpaces {
  static let names = ["seqnas"]

  /// Throws for an unknown name.
  static func space(_ name: String, hasNumericFeatures: Bool) throws -> EventSequenceSpace {
    guard names.contains(name) else { throw CommandError.unknownSpace(name: name, known: names) }
    return EventSequenceSpace(hasNumericFeatures: hasNumericFeatures)
  }

}
