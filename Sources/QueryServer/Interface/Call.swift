import Foundation
import Hummingbird
import NIOFoundationCompat
import NIOCore
import Records

/// A request as an operation sees it: parameters read and checked.
struct Call: Sendable {
  let request: Request
  let context: RequestState
  let parameters: QueryParameters
  let settings: ServerSettings
  let shelf: AtlasShelf
  /// Nil where the server keeps no ledgers.
  let book: LedgerBook?

  /// A part of the path, percent-decoded.
  func path(_ name: String) throws -> String {
    guard let text = context.parameters.get(name) else { throw Problem.missingParameter(name) }
    return try QueryParameters.decoded(text, plusIsSpace: false)
  }

  /// The body as JSON, one object with no other members than those of `allowed`. Throws a ``Problem`` with `hint`.
  func read<Body: Decodable>(_ type: Body.Type, allowed: [String], hint: String) async throws -> Body {
    let body = Data(buffer: try await body())
    guard case .object(let members)? = try? CanonicalJSON.decode(JSONValue.self, from: body),
      let found = try? JSONDecoder().decode(type, from: body)
    else { throw Problem.badBody("the body is not what is wanted here", hint: hint) }
    if let unknown = members.keys.sorted().first(where: { !allowed.contains($0) }) {
      throw Problem(
        .badRequest, "server.unknown_member", "there is no member \(unknown.prefix(100)) here", hint: hint,
        allowed: allowed)
    }
    return found
  }

  /// The whole body, up to the bytes that the settings allow.
  func body() async throws -> ByteBuffer { try await request.body.collect(upTo: settings.bodyBytes) }
}
