public import Spaces

/// How a predictor wants to see an architecture, whatever the space.
///
/// A choice is made concrete by a space: `summary` is `flow-summary` in NAS-Bench-201.
public enum EncodingChoice: Hashable, Sendable {
  /// The space's own 0/1 slots: its first encoding.
  case slots
  /// A few dozen telling numbers: of flow and live paths, of paths to leaves, of blocks; where a space has none, what
  /// comes nearest.
  case summary
  /// How often each sequence of operations is on a live path, where there are cells (in trees, how often each operation
  /// stands below each other one); else the slots.
  case paths
  /// Which paths there are, as 0/1 slots, where a space has them; else as `paths`.
  case presentPaths
  /// A sequence of tokens, for models that read.
  case sequence
  /// Vertices with labels and edges, for graph kernels.
  case graph
  /// An encoding of the space by its name.
  case named(String)
  /// A measured quantity of the architecture, such as `parameters` or `synflow`; NaN where it was not measured.
  case measurement(String)

  /// The names of encodings that make the choice concrete, the best first; empty for measurements.
  private var candidates: [String] {
    switch self {
    case .slots, .measurement: []
    case .summary: ["flow-summary", "path-summary", "block-summary", "live-path-summary", "scaled", "ordinal"]
    case .paths: ["pair-counts", "live-path-counts"]
    case .presentPaths: ["path", "live-path-counts"]
    case .sequence: ["sequence", "categorical", "ordinal"]
    case .graph: ["graph"]
    case .named(let name): [name]
    }
  }

  /// The name of the encoding of `space` that is meant; nil for a measurement.
  ///
  /// Throws ``SurrogatesError/noEncoding(wanted:known:)`` where the space has none.
  public func encoding(of space: any TextualSpace) throws -> String? {
    if case .measurement = self { return nil }
    let known = space.encodings
    if let found = candidates.first(where: known.contains) { return found }
    switch self {
    case .slots, .summary, .paths, .presentPaths:
      if let first = known.first { return first }
    case .sequence, .graph, .named, .measurement: break
    }
    throw SurrogatesError.noEncoding(wanted: description, known: known)
  }
}

extension EncodingChoice: CustomStringConvertible {
  /// `slots`, `summary`, `paths`, `present-paths`, `sequence`, `graph`, the name of an encoding, or `measurement:NAME`.
  public var description: String {
    switch self {
    case .slots: "slots"
    case .summary: "summary"
    case .paths: "paths"
    case .presentPaths: "present-paths"
    case .sequence: "sequence"
    case .graph: "graph"
    case .named(let name): name
    case .measurement(let name): "measurement:\(name)"
    }
  }

  /// Reads ``description``; a text that is none of the words names an encoding.
  public init(_ text: String) {
    switch text {
    case "slots": self = .slots
    case "summary": self = .summary
    case "paths": self = .paths
    case "present-paths": self = .presentPaths
    case "sequence": self = .sequence
    case "graph": self = .graph
    default:
      let prefix = "measurement:"
      self = text.hasPrefix(prefix) ? .measurement(String(text.dropFirst(prefix.count))) : .named(text)
    }
  }
}
