import HTTPTypes
import Hummingbird
import NIOCore

/// A request as an operation sees it: parameters read and checked.
struct Call: Sendable {
  let request: Request
  let context: RequestState
  let parameters: QueryParameters
  let settings: ServerSettings
  let shelf: AtlasShelf
  /// Nil where the server keeps no ledgers.
  let book: LedgerBook?
  let memory: AnswerMemory

  /// A part of the path, percent-decoded.
  func path(_ name: String) throws -> String {
    guard let text = context.parameters.get(name) else { throw Problem.missingParameter(name) }
    return try QueryParameters.decoded(text, plusIsSpace: false)
  }

  /// The whole body. Throws a ``Problem`` for one that is longer than the settings allow, before it is read where its
  /// length is said.
  func body() async throws -> ByteBuffer {
    let length = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    guard length <= settings.bodyBytes else { throw Problem.bodyTooLong(limit: settings.bodyBytes) }
    return try await request.body.collect(upTo: settings.bodyBytes)
  }
}
