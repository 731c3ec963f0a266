/// Reads the JSON of a body once, from front to back, and stops at the first byte that the operation does not take.
///
/// The operation asks for each value by its type, so the reader never enters a value that nobody wants: nesting is as
/// deep as the operation asks, and lists, numbers and texts have limits. A body of two million zeros costs as little
/// as one zero where a text is wanted.
struct JSONReader {
  /// Why reading stopped at ``place``.
  enum Fault: Error, Hashable {
    case wanted(String)
    case unknownMember(String, allowed: [String])
    case repeatedMember(String)
    case missingMember(String)
  }

  /// A text as it was met.
  enum Text {
    /// Bytes of the body: ASCII without escapes.
    case plain(Range<Int>)
    case decoded(String)
  }

  /// Bytes of the longest text, and of the longest number.
  static let longestText = 65_536
  static let longestNumber = 100

  let bytes: UnsafeRawBufferPointer
  var place = 0

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  // MARK: Structure

  /// Reads one object and nothing behind it; `take` reads the value of each member. Throws ``Fault``.
  mutating func object(
    _ members: [String], required: [String], _ take: (String, inout JSONReader) throws -> Void
  ) throws {
    guard accept("{") else { throw Fault.wanted("an object") }
    var seen: [String] = []
    if !accept("}") {
      repeat {
        let name = try text("a key")
        guard members.contains(name) else { throw Fault.unknownMember(name, allowed: members) }
        guard !seen.contains(name) else { throw Fault.repeatedMember(name) }
        seen.append(name)
        guard accept(":") else { throw Fault.wanted("a colon") }
        try take(name, &self)
      } while accept(",")
      guard accept("}") else { throw Fault.wanted("a comma or }") }
    }
    if let missing = required.first(where: { !seen.contains($0) }) { throw Fault.missingMember(missing) }
    skipBlanks()
    guard place == bytes.count else { throw Fault.wanted("the end of the body") }
  }

  /// Reads a list; stops behind one item more than `limit`, which the caller refuses.
  mutating func list<Item>(limit: Int, of wanted: String, _ item: (inout JSONReader) -> Item?) throws -> [Item] {
    guard accept("[") else { throw Fault.wanted("a list") }
    var items: [Item] = []
    if accept("]") { return items }
    // A guess of the shortest; the request frees what is too much.
    items.reserveCapacity(min(limit + 1, bytes.count / 16))
    repeat {
      guard let found = item(&self) else { throw Fault.wanted(wanted) }
      items.append(found)
      if items.count > limit { return items }
    } while accept(",")
    guard accept("]") else { throw Fault.wanted("a comma or ]") }
    return items
  }

  // MARK: Values

  /// A text; throws ``Fault/wanted(_:)`` for anything else.
  mutating func text(_ wanted: String = "a text") throws -> String {
    switch string() {
    case .plain(let range)?: return String(decoding: bytes[range], as: UTF8.self)
    case .decoded(let text)?: return text
    case nil: throw Fault.wanted(wanted)
    }
  }

  /// A number of at most ``longestNumber`` bytes; infinite where it is too large for 64 bits.
  mutating func number() throws -> Double {
    guard let found = numberIfAny() else { throw Fault.wanted("a number") }
    return found
  }

  /// A number without a fraction in `range`.
  mutating func whole(in range: ClosedRange<Int>) throws -> Int {
    let start = place
    guard let found = numberIfAny(), let number = Int(exactly: found), range.contains(number) else {
      place = start
      throw Fault.wanted("a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  mutating func flag() throws -> Bool {
    skipBlanks()
    for (word, value) in [("true", true), ("false", false)] where bytes[place...].starts(with: word.utf8) {
      place += word.utf8.count
      return value
    }
    throw Fault.wanted("true or false")
  }

  /// An architecture as a body names it: a text or a place.
  mutating func architecture() -> KeyBatch.Key? {
    skipBlanks()
    guard place < bytes.count else { return nil }
    guard bytes[place] == UInt8(ascii: "\"") else { return placeNumber().map { .place($0) } }
    return switch string() {
    case .plain(let range)?: .plain(range)
    case .decoded(let text)?: .text(text)
    case nil: nil
    }
  }

  /// The one architecture that a body names.
  mutating func oneArchitecture() throws -> ArchitectureKey {
    guard let found = architecture() else { throw Fault.wanted("a text or a place from 0") }
    return named(found)
  }

  /// A key that this reader met, by itself.
  func named(_ key: KeyBatch.Key) -> ArchitectureKey {
    switch key {
    case .plain(let range): .text(String(decoding: bytes[range], as: UTF8.self))
    case .text(let text): .text(text)
    case .place(let place): .place(place)
    }
  }

  /// Nil, with ``place`` where it was, for what is no number of JSON.
  mutating func numberIfAny() -> Double? {
    skipBlanks()
    let start = place
    func fail() -> Double? {
      place = start
      return nil
    }
    if next == UInt8(ascii: "-") { place += 1 }
    let whole = place
    skip(while: 0x30...0x39)
    guard place > whole, bytes[whole] != 0x30 || place == whole + 1 else { return fail() }
    if next == UInt8(ascii: ".") {
      place += 1
      let point = place
      skip(while: 0x30...0x39)
      guard place > point else { return fail() }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      place += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { place += 1 }
      let exponent = place
      skip(while: 0x30...0x39)
      guard place > exponent else { return fail() }
    }
    guard place - start <= Self.longestNumber,
      let number = Double(String(decoding: bytes[start..<place], as: UTF8.self))
    else { return fail() }
    return number
  }

  /// A place, 0 to 2³² - 1; some languages write whole numbers with a point and zeros.
  private mutating func placeNumber() -> Int? {
    let start = place
    skip(while: 0x30...0x39)
    guard (1...10).contains(place - start),
      let number = UInt32(String(decoding: bytes[start..<place], as: UTF8.self))
    else {
      place = start
      return nil
    }
    if next == UInt8(ascii: ".") {
      place += 1
      let point = place
      skip(while: 0x30...0x30)
      if place == point { return nil }
    }
    return Int(number)
  }

  // MARK: Bytes

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  /// Never runs further than the longest text, or the longest number.
  private mutating func skip(while range: ClosedRange<UInt8>) {
    let end = min(bytes.count, place + Self.longestNumber + 1)
    while place < end, range.contains(bytes[place]) { place += 1 }
  }

  mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  mutating func skipBlanks() {
    while place < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[place]) { place += 1 }
  }
}
