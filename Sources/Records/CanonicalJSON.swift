public import Foundation

/// JSON in one spelling: keys sorted, no white space, shortest decimal that reads back to the same number. Equal values
/// give equal bytes, so a digest of the text is a digest of the value. Non-finite numbers are the strings `nan`, `inf`
/// and `-inf`.
public enum CanonicalJSON {
  public static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(value)
  }

  public static func text(_ value: some Encodable) throws -> String {
    String(decoding: try encode(value), as: UTF8.self)
  }

  public static func decode<T: Decodable>(_ type: T.Type, from bytes: Data) throws -> T {
    try decoder().decode(type, from: bytes)
  }

  static func decoder() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }

  /// SHA-256 of the canonical text.
  public static func digest(_ value: some Encodable) throws -> Digest256 {
    Digest256(of: try encode(value))
  }
}
