import Foundation

/// Plain words for what a JSON decoder refuses.
package enum DecodingWords {
  /// The reason with its place in the document; `whole` names the document, for example `the line`.
  package static func reason(_ error: any Error, whole: String) -> String {
    switch error {
    case let error as any UserFacingError: return error.message
    case DecodingError.keyNotFound(let key, let context):
      return "\(place(context.codingPath))the key \(key.stringValue.debugDescription) is missing"
    case DecodingError.typeMismatch(let type, let context), DecodingError.valueNotFound(let type, let context):
      return "\(place(context.codingPath))\(words(type)) is expected here"
    case DecodingError.dataCorrupted(let context):
      // Foundation's words for what its scanner refuses; what our own decoders refuse has words of its own.
      let isNoJSON =
        context.codingPath.isEmpty
        && (context.underlyingError != nil || context.debugDescription.hasPrefix("The given data was not valid JSON"))
      return isNoJSON ? notJSON(whole) : "\(place(context.codingPath))\(said(context.debugDescription))"
    default: return "\(error)"
    }
  }

  /// What ``reason(_:whole:)`` says of a document that is not JSON.
  package static func notJSON(_ whole: String) -> String { "\(whole) is not JSON" }

  /// What a decoder says of a value, without the Swift type of an enumeration.
  private static func said(_ description: String) -> String {
    guard description.hasPrefix("Cannot initialize "), let value = description.range(of: " value ") else {
      return description
    }
    return "\(description[value.upperBound...]) is not one of the allowed values"
  }

  /// JSON's word for what a type is decoded from.
  private static func words(_ type: any Any.Type) -> String {
    switch type {
    case is String.Type: return "a text"
    case is Bool.Type: return "true or false"
    case is any BinaryInteger.Type: return "a whole number"
    case is any BinaryFloatingPoint.Type: return "a number"
    default:
      // Decoders name containers by their Swift types, such as Dictionary<String, Any>.
      let name = "\(type)"
      return name.hasPrefix("Dictionary") ? "an object" : name.hasPrefix("Array") ? "a list" : "another value"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    let text = path.reduce(into: "") { text, key in
      text += key.intValue.map { "[\($0)]" } ?? (text.isEmpty ? key.stringValue : ".\(key.stringValue)")
    }
    return text.isEmpty ? "" : text + ": "
  }
}
