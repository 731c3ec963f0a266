/// Comma-separated values as RFC 4180 has them.
public enum SeparatedText {
  /// A field, in quotes where it needs them.
  public static func field(_ text: String) -> String {
    text.utf8.contains { $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  /// A line of fields, without its end.
  public static func line(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") }

  /// The records of a text with the line on which each begins, counted from 1; empty lines are left out. Nil in place of
  /// the fields where quotes are not closed or stand where they may not.
  static func records(_ text: String, _ body: (_ line: Int, _ fields: [String]?) throws -> Void) rethrows {
    var fields: [String] = []
    var field: [UInt8] = []
    var (line, start) = (1, 1)
    var isQuoted = false
    var wasQuoted = false
    var isBroken = false
    func finish() throws {
      if fields.isEmpty, field.isEmpty, !wasQuoted { return }
      try body(start, isBroken ? nil : fields + [String(decoding: field, as: UTF8.self)])
    }
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      if isQuoted {
        if byte == 10 { line += 1 }
        if byte != 34 {
          field.append(byte)
        } else if bytes.first == 34 {
          field.append(34)
          bytes.removeFirst()
        } else {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case 34:
        isBroken = isBroken || !field.isEmpty || wasQuoted
        isQuoted = true
        wasQuoted = true
      case 44:
        fields.append(String(decoding: field, as: UTF8.self))
        field = []
        wasQuoted = false
      case 13 where bytes.first == 10: break
      case 10:
        try finish()
        line += 1
        (fields, field, wasQuoted, isBroken, start) = ([], [], false, false, line)
      default:
        isBroken = isBroken || wasQuoted
        field.append(byte)
      }
    }
    isBroken = isBroken || isQuoted
    try finish()
  }
}
