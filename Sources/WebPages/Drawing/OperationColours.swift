import Records
import Spaces

/// Which colour an operation has in drawings: the same one on every page about a space.
///
/// Colours are classes of the style sheet, `op0` to `op9`. `op0` is grey, for operations that only pass data on.
struct OperationColours {
  private var numbers: [String: Int] = [:]
  private static let count = 9

  /// Numbers the operations that the choices of `space` name, in their order.
  init(_ space: (any TextualSpace)?) {
    for choice in space?.choices?.choices ?? [] {
      for value in choice.values {
        guard case .string(let text) = value, !Self.passes(text), numbers[text] == nil else { continue }
        numbers[text] = numbers.count % Self.count + 1
      }
    }
  }

  private static func passes(_ label: String) -> Bool {
    ["none", "skip", "identity"].contains { label.lowercased().hasPrefix($0) }
  }

  /// Operations of sequences, whose boxes say more than their choices.
  private static let known: [(word: String, number: Int)] = [
    ("cross-attention", 7), ("attention", 5), ("gru", 3), ("convolution", 1), ("time encoding", 6), ("dropout", 8),
    ("pooling", 4),
  ]

  /// The operation without its details: `attention, 4 heads` is `attention`.
  private static func stem(_ label: String) -> String { String(label.prefix { $0 != "," }) }

  func style(_ label: String?) -> String {
    guard let stem = label.map(Self.stem), !Self.passes(stem) else { return "op0" }
    if numbers[stem] == nil, let known = Self.known.first(where: { stem.lowercased().contains($0.word) }) {
      return "op\(known.number)"
    }
    // A number that follows from the name alone keeps its colour on every page (FNV-1a).
    let hash = stem.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return "op\(numbers[stem] ?? Int(hash % UInt32(Self.count)) + 1)"
  }

  /// The operations that drawings show, for a legend; empty for too many to tell apart.
  func legend(of diagrams: [ArchitectureDiagram]) -> [(label: String, style: String)] {
    var used = Set(diagrams.flatMap { $0.arrows.filter(\.isLive).compactMap(\.label) })
    used.formUnion(diagrams.flatMap { $0.boxes.filter { $0.kind == .operation }.map(\.label) })
    let stems = Set(used.map(Self.stem))
    return stems.count <= 12 ? stems.sorted().map { ($0, style($0)) } : []
  }
}
