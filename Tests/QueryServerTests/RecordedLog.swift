import Logging
import Records

/// A log whose lines a test reads.
final class RecordedLog: Sendable {
  private let told = Guarded<[String]>([])
  var lines: [String] { told.withLock { $0 } }

  var logger: Logger {
    Logger(label: "test") { _ in Handler(log: self) }
  }

  private struct Handler: LogHandler {
    let log: RecordedLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { log.told.withLock { $0.append("\(event.level): \(event.message)") } }
  }
}
