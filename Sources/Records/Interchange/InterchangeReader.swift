import Foundation

/// Reads an NDJSON file: cards, runs and measurements, one JSON object a line, as `schemas/interchange.schema.json`
/// describes them.
///
/// Total: any bytes give entries or, line by line, the reason why not. A run or measurement names its protocol by the
/// name of a card that came before, or by digest.
package struct InterchangeReader {
  package enum Item {
    case entry(JournalEntry)
    /// Why the line cannot be read.
    case bad(String)
    /// The line needs a space or a protocol whose own line is bad, so that the complaint about that line is enough.
    case follows
  }

  package let path: String
  /// Number of the line that ``next()`` gave last, counted from 1.
  package private(set) var line = 0
  private let file: SystemFile
  private var buffer: [UInt8] = []
  private var start = 0
  private var offset = 0
  private var protocols: [String: Digest256]
  /// Names of spaces and protocols whose lines are bad.
  private var lostSpaces: Set<String> = []
  private var lostProtocols: Set<String> = []
  private let decoder: JSONDecoder
  private var text = JSONText()
  private static let chunkBytes = 1 << 20
  private static let longestLine = 64 << 20

  /// `protocols` are the digests of protocols that are known already, by name.
  package init(path: String, protocols: [String: Digest256]) throws(RecordsError) {
    self.path = path
    self.protocols = protocols
    file = try SystemFile(path, .read)
    decoder = CanonicalJSON.decoder()
  }

  /// The next entry or complaint; nil at the end. Empty lines are passed over.
  package mutating func next() throws(RecordsError) -> Item? {
    while let bytes = try nextLine() {
      line += 1
      if bytes.count > Self.longestLine { return .bad("the line is longer than \(Self.longestLine) bytes") }
      if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0d || $0 == 0x09 }) { continue }
      do {
        let line = try decoder.decode(InterchangeLine.self, from: Data(bytes))
        if let name = bytes.withUnsafeBufferPointer({ text.doubledMember(in: $0) }) {
          throw Complaint("an object has the key \(name.debugDescription) twice; write it once")
        }
        if needsLost(line) { return .follows }
        return .entry(try entry(line))
      } catch {
        lose(bytes)
        return .bad(Self.reason(error, bytes))
      }
    }
    return nil
  }

  // MARK: Lines that follow from a bad one

  /// Passes over the lines of a space whose definition was refused.
  package mutating func lose(space: String) { lostSpaces.insert(space) }

  private func needsLost(_ line: InterchangeLine) -> Bool {
    guard !lostSpaces.isEmpty || !lostProtocols.isEmpty else { return false }
    let (space, trainingProtocol): (String, String?)
    switch line {
    case .card: return false
    case .run(let run): (space, trainingProtocol) = (run.key.space, run.key.protocol)
    case .measurement(let written): (space, trainingProtocol) = (written.space, written.protocol)
    }
    return lostSpaces.contains(space)
      || trainingProtocol.map { lostProtocols.contains($0) && protocols[$0] == nil } ?? false
  }

  /// Remembers the space or the protocol that the bad line `bytes` was to define.
  private mutating func lose(_ bytes: ArraySlice<UInt8>) {
    struct Named: Decodable { let name: String? }
    struct Line: Decodable {
      let space: Named?
      let `protocol`: Named?
    }
    if let line = try? decoder.decode(Line.self, from: Data(bytes)) {
      if let name = line.space?.name { lostSpaces.insert(name) }
      if let name = line.protocol?.name { lostProtocols.insert(name) }
      return
    }
    // A line that is not JSON: its first members still say what it was meant to be.
    let head = String(decoding: bytes.prefix(1 << 12), as: UTF8.self)
    let pattern = /^\s*\{\s*"(space|protocol)"\s*:\s*\{\s*"name"\s*:\s*"([^"\\]*)"/
    guard let match = head.firstMatch(of: pattern) else { return }
    if match.1 == "space" { lostSpaces.insert(String(match.2)) } else { lostProtocols.insert(String(match.2)) }
  }

  private mutating func entry(_ line: InterchangeLine) throws -> JournalEntry {
    switch line {
    case .card(let card):
      if case .trainingProtocol(let card) = card { protocols[card.name] = card.digest }
      return card
    case .run(let run):
      var record = run.record
      if let name = run.key.protocol { record.key.protocolDigest = try digest(ofProtocol: name) }
      return .run(record)
    case .measurement(let written):
      var quantity = written.quantity
      if let name = written.protocol { quantity.protocolDigest = try digest(ofProtocol: name) }
      return .measurement(
        ArchitectureMeasurement(
          space: written.space, architecture: written.architecture, quantity: quantity, value: written.value,
          costSeconds: written.costSeconds))
    }
  }

  private func digest(ofProtocol name: String) throws -> Digest256 {
    if let digest = protocols[name] { return digest }
    let known = protocols.keys.sorted().prefix(20).joined(separator: ", ")
    throw Complaint(
      "no protocol \(name.debugDescription) came before this line; "
        + (known.isEmpty ? "no protocol is known" : "known: \(known)"))
  }

  /// The bytes up to the next line feed, or the last ones; nil at the end.
  private mutating func nextLine() throws(RecordsError) -> ArraySlice<UInt8>? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0a) {
        defer { start = end + 1 }
        return buffer[start..<end]
      }
      searched = buffer.count - start
      buffer.removeSubrange(..<start)
      start = 0
      // What is longer than a line may be is not kept: the end of the line is looked for in what follows.
      if buffer.count > Self.longestLine {
        buffer.removeSubrange((Self.longestLine + 1)...)
        searched = buffer.count
      }
      let more = try file.read(at: offset, count: Self.chunkBytes)
      guard !more.isEmpty else {
        guard !buffer.isEmpty else { return nil }
        defer { start = buffer.count }
        return buffer[...]
      }
      offset += more.count
      buffer += more
    }
  }

  private struct Complaint: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private static func reason(_ error: any Error, _ bytes: ArraySlice<UInt8>) -> String {
    if let complaint = error as? Complaint { return complaint.reason }
    let reason = DecodingWords.reason(error, whole: "the line")
    guard reason == DecodingWords.notJSON("the line"),
      let number = bytes.withUnsafeBufferPointer({ JSONText.bareNonFinite(in: $0) })
    else { return reason }
    return "\(reason): it has \(number.found); write \"\(number.written)\" as text"
  }
}
