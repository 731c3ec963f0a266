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
    fileprivate let atlas: ServedAtlas
    fileprivate let isPinned: Bool
    fileprivate let fields: Fields
    fileprivate let start: ContinuousClock.Instant
    private(set) var body: ByteBuffer?
    /// It is about many values.
    var isBatch: Bool { if case .values = operation { true } else { false } }

    mutating func append(_ bytes: ByteBuffer) {
      if body == nil { body = bytes } else { body?.writeImmutableBuffer(bytes) }
    }
  }

  /// An answer as bytes. A body that other connections send too is not copied behind the head.
  struct Answer: Sendable {
    /// With the body where that is short.
    fileprivate(set) var head: ByteBuffer
    fileprivate(set) var body: ByteBuffer?

    /// Longer bodies are not copied behind their heads.
    fileprivate static let shortBody = 16_384
  }

  fileprivate enum Operation: Sendable {
    case value(QueryParameters)
    /// A batch, all but its body.
    case values(AnswerRoutes.BatchForm)
    /// Whatever ``KeptAnswers`` may have.
    case kept(isPage: Bool)
  }

  /// The fields of a request that matter here.
  fileprivate struct Fields: Sendable {
    var id: String?
    var authorization: String?
    var accept: String?
    var contentType: String?
    var contentLength: String?
    var acceptEncoding: String?
    var host: String?
    var forwardedProtocol: String?
  }

  let shelf: AtlasShelf
  let settings: ServerSettings
  let rate: RateLimit
  let tokens: BearerTokens
  let log: RequestLog
  private let kept: KeptAnswers
  private let routes: AnswerRoutes
  private let value: Endpoint
  private let values: Endpoint
  private let commonFields: ByteBuffer
  /// Those of an answer that has a content security policy of its own.
  private let pageCommonFields: ByteBuffer
  private let date = HTTPDate()
  private let clock = ContinuousClock()
  /// Longer batches are the router's, which reads them piece by piece.
  private static let longestBatch = 131_072

  init(interface: Interface, settings: ServerSettings, rate: RateLimit, tokens: BearerTokens, log: RequestLog) {
    shelf = interface.shelf
    kept = interface.kept
    self.settings = settings
    self.rate = rate
    self.tokens = tokens
    self.log = log
    routes = AnswerRoutes(settings: settings)
    value = routes.oneValue
    values = routes.manyValues
    let common = CommonFields(settings)
    commonFields = common.bytes()
    pageCommonFields = common.bytes(without: .contentSecurityPolicy)
  }

  // MARK: Which

  /// The question that begins with `head`; nil where the router has to answer, which says before the body comes what is
  /// wrong with the rest.
  func question(_ head: HTTPRequestHead) -> Question? {
    guard head.method == .GET || head.method == .POST, head.version == .http1_1,
      let prefix = ["/v1/atlases/", "/atlases/"].first(where: { head.uri.hasPrefix($0) })
    else { return nil }
    let path = head.uri.utf8.dropFirst(prefix.utf8.count)
    let end = path.firstIndex(of: UInt8(ascii: "?")) ?? path.endIndex
    let slash = path[..<end].firstIndex(of: UInt8(ascii: "/")) ?? end
    guard head.uri.utf8.count <= settings.urlBytes, let fields = fields(head.headers) else { return nil }
    if head.method == .GET {
      guard fields.contentLength == nil else { return nil }
    } else {
      guard let length = fields.contentLength.flatMap({ Int($0) }),
        length <= min(Self.longestBatch, settings.bodyBytes)
      else { return nil }
    }
    let start = clock.now
    guard !settings.readingNeedsToken || tokens.accept(fields.authorization),
      let (atlas, isPinned) = try? shelf.atlas(String(head.uri[path.startIndex..<slash]))
    else { return nil }
    func parameters(_ endpoint: Endpoint) -> QueryParameters? {
      try? QueryParameters(
        end < path.endIndex ? String(head.uri[path.index(after: end)...]) : "", endpoint.parameters)
    }
    let operation: Operation
    switch (head.method, prefix, head.uri[slash..<end]) {
    case (.GET, "/v1/atlases/", "/value"):
      guard let parameters = parameters(value) else { return nil }
      operation = .value(parameters)
    case (.POST, "/v1/atlases/", "/values"):
      guard let parameters = parameters(values),
        let form = try? AnswerRoutes.BatchForm(
          parameters, contentType: fields.contentType, accept: fields.accept)
      else { return nil }
      operation = .values(form)
    case (.GET, _, _): operation = .kept(isPage: prefix == "/atlases/")
    default: return nil
    }
    return Question(
      head: head, operation: operation, atlas: atlas, isPinned: isPinned, fields: fields, start: start)
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
        case "host": take(\.host, value)
        case "x-forwarded-proto": take(\.forwardedProtocol, value)
        default: true
        }
      guard isTaken else { return nil }
    }
    return fields
  }

  // MARK: What

  /// The whole answer; nil where the router has to give it.
  func answer(_ question: Question, address: String) -> Answer? {
    let atlas = question.atlas
    let found: (body: ByteBuffer, type: String)
    let endpoint: Endpoint
    switch question.operation {
    case .kept(let isPage): return kept(question, atlas, isPage: isPage, address: address)
    case .value(let parameters):
      guard let body = try? routes.value(parameters, atlas, isShort: true) else { return nil }
      (found, endpoint) = ((body, "application/json"), value)
    case .values(let form):
      guard let answer = try? routes.values(of: question.body ?? ByteBuffer(), form, atlas, isShort: true)
      else { return nil }
      (found, endpoint) = (answer, values)
    }
    let isCompressed = question.fields.acceptEncoding != nil && found.body.readableBytes >= Compression.leastBytes
    guard !isCompressed, rate.take(address, now: question.start) == nil else { return nil }
    var lines = ByteBufferAllocator().buffer(capacity: 256)
    lines.writeStaticString("Content-Type: ")
    lines.writeString(found.type)
    if endpoint.followsFromAtlas {
      lines.writeStaticString("\r\nETag: ")
      lines.writeString(atlas.entityTag)
    }
    lines.writeStaticString("\r\nCache-Control: ")
    lines.writeString(endpoint.cacheControl(isPinned: question.isPinned, settings))
    lines.writeStaticString("\r\n")
    return bytes(found.body, commonFields, lines, logged(question, route: endpoint.path))
  }

  /// An answer that was computed before.
  private func kept(_ question: Question, _ atlas: ServedAtlas, isPage: Bool, address: String) -> Answer? {
    let fields = question.fields
    let origin =
      isPage
      ? PageRoutes.origin(
        authority: fields.host, isForwardedFromHTTPS: fields.forwardedProtocol == "https", settings) : ""
    let key = KeptAnswers.Key(atlas, target: question.head.uri, origin: origin)
    guard let found = kept.find(key), rate.take(address, now: question.start) == nil else { return nil }
    let id = logged(question, route: found.route)
    let common = found.fields[.contentSecurityPolicy] == nil ? commonFields : pageCommonFields
    guard let packed = found.packed, Compression.takesGzip(fields.acceptEncoding) else {
      return bytes(found.body, common, found.lines, id)
    }
    var lines = found.lines
    lines.writeStaticString("Content-Encoding: gzip\r\n")
    return bytes(packed, common, lines, id)
  }

  /// Counts and logs a request that is answered; its id.
  private func logged(_ question: Question, route: String) -> RequestName {
    let id = RequestName(question.fields.id) ?? .fresh()
    log.add(
      id: id, method: question.head.method.rawValue, path: question.head.uri.prefix { $0 != "?" }, route: route,
      status: 200, duration: clock.now - question.start)
    return id
  }

  private func bytes(_ body: ByteBuffer, _ common: ByteBuffer, _ lines: ByteBuffer, _ id: RequestName) -> Answer {
    let isShort = body.readableBytes <= Answer.shortBody
    var answer = ByteBufferAllocator().buffer(capacity: 1_024 + (isShort ? body.readableBytes : 0))
    answer.writeStaticString("HTTP/1.1 200 OK\r\n")
    answer.writeImmutableBuffer(common)
    answer.writeImmutableBuffer(lines)
    answer.writeStaticString("X-Request-ID: ")
    answer.writeString(id.text)
    answer.writeStaticString("\r\nDate: ")
    date.write(to: &answer)
    answer.writeStaticString("\r\nContent-Length: ")
    answer.writeString(String(body.readableBytes))
    answer.writeStaticString("\r\n\r\n")
    guard isShort else { return Answer(head: answer, body: body) }
    answer.writeImmutableBuffer(body)
    return Answer(head: answer)
  }
}
