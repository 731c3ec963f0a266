import Benchmarks
import Foundation
import QueryServer
import Records
import Store
import Testing
import TestSupport

/// A new file takes the place of an old one under load, and the program obeys its signals.
@Suite struct SwapTests {
  /// Asks `study` over and over on one connection until told to stop; the digests and statuses it met.
  private final class Asker: @unchecked Sendable {
    private let lock = NSLock()
    private var isStopped = false
    var stopped: Bool {
      get { lock.withLock { isStopped } }
      set { lock.withLock { isStopped = newValue } }
    }

    func run(_ port: Int) throws -> (digests: Set<String>, statuses: [Int: Int]) {
      let connection = try Wire.Connection(port: port)
      var digests: Set<String> = []
      var statuses: [Int: Int] = [:]
      while !stopped {
        let reply = try connection.ask("GET", "/v1/atlases/study/top?count=3")
        statuses[reply.status, default: 0] += 1
        let context = try reply.json()["context"] as? [String: Any]
        if let digest = context?["atlasDigest"] as? String { digests.insert(digest) }
        #expect(reply.headers["etag"]?.contains(context?["atlasDigest"] as? String ?? "none") == true)
      }
      return (digests, statuses)
    }
  }

  @Test func atlasesAreSwappedUnderLoadWithoutAFailure() async throws {
    let study = try StudyAtlas(architectures: 12)
    try await RunningServer.with([study.path]) { server in
      let askers = [Asker(), Asker()]
      let runs = askers.map { asker in Task { try await Wire.away { try asker.run(server.ports.port) } } }
      var published: Set<String> = [study.benchmark.atlas.digest.hex]
      for seed in 2..<7 {
        try StudyAtlas.publish(
          SyntheticStudy(seed: UInt64(seed), architectures: 12, seedsPerArchitecture: 1, epochs: 6), to: study.path)
        let renewal = try await server.admin.send("POST", "/renew")
        let told = try #require((try renewal.json()["renewals"] as? [[String: Any]])?.first)
        #expect(told["isNew"] as? Bool == true)
        published.insert(try #require(told["digest"] as? String))
        // Whoever asks now is answered from the new one.
        let page = try await server.wire.send("GET", "/v1/atlases/study")
        #expect(try page.json()["digest"] as? String == told["digest"] as? String)
      }
      let same = try await server.admin.send("POST", "/renew")
      #expect(same.text.contains("\"isNew\":false"))
      try Data("no atlas".utf8).write(to: URL(fileURLWithPath: study.path))
      let broken = try await server.admin.send("POST", "/renew")
      #expect(broken.text.contains("failure"))
      for asker in askers { asker.stopped = true }
      for run in runs {
        let (digests, statuses) = try await run.value
        #expect(digests.isSubset(of: published) && digests.count > 1)
        #expect(statuses.keys.sorted() == [200] && statuses[200] ?? 0 > 5)
      }
    }
  }

  @Test func signalsRenewAndDrain() async throws {
    let study = try StudyAtlas(architectures: 12)
    let program = try await Program(["serve", study.path, "--port", "0", "--set", "admin-port=0"])
    let wire = Wire(port: program.port)
    let first = try await wire.send("GET", "/v1/atlases/study").json()["digest"] as? String
    #expect(first == study.benchmark.atlas.digest.hex)
    try StudyAtlas.publish(
      SyntheticStudy(seed: 9, architectures: 12, seedsPerArchitecture: 1, epochs: 6), to: study.path)
    program.signal(SIGHUP)
    var renewed: String?
    for _ in 0..<100 where renewed == nil || renewed == first {
      renewed = try await wire.send("GET", "/v1/atlases/study").json()["digest"] as? String
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(try renewed == Atlas(path: study.path).digest.hex)

    // A request whose body is still on its way when SIGTERM comes is answered.
    let port = program.port
    let reply = try await Wire.away {
      let connection = try Wire.Connection(port: port)
      let body = "{\"architectures\":[0]}"
      try connection.write(
        "POST /v1/atlases/study/values HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
          + "Content-Length: \(body.utf8.count)\r\n\r\n" + body.prefix(5))
      Thread.sleep(forTimeInterval: 0.3)
      program.signal(SIGTERM)
      Thread.sleep(forTimeInterval: 0.5)
      #expect(throws: (any Error).self) { try Wire.Connection(port: port).ask("GET", "/v1/atlases") }
      try connection.write(String(body.dropFirst(5)))
      return try connection.reply()
    }
    #expect(reply.status == 200)
    #expect(try await program.end() == 0)
  }
}

/// The built `nasatlas`, running.
final class Program: @unchecked Sendable {
  private let process = Process()
  private(set) var port = 0
  private(set) var adminPort = 0

  /// Starts it and waits until it listens. Without `readsLog`, the pipe of its log is closed then.
  init(_ arguments: [String], readsLog: Bool = true) async throws {
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("nasatlas")
    process.arguments = arguments
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let ports = try await Wire.away {
      var text = ""
      while !text.contains("health and metrics on http://127.0.0.1:") || !text.hasSuffix("\n") {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = read(errors.fileHandleForReading.fileDescriptor, &buffer, buffer.count)
        guard count > 0 else { throw RunningServer.NotListening() }
        text += String(decoding: buffer[..<count], as: UTF8.self)
      }
      let line = text.split(separator: "\n").last { $0.contains("health and metrics") } ?? ""
      return line.components(separatedBy: "http://127.0.0.1:").dropFirst().compactMap { part in
        Int(part.prefix { $0.isNumber })
      }
    }
    if readsLog {
      Thread.detachNewThread { _ = try? errors.fileHandleForReading.readToEnd() }
    } else {
      try errors.fileHandleForReading.close()
    }
    guard ports.count == 2 else { throw RunningServer.NotListening() }
    (port, adminPort) = (ports[0], ports[1])
  }

  deinit { if process.isRunning { process.terminate() } }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Its exit status, from the kernel: `waitUntilExit` can miss the end of a process that another thread started, and waits
  /// for ever then.
  func end() async throws -> Int32 {
    try await Wire.away { [process] in
      var ending = siginfo_t()
      while waitid(P_PID, id_t(process.processIdentifier), &ending, WEXITED | WNOWAIT) != 0 {
        // Foundation was first, and knows the status in a moment.
        if errno == ECHILD, !process.isRunning { return process.terminationStatus }
        usleep(10_000)
      }
      return ending._sifields._sigchld.si_status
    }
  }
}
