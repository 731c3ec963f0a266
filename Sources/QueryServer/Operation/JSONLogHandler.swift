import Foundation
public import Logging
import Records

/// Writes a log of one JSON object per line to standard error. A line that cannot be written is lost, nothing else.
public struct JSONLogHandler: LogHandler {
  public var metadata: Logger.Metadata = [:]
  public var logLevel: Logger.Level = .info
  private let label: String

  public init(label: String) { self.label = label }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    let line = Self.line(
      at: Date(), label: label, level: event.level, message: "\(event.message)", metadata: all)
    _ = Descriptor.write((line + "\n").utf8, to: STDERR_FILENO)
  }

  /// One line, keys sorted.
  static func line(
    at time: Date, label: String, level: Logger.Level, message: String, metadata: Logger.Metadata
  ) -> String {
    let members: [String: JSONValue] = [
      "time": .string(time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))),
      "logger": .string(label), "level": .string(level.rawValue), "message": .string(message),
      "metadata": .object(metadata.mapValues { .string("\($0)") }),
    ]
    return (try? CanonicalJSON.text(JSONValue.object(members))) ?? message
  }
}
