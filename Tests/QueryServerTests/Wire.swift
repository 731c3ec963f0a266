import Foundation
import Records

/// An HTTP/1.1 client over a bare socket: what is sent is exactly what a test says. It blocks, so its work is done away
/// from the threads that the server computes on.
struct Wire: Sendable {
  struct Reply: Sendable {
    var status: Int
    /// By lower-case name.
    var headers: [String: String]
    var body: [UInt8]
    var text: String { String(decoding: body, as: UTF8.self) }

    func json() throws -> [String: Any] {
      try plain(JSONDecoder().decode(JSONValue.self, from: Data(body))) as? [String: Any] ?? [:]
    }

    func decoded<T: Decodable>(_ type: T.Type) throws -> T { try JSONDecoder().decode(type, from: Data(body)) }
  }

  enum Failure: Error { case cannotConnect, closed, timedOut, noHTTP(String) }

  let port: Int

  /// One request over a connection of its own.
  func send(
    _ method: String = "GET", _ target: String, headers: [String: String] = [:], body: [UInt8] = []
  ) async throws -> Reply {
    try await Self.away {
      let connection = try Connection(port: port)
      return try connection.ask(method, target, headers: headers, body: body)
    }
  }

  /// Puts the body of an answer into a file while it comes, for those that memory cannot hold.
  func download(_ target: String, to path: String, timeoutSeconds: Int = 120) async throws -> Reply {
    try await Self.away {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      defer { try? file.close() }
      let connection = try Connection(port: port, timeoutSeconds: timeoutSeconds)
      return try connection.ask("GET", target) { try file.write(contentsOf: $0) }
    }
  }

  func post(_ target: String, _ json: String, headers: [String: String] = [:]) async throws -> Reply {
    try await send(
      "POST", target, headers: headers.merging(["Content-Type": "application/json"]) { $1 }, body: Array(json.utf8))
  }

  /// Does blocking work on a thread of its own.
  static func away<R: Sendable>(_ work: @escaping @Sendable () throws -> R) async throws -> R {
    // The thread sanitizer sees the hand-over of a lock, not that of a continuation.
    let result = HandOver<R>()
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        let found = Result { try work() }
        result.value.withLock { $0 = found }
        continuation.resume()
      }
    }
    return try result.value.withLock { $0 }.unsafelyUnwrapped.get()
  }

  private final class HandOver<R: Sendable>: Sendable {
    let value = Guarded<Result<R, any Error>?>(nil)
  }

  /// One connection; requests follow each other on it.
  final class Connection {
    private let socket: Int32
    private var received: [UInt8] = []

    /// How long reading waits from now on.
    func wait(upTo seconds: Int) {
      var limit = timeval(tv_sec: seconds, tv_usec: 0)
      setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// With few `receiveBytes` little of an answer vanishes in buffers.
    init(port: Int, timeoutSeconds: Int = 15, receiveBytes: Int32? = nil) throws {
      socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      if var receiveBytes {
        setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receiveBytes, socklen_t(MemoryLayout<Int32>.size))
      }
      wait(upTo: timeoutSeconds)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(port).bigEndian
      address.sin_addr.s_addr = inet_addr("127.0.0.1")
      let result = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard result == 0 else { throw Failure.cannotConnect }
    }

    deinit { close(socket) }

    /// Tells the server that nothing more is asked.
    func endWriting() { shutdown(socket, Int32(SHUT_WR)) }

    func write(_ bytes: some Collection<UInt8>) throws {
      var rest = Array(bytes)[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw Failure.closed }
        rest = rest.dropFirst(count)
      }
    }

    func write(_ text: String) throws { try write(Array(text.utf8)) }

    /// The body goes to `sink` piece by piece, where there is one, and else into the reply.
    func ask(
      _ method: String = "GET", _ target: String, headers: [String: String] = [:], body: [UInt8] = [],
      to sink: (([UInt8]) throws -> Void)? = nil
    ) throws -> Reply {
      var head = "\(method) \(target) HTTP/1.1\r\nHost: test\r\n"
      for (name, value) in headers { head += "\(name): \(value)\r\n" }
      if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
      try write(Array((head + "\r\n").utf8) + body)
      return try reply(hasBody: method != "HEAD", to: sink)
    }

    func reply(hasBody: Bool = true, to sink: (([UInt8]) throws -> Void)? = nil) throws -> Reply {
      let head = try line(until: [13, 10, 13, 10])
      let lines = head.components(separatedBy: "\r\n")
      let words = lines[0].split(separator: " ")
      guard words.count > 1, let status = Int(words[1]) else { throw Failure.noHTTP(head) }
      var headers: [String: String] = [:]
      for line in lines.dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
      }
      var body: [UInt8] = []
      func add(_ piece: [UInt8]) throws {
        if let sink { try sink(piece) } else { body += piece }
      }
      if hasBody, status != 204, status != 304 {
        if headers["transfer-encoding"] == "chunked" {
          while let count = Int(try line(until: [13, 10]), radix: 16) {
            try add(take(count))
            _ = try take(2)
            if count == 0 { break }
          }
        } else {
          try add(take(Int(headers["content-length"] ?? "0") ?? 0))
        }
      }
      return Reply(status: status, headers: headers, body: body)
    }

    /// Whether the server has closed the connection; waits for it. Bytes that still come are dropped.
    func isClosed() -> Bool {
      while true {
        do { try receive() } catch Failure.closed { return true } catch { return false }
        received.removeAll()
      }
    }

    private func take(_ count: Int) throws -> [UInt8] {
      while received.count < count { try receive() }
      defer { received.removeFirst(count) }
      return Array(received.prefix(count))
    }

    private func line(until end: [UInt8]) throws -> String {
      var searched = 0
      while true {
        if received.count >= end.count {
          for start in searched...(received.count - end.count) where Array(received[start..<start + end.count]) == end {
            let found = String(decoding: received[..<start], as: UTF8.self)
            received.removeFirst(start + end.count)
            return found
          }
          searched = received.count - end.count + 1
        }
        try receive()
      }
    }

    private func receive() throws {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      // A process that another test started may end meanwhile, and its signal interrupts.
      var count = 0
      repeat { count = recv(socket, &buffer, buffer.count, 0) } while count < 0 && errno == EINTR
      guard count != 0 else { throw Failure.closed }
      guard count > 0 else {
        throw errno == EAGAIN || errno == EWOULDBLOCK ? Failure.timedOut : Failure.closed
      }
      received += buffer[..<count]
    }
  }
}

/// What is in a JSON value. (`JSONSerialization` on Linux may miss the last digit of a number.)
func plain(_ value: JSONValue) -> Any {
  switch value {
  case .null: NSNull()
  case .bool(let value): value
  case .integer(let value): NSNumber(value: value)
  case .number(let value): NSNumber(value: value)
  case .string(let value): value
  case .array(let values): values.map(plain)
  case .object(let members): members.mapValues(plain)
  }
}

/// Percent-encoded for a query or a part of a path.
func encoded(_ text: String) -> String {
  text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
}
