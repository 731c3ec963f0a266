/// One setting of a server: its name, where it stands, and what it may be.
public struct ServerSetting: Sendable {
  /// As in a file and on the command line, for example `body-bytes`.
  public let name: String
  /// What it may be, in words.
  public let allowed: String
  /// Sets the value from text; false where the text is not allowed.
  let assign: @Sendable (inout ServerSettings, String) -> Bool
  let show: @Sendable (ServerSettings) -> String

  /// The name in the environment: `NASATLAS_SERVER_BODY_BYTES`.
  public var environmentName: String {
    "NASATLAS_SERVER_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
  }

  public func value(in settings: ServerSettings) -> String { show(settings) }

  private static func number(
    _ name: String, _ range: ClosedRange<Int>, _ path: any WritableKeyPath<ServerSettings, Int> & Sendable
  ) -> ServerSetting {
    ServerSetting(
      name: name, allowed: "\(range.lowerBound) to \(range.upperBound)",
      assign: { settings, text in
        guard let number = Int(text), range.contains(number) else { return false }
        settings[keyPath: path] = number
        return true
      }, show: { "\($0[keyPath: path])" })
  }

  private static func text(
    _ name: String, _ allowed: String, _ path: any WritableKeyPath<ServerSettings, String> & Sendable,
    where isAllowed: @escaping @Sendable (String) -> Bool
  ) -> ServerSetting {
    ServerSetting(
      name: name, allowed: allowed,
      assign: { settings, text in
        guard isAllowed(text) else { return false }
        settings[keyPath: path] = text
        return true
      }, show: { $0[keyPath: path] })
  }

  private static func choice(
    _ name: String, _ choices: [String], _ path: any WritableKeyPath<ServerSettings, String> & Sendable
  ) -> ServerSetting {
    text(name, choices.joined(separator: ", "), path) { choices.contains($0) }
  }

  private static func flag(_ name: String, _ path: any WritableKeyPath<ServerSettings, Bool> & Sendable)
    -> ServerSetting
  {
    ServerSetting(
      name: name, allowed: "true, false",
      assign: { settings, text in
        guard let value = Bool(text) else { return false }
        settings[keyPath: path] = value
        return true
      }, show: { "\($0[keyPath: path])" })
  }

  /// All settings, in the order in which they are shown.
  public static let all: [ServerSetting] = [
    text("host", "an address or a host name", \.host) { !$0.isEmpty },
    number("port", 0...65_535, \.port),
    text("admin-host", "an address or a host name", \.adminHost) { !$0.isEmpty },
    number("admin-port", 0...65_535, \.adminPort),
    number("header-bytes", 1_024...1_048_576, \.headerBytes),
    number("body-bytes", 1_024...1_073_741_824, \.bodyBytes),
    number("url-bytes", 256...65_536, \.urlBytes),
    number("batch-keys", 1...1_000_000, \.batchKeys),
    number("page-rows", 1...100_000, \.pageRows),
    number("query-milliseconds", 1...600_000, \.queryMilliseconds),
    number("kept-answer-bytes", 0...1_099_511_627_776, \.keptAnswerBytes),
    number("answer-bytes", 1_048_576...1_099_511_627_776, \.answerBytes),
    number("connections", 1...100_000, \.connections),
    number("connections-per-address", 0...100_000, \.connectionsPerAddress),
    number("event-loops", 0...1_024, \.eventLoops),
    number("idle-seconds", 1...3_600, \.idleSeconds),
    number("request-seconds", 1...3_600, \.requestSeconds),
    number("stall-seconds", 1...3_600, \.stallSeconds),
    number("requests-per-second", 0...1_000_000, \.requestsPerSecond),
    number("request-burst", 1...1_000_000, \.requestBurst),
    number("drain-seconds", 0...600, \.drainSeconds),
    text("cors-origin", "none, *, or an origin such as https://example.org", \.corsOrigin) {
      $0 == "none" || $0 == "*" || $0.hasPrefix("https://") || $0.hasPrefix("http://")
    },
    text("token-file", "a path, or nothing", \.tokenFile) { _ in true },
    flag("reading-needs-token", \.readingNeedsToken),
    text("state-folder", "a path, or nothing", \.stateFolder) { _ in true },
    number("ledgers", 1...1_000_000, \.ledgers),
    number("ledger-answers", 1...10_000_000, \.ledgerAnswers),
    text("chart-bundle", "a path, or nothing", \.chartBundle) { _ in true },
    choice("log-format", ["text", "json"], \.logFormat),
    choice("log-level", ["trace", "debug", "info", "notice", "warning", "error", "critical"], \.logLevel),
    flag("access-log", \.accessLog),
  ]
}
