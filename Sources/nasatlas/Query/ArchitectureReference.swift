import Records
import Spaces
import Store

/// How a user names an architecture: its id, its canonical text, or its architecture vector.
enum ArchitectureReference {
  case id(ArchitectureID)
  case architecture(EventSequenceArchitecture)

  /// Tells the three apart by their looks: 32 hex digits are an id, a text of 0 and 1 is a vector.
  ///
  /// Throws `SpacesError` for a misspelled text or a vector that encodes nothing.
  init(_ text: String) throws {
    if let id = ArchitectureID(hex: text.lowercased()) {
      self = .id(id)
    } else if !text.isEmpty, text.utf8.allSatisfy({ $0 == 0x30 || $0 == 0x31 }) {
      self = .architecture(try EventSequenceArchitecture(architectureVector: text.utf8.map { $0 - 0x30 }))
    } else {
      self = .architecture(try EventSequenceArchitecture(canonicalText: text))
    }
  }

  /// The architecture in `atlas`. Throws `architectureNotInAtlas`, naming the nearest that are there, or `unknownID`.
  func entry(in atlas: Atlas) throws -> ArchitectureEntry {
    switch self {
    case .id(let id):
      guard let entry = try atlas.architecture(id) else {
        throw CommandError.unknownID(id: id.hex, atlas: atlas.path)
      }
      return entry
    case .architecture(let architecture):
      let text = architecture.canonicalText
      if let entry = try atlas.architecture(space: "seqnas", canonicalText: text) { return entry }
      throw CommandError.architectureNotInAtlas(
        text: text, atlas: atlas.path, architectures: try atlas.architectureCount(),
        nearest: try Self.nearest(to: architecture, in: atlas, count: 3))
    }
  }

  /// Those with the fewest other slots in their architecture vectors; ties in the order of the atlas.
  private static func nearest(
    to architecture: EventSequenceArchitecture, in atlas: Atlas, count: Int
  ) throws -> [String] {
    let slots = architecture.packedVector
    let ranked = try atlas.architectures().compactMap { entry -> (distance: Int, text: String)? in
      guard let vector = entry.vector, vector.count == slots.count else { return nil }
      return (zip(vector, slots).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }, entry.canonicalText)
    }
    return ranked.enumerated().sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
      .prefix(count).map(\.element.text)
  }
}
