/// How a server listens and what it allows. Every limit has a name; ``SettingsReader`` says where each value came from.
public struct ServerSettings: Hashable, Sendable {
  /// The address to listen on.
  public var host = "127.0.0.1"
  /// 0 takes any free one.
  public var port = 8080
  /// Where `/live`, `/ready` and `/metrics` are; 0 takes any free port.
  public var adminHost = "127.0.0.1"
  public var adminPort = 8081

  /// Bytes of all header fields of a request.
  public var headerBytes = 16_384
  /// Bytes of a request's body.
  public var bodyBytes = 2_097_152
  /// Bytes of a request's URL.
  public var urlBytes = 8_192
  /// Architectures in one batch.
  public var batchKeys = 10_000
  /// Rows of one page of a list.
  public var pageRows = 1_000
  /// How long computing one answer may take; rankings, predictions and evaluations look at it.
  public var queryMilliseconds = 10_000
  /// Bytes of answers that are computed once and kept: pages, charts, rankings, fronts. 0 keeps none.
  public var keptAnswerBytes = 67_108_864
  /// Bytes of answers over 64 KiB that may wait for their clients at once, in all.
  public var answerBytes = 134_217_728
  /// Connections at once; further ones are refused with 503.
  public var connections = 1_024
  /// Connections of one address at once; 0 allows all.
  public var connectionsPerAddress = 0
  /// Threads that connections are served on; 0: one a core, but for one core that is left to what computes.
  public var eventLoops = 0
  /// After so long without a request a connection is closed.
  public var idleSeconds = 30
  /// From the first byte of a request to its last, however slowly it drips.
  public var requestSeconds = 20
  /// How long a client may take nothing of an answer: of all of a short one, of 64 KiB of a stream.
  public var stallSeconds = 20
  /// Requests that one address may make a second over time; 0 allows all.
  public var requestsPerSecond = 0
  /// Requests that one address may make at once, beyond the rate.
  public var requestBurst = 200
  /// How long requests may take to end after SIGTERM.
  public var drainSeconds = 10

  /// Web pages of other origins that may ask: `none`, `*`, or one origin.
  public var corsOrigin = "none"
  /// File with SHA-256 of bearer tokens, one a line. Where it is set, requests that write need one of its tokens; empty:
  /// anyone may use ledgers of open atlases, and nobody those of sealed ones.
  public var tokenFile = ""
  /// Whether reading needs a token too.
  public var readingNeedsToken = false
  /// Folder where ledgers are kept; empty: no ledgers. One server a folder.
  public var stateFolder = ""
  /// Ledgers that are kept.
  public var ledgers = 10_000
  /// Answers that one ledger takes.
  public var ledgerAnswers = 100_000
  /// The JavaScript that draws charts of pages; empty: the file that `tools/setup --charts` makes.
  public var chartBundle = ""
  /// `json` or `text`.
  public var logFormat = "text"
  /// `trace`, `debug`, `info`, `notice`, `warning`, `error` or `critical`.
  public var logLevel = "info"
  /// Whether every request is logged.
  public var accessLog = false

  public init() {}
}
