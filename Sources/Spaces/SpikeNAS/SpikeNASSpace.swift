/// The cells of SpikeNAS-Bench (Sun et al., IEEE Transactions on Artificial Intelligence 2024): spiking networks on the
/// graph of NAS-Bench-201, 15,625 cells.
///
/// The authors count no isomorphism classes; those here are the rule of NAS-Bench-201 on these operations, 6,466 too.
public struct SpikeNASSpace: FourNodeSpace, Hashable {
  public typealias Operation = SpikeNASOperation

  public init() {}

  public var name: String { "spikenas" }

  /// `id`.
  public var publishedIndex: String? { "id" }

  public static let classRepresentatives = FourNodeClasses<Operation>().representatives

  /// Reads the canonical text, `|low~0|+|skip~0|mid~1|+|none~0|high~1|low~2|`, and `id:12549`, the published number.
  ///
  /// Throws ``SpacesError/form(space:found:allowed:)``, ``SpacesError/identifier(form:found:allowed:)`` or as the
  /// canonical text's reader.
  public func parse(_ text: String) throws -> Architecture {
    let plain = try PlainText(text, allowed: ["letters of ASCII", "digits", "|", "~", "+", ":"])
    if case ("id", let value)? = plain.form {
      let id = try readNumber(value, form: "id", below: FourNodeGraph.cellCount)
      return Self.cell(publishedNumber: id)
    }
    guard plain.bytes.first == UInt8(ascii: "|") else {
      throw SpacesError.form(
        space: name, found: plain.text, allowed: ["|op~0|+|op~0|op~1|+|op~0|op~1|op~2|", "id:12549"])
    }
    return try Architecture(reading: plain)
  }

  /// `id`, as ``parse(_:)`` reads it.
  public func identifiers(of architecture: Architecture) -> [PublishedIdentifier] {
    [PublishedIdentifier(name: "id", value: "\(publishedNumber(of: architecture))")]
  }

  /// The published number: digits of base 5, the first edge's the least significant, edges 0→1, 0→2, 0→3, 1→2, 1→3,
  /// 2→3.
  public func publishedNumber(of architecture: Architecture) -> Int {
    let digits = architecture.digits
    return FourNodeGraph.sourceOrder.reversed().reduce(0) { $0 * FourNodeGraph.operationCount + digits[$1] }
  }

  /// The cell of a published number; nil outside 0...15,624.
  public func architecture(publishedNumber: Int) -> Architecture? {
    (0..<FourNodeGraph.cellCount).contains(publishedNumber) ? Self.cell(publishedNumber: publishedNumber) : nil
  }

  private static func cell(publishedNumber: Int) -> Architecture {
    var rest = publishedNumber
    let bySource = FourNodeGraph.edges.map { _ in
      defer { rest /= FourNodeGraph.operationCount }
      return rest % FourNodeGraph.operationCount
    }
    return Architecture(digits: FourNodeGraph.sourceOrder.map { bySource[$0] })
  }
}
