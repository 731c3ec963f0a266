import Benchmarks
import HTTPTypes
import Hummingbird
import NIOCore
import Records
import Store

/// Answers that are computed once and kept: pages, charts, rankings, fronts and all else that follows from an immutable
/// atlas and the request alone.
///
/// The key is the digest of the atlas, what of it is disclosed, and the whole question, so an answer can never be that
/// of another atlas. Whoever looks an answer up must have admitted the request before: tokens and rates come first.
/// Many who ask the same at once wait for one computation. At most `byteLimit` bytes are kept, the least recently used
/// leave first.
final class KeptAnswers: Sendable {
  struct Key: Hashable, Sendable {
    let digest: Digest256
    let disclosure: Disclosure
    /// Path and query as the client wrote them.
    let target: String
    /// The address of the server as the client knows it, for pages that show it; empty for everything else.
    var origin = ""

    init(_ atlas: ServedAtlas, target: String, origin: String = "") {
      digest = atlas.digest
      disclosure = atlas.disclosure
      self.target = target
      self.origin = origin
    }
  }

  /// An answer with status 200: its own header fields and its body, plain and compressed.
  final class Answer: Sendable {
    /// The path of the operation, for metrics.
    let route: String
    let fields: HTTPFields
    /// `fields` as lines of HTTP/1.1.
    let lines: ByteBuffer
    let body: ByteBuffer
    /// The body as gzip; nil where compressing is not worthwhile.
    let packed: ByteBuffer?

    init(route: String, fields: HTTPFields, body: ByteBuffer) {
      self.route = route
      self.fields = fields
      self.body = body
      var lines = ByteBuffer()
      for field in fields where field.name != .contentLength {
        lines.writeString("\(field.name.rawName): \(field.value)\r\n")
      }
      self.lines = lines
      let isText = fields[.contentType].map(Compression.isText) ?? false
      packed =
        isText && body.readableBytes >= Compression.leastBytes
        ? ByteBuffer(bytes: Deflater(level: 6).gzipStream(Array(body.readableBytesView))) : nil
    }

    /// The answer for the router's way, which adds the fields that every answer has.
    func response(isPacked: Bool) -> Response {
      var fields = fields
      guard isPacked, let packed else {
        return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: body))
      }
      fields[.contentEncoding] = "gzip"
      fields[.contentLength] = nil
      return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: packed))
    }

    fileprivate var bytes: Int { body.readableBytes + (packed?.readableBytes ?? 0) + lines.readableBytes + 512 }
  }

  /// What a computation ended with: an answer to keep, or one that only its askers see.
  private enum Outcome: Sendable {
    case kept(Answer)
    case passing(Response)
  }

  private struct State {
    var answers: RecentValues<Key, Answer>
    var running: [Key: Task<Outcome, any Error>] = [:]
    /// Counts how often everything was forgotten.
    var round = 0
  }

  private let byteLimit: Int
  private let state: Guarded<State>

  /// `byteLimit` 0 keeps nothing.
  init(byteLimit: Int) {
    self.byteLimit = byteLimit
    state = Guarded(State(answers: RecentValues(byteLimit: byteLimit)))
  }

  /// The kept answer; nil where none is kept yet.
  func find(_ key: Key) -> Answer? { state.withLock { $0.answers.value(key) } }

  /// The kept answer, else what `make` gives; `make` runs once for all who ask the same meanwhile. What is not a whole
  /// answer with status 200 is not kept.
  ///
  /// - Parameters:
  ///   - route: the path of the operation, for metrics.
  ///   - isPacked: whether the client takes gzip.
  func response(
    _ key: Key, route: String, isPacked: Bool, _ make: @escaping @Sendable () async throws -> Response
  ) async throws -> Response {
    guard byteLimit > 0 else { return try await make() }
    if let known = find(key) { return known.response(isPacked: isPacked) }
    let task = state.withLock { state in
      if let running = state.running[key] { return running }
      let round = state.round
      let task = Task { try await self.compute(key, route, round, make) }
      state.running[key] = task
      return task
    }
    switch try await task.value {
    case .kept(let answer): return answer.response(isPacked: isPacked)
    case .passing(let response): return response
    }
  }

  /// Forgets everything. A computation that runs already is not kept.
  func forget() {
    state.withLock {
      $0.answers.removeAll()
      $0.running.removeAll()
      $0.round += 1
    }
  }

  private func compute(
    _ key: Key, _ route: String, _ round: Int, _ make: @Sendable () async throws -> Response
  ) async throws -> Outcome {
    do {
      let response = try await make()
      guard response.status == .ok, let length = response.body.contentLength, length <= byteLimit / 8 else {
        end(key, round)
        return .passing(response)
      }
      let collector = Collector(length)
      try await response.body.write(collector)
      // Compressing takes a while too.
      let answer = await withTaskExecutorPreference(LongWork.rankings) {
        Answer(route: route, fields: response.headers, body: collector.bytes.withLock { $0 })
      }
      end(key, round, answer)
      return .kept(answer)
    } catch {
      end(key, round)
      throw error
    }
  }

  private func end(_ key: Key, _ round: Int, _ answer: Answer? = nil) {
    state.withLock { state in
      guard state.round == round else { return }
      state.running[key] = nil
      if let answer { state.answers.keep(answer, key, bytes: answer.bytes + key.target.utf8.count) }
    }
  }
}

/// Takes the body of an answer into memory.
private final class Collector: ResponseBodyWriter, Sendable {
  let bytes: Guarded<ByteBuffer>

  init(_ length: Int) { bytes = Guarded(ByteBufferAllocator().buffer(capacity: length)) }

  func write(_ buffer: ByteBuffer) { bytes.withLock { _ = $0.writeImmutableBuffer(buffer) } }

  func finish(_ trailingHeaders: HTTPFields?) {}
}
