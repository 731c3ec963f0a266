import HTTPTypes
import NIOCore
import NIOHTTP1

/// Answers to the questions that algorithms ask thousands of times a second, value and values, as whole bytes of HTTP.
///
/// Only what is found and in order is answered here, with the very operations, limits and fields that the router's way
/// has; all else is nobody's question, and the router's way says what is wrong with it.
struct ShortAnswers: Sendable {
  /// A request that may be answered here.
  struct Question: Sendable {
    let head: HTTPRequestHead
    fileprivate let operation: Operation
    fileprivate let atlas: String
    fileprivate let query: String
    fileprivate let fields: Fields
    fileprivate let start: ContinuousClock.Instant
    private(set) var body: ByteBuffer?
    /// It is about many values.
    var isBatch: Bool { operation == .values }

    mutating func append(_ bytes: ByteBuffer) {
      if body == nil { body = bytes } else { body?.writeImmutableBuffer(bytes) }
    }
  }

  fileprivate enum Operation: Sendable { case value, values }

  /// The fields of a request that matter here.
  fileprivate struct Fields: Sendable {
    var id: String?
    var authorization: String?
    var accept: String?
    var contentType: String?
    var contentLength: String?
    var acceptEncoding: String?
  }

  let shelf: AtlasShelf
  let settings: ServerSettings
  let rate: RateLimit
  let tokens: BearerTokens
  let log: RequestLog
  private let routes: AnswerRoutes
  private let value: Endpoint
  private let values: Endpoint
  private let commonFields: ByteBuffer
  private let date = HTTPDate()
  private let clock = ContinuousClock()
  /// Longer batches are the router's, which reads them piece by piece.
  private static let longestBatch = 131_072

  init(interface: Interface, settings: ServerSettings, rate: RateLimit, tokens: BearerTokens, log: RequestLog) {
    shelf = interface.shelf
    self.settings = settings
    self.rate = rate
    self.tokens = tokens
    self.log = log
    routes = AnswerRoutes(settings: settings)
    value = routes.oneValue
    values = routes.manyValues
    commonFields = CommonFields(settings).bytes
  }

  // MARK: Which

  /// The question that begins with `head`; nil where the router has to answer.
  func question(_ head: HTTPRequestHead) -> Question? {
    let prefix = "/v1/atlases/"
    guard head.method == .GET || head.method == .POST, head.version == .http1_1, head.uri.hasPrefix(prefix) else {
      return nil
    }
    let path = head.uri.utf8.dropFirst(prefix.utf8.count)
    guard let slash = path.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    let end = path[slash...].firstIndex(of: UInt8(ascii: "?")) ?? path.endIndex
    let operation: Operation
    switch (head.method, head.uri[slash..<end]) {
    case (.GET, "/value"): operation = .value
    case (.POST, "/values"): operation = .values
    default: return nil
    }
    guard head.uri.utf8.count <= settings.urlBytes, let fields = fields(head.headers) else { return nil }
    if operation == .value {
      guard fields.contentLength == nil else { return nil }
    } else {
      guard let length = fields.contentLength.flatMap({ Int($0) }),
        length <= min(Self.longestBatch, settings.bodyBytes)
      else { return nil }
    }
    return Question(
      head: head, operation: operation, atlas: String(head.uri[path.startIndex..<slash]),
      query: end < path.endIndex ? String(head.uri[path.index(after: end)...]) : "", fields: fields, start: clock.now)
  }

  /// Nil where a field asks for more than an answer, or comes twice.
  private func fields(_ headers: HTTPHeaders) -> Fields? {
    var fields = Fields()
    func take(_ field: WritableKeyPath<Fields, String?>, _ value: String) -> Bool {
      guard fields[keyPath: field] == nil else { return false }
      fields[keyPath: field] = value
      return true
    }
    for (name, value) in headers {
      let isTaken =
        switch name.lowercased() {
        case "connection": value.lowercased() == "keep-alive"
        case "transfer-encoding", "expect", "upgrade", "if-none-match": false
        case "content-length": take(\.contentLength, value)
        case "content-type": take(\.contentType, value)
        case "accept": take(\.accept, value)
        case "accept-encoding": take(\.acceptEncoding, value)
        case "authorization": take(\.authorization, value)
        case "x-request-id": take(\.id, value)
        default: true
        }
      guard isTaken else { return nil }
    }
    return fields
  }

  // MARK: What

  /// The whole answer; nil where the router has to give it.
  func answer(_ question: Question, address: String) -> ByteBuffer? {
    guard !settings.readingNeedsToken || tokens.accept(question.fields.authorization),
      let (atlas, isPinned) = try? shelf.atlas(question.atlas)
    else { return nil }
    let endpoint = question.operation == .value ? value : values
    guard let parameters = try? QueryParameters(question.query, endpoint.parameters) else { return nil }
    let found: (body: ByteBuffer, type: String)
    switch question.operation {
    case .value:
      guard let body = try? routes.value(parameters, atlas, isShort: true) else { return nil }
      found = (body, "application/json")
    case .values:
      let batch = AnswerRoutes.Batch(
        body: question.body ?? ByteBuffer(), contentType: question.fields.contentType, accept: question.fields.accept)
      guard let answer = try? routes.values(parameters, atlas, batch, isShort: true) else { return nil }
      found = answer
    }
    let isCompressed = question.fields.acceptEncoding != nil && found.body.readableBytes >= Compression.leastBytes
    guard !isCompressed, rate.take(address, now: question.start) == nil else { return nil }
    let id = RequestName(question.fields.id) ?? .fresh()
    log.add(
      id: id, method: endpoint.method.rawValue, path: question.head.uri.prefix { $0 != "?" }, route: endpoint.path,
      status: 200,
      duration: clock.now - question.start)
    return bytes(found.body, type: found.type, endpoint, atlas, isPinned, id)
  }

  private func bytes(
    _ body: ByteBuffer, type: String, _ endpoint: Endpoint, _ atlas: ServedAtlas, _ isPinned: Bool, _ id: RequestName
  ) -> ByteBuffer {
    var answer = ByteBufferAllocator().buffer(capacity: 1_024 + body.readableBytes)
    answer.writeStaticString("HTTP/1.1 200 OK\r\n")
    answer.writeImmutableBuffer(commonFields)
    answer.writeStaticString("Content-Type: ")
    answer.writeString(type)
    if endpoint.followsFromAtlas {
      answer.writeStaticString("\r\nETag: ")
      answer.writeString(atlas.entityTag)
    }
    answer.writeStaticString("\r\nCache-Control: ")
    answer.writeString(endpoint.cacheControl(isPinned: isPinned, settings))
    answer.writeStaticString("\r\nX-Request-ID: ")
    answer.writeString(id.text)
    answer.writeStaticString("\r\nDate: ")
    date.write(to: &answer)
    answer.writeStaticString("\r\nContent-Length: ")
    answer.writeString(String(body.readableBytes))
    answer.writeStaticString("\r\n\r\n")
    answer.writeImmutableBuffer(body)
    return answer
  }
}
