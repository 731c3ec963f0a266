import Hummingbird
import NIOCore
import Records

/// A request as an operation sees it: parameters read and checked.
struct Call: Sendable {
  let request: Request
  let context: RequestState
  let parameters: QueryParameters
  let settings: ServerSettings
  let shelf: AtlasShelf

  /// A part of the path, percent-decoded.
  func path(_ name: String) throws -> String {
    guard let text = context.parameters.get(name) else { throw Problem.missingParameter(name) }
    return try QueryParameters.decoded(text.utf8, plusIsSpace: false)
  }

  /// The whole body, up to the bytes that the settings allow.
  func body() async throws -> ByteBuffer { try await request.body.collect(upTo: settings.bodyBytes) }

  /// Whether the client asks for this content type by name.
  func accepts(_ type: String) -> Bool {
    request.headers[.accept]?.split(separator: ",").contains { part in
      part.drop { $0 == " " }.prefix { $0 != ";" && $0 != " " } == type
    } ?? false
  }
}
