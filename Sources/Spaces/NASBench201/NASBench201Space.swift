/// The cells of NAS-Bench-201 (Dong and Yang, ICLR 2020), which are the topology space of NATS-Bench: 15,625 cells in
/// 6,466 isomorphism classes.
public struct NASBench201Space: FourNodeSpace, Hashable {
  public typealias Operation = NASBench201Operation

  public init() {}

  public var name: String { "nasbench201" }

  /// `nats`.
  public var publishedIndex: String? { "nats" }

  public static let classRepresentatives = FourNodeClasses<Operation>().representatives

  /// Reads the canonical text, which is the published one, and
  /// - `digits:333132`: the six operations as 0 none, 1 skip, 2 1×1, 3 3×3, 4 pool, in the order of the text;
  /// - `nats:6111`: the number in the published order of NATS-Bench;
  /// - `naslib:2,2,0,2,2,3`: NASLib's operation indexes (0 identity, 1 zero, 2 3×3, 3 1×1, 4 pool) on its edges 1→2,
  ///   1→3, 1→4, 2→3, 2→4, 3→4.
  ///
  /// Throws ``SpacesError/form(space:found:allowed:)``, ``SpacesError/identifier(form:found:allowed:)`` or as the
  /// canonical text's reader.
  public func parse(_ text: String) throws -> Architecture {
    let plain = try PlainText(text, allowed: ["letters of ASCII", "digits", "|", "~", "+", "_", ":", ","])
    switch plain.form {
    case ("digits", let value)?: return try Self.cell(digits: value)
    case ("nats", let value)?: return try Self.cell(natsIndex: value)
    case ("naslib", let value)?: return try Self.cell(naslib: value)
    case let form:
      guard form == nil, plain.bytes.first == UInt8(ascii: "|") else {
        throw SpacesError.form(
          space: name, found: plain.text,
          allowed: ["|op~0|+|op~0|op~1|+|op~0|op~1|op~2|", "digits:333132", "nats:6111", "naslib:2,2,0,2,2,3"])
      }
      return try Architecture(reading: plain)
    }
  }

  /// `digits`, `nats` and `naslib`, as ``parse(_:)`` reads them.
  public func identifiers(of architecture: Architecture) -> [PublishedIdentifier] {
    [
      PublishedIdentifier(name: "digits", value: architecture.digits.map(String.init).joined()),
      PublishedIdentifier(name: "nats", value: "\(natsIndex(of: architecture))"),
      PublishedIdentifier(
        name: "naslib", value: naslibOperations(of: architecture).map(String.init).joined(separator: ",")),
    ]
  }

  /// The number in the published order of NATS-Bench and NAS-Bench-201: 0...15,624.
  public func natsIndex(of architecture: Architecture) -> Int {
    Int(NATSOrder.indexes[Int(architecture.code)])
  }

  /// The cell at `natsIndex` of the published order; nil outside 0...15,624.
  public func architecture(natsIndex: Int) -> Architecture? {
    NATSOrder.codes.indices.contains(natsIndex) ? Architecture(code: Int(NATSOrder.codes[natsIndex])) : nil
  }

  /// NASLib's operation indexes on its edges, which are ordered by source.
  public func naslibOperations(of architecture: Architecture) -> [Int] {
    let digits = architecture.digits
    return FourNodeGraph.sourceOrder.map { Operation.naslibIndexes[digits[$0]] }
  }

  // MARK: Reading identifiers

  private static func cell(digits text: String) throws -> Architecture {
    let digits = text.utf8.map { Int($0) - 0x30 }
    guard digits.count == FourNodeGraph.edges.count, digits.allSatisfy((0..<FourNodeGraph.operationCount).contains)
    else {
      throw SpacesError.identifier(
        form: "digits", found: text, allowed: "six digits 0 to 4 (none, skip, 1x1, 3x3, pool)")
    }
    return Architecture(digits: digits)
  }

  private static func cell(natsIndex text: String) throws -> Architecture {
    let index = try readNumber(text, form: "nats", below: FourNodeGraph.cellCount)
    return Architecture(code: Int(NATSOrder.codes[index]))
  }

  private static func cell(naslib text: String) throws -> Architecture {
    let indexes = text.split(separator: ",", omittingEmptySubsequences: false).map { word in
      word.utf8.count == 1 ? word.utf8.first.map { Int($0) - 0x30 } ?? -1 : -1
    }
    guard indexes.count == FourNodeGraph.edges.count, indexes.allSatisfy((0..<FourNodeGraph.operationCount).contains)
    else {
      throw SpacesError.identifier(
        form: "naslib", found: text,
        allowed: "six numbers 0 to 4 between commas (identity, zero, 3x3, 1x1, pool)")
    }
    return Architecture(digits: FourNodeGraph.sourceOrder.map { Operation.naslibIndexes[indexes[$0]] })
  }
}
