import Benchmarks
import Foundation
import HTTPTypes
import Oracles
import Records
import Spaces
import Surrogates

/// What went wrong with a request, as RFC 9457 has it, with our stable code, what is allowed, and the next step.
struct Problem: Error, Hashable, Sendable, Encodable {
  let status: Int
  /// Stable, lower-case, dotted; `type` is its page in the documentation.
  let code: String
  let title: String
  /// What is wrong, with the value met.
  let detail: String
  /// What to do next.
  var hint: String?
  /// The values that are allowed where it is one of a few.
  var allowed: [String]?
  /// Seconds to wait; sent as `Retry-After` too.
  var retryAfterSeconds: Int?
  /// Further fields of the answer's head.
  var headers: [String: String] = [:]

  private enum CodingKeys: String, CodingKey {
    case type, status, code, title, detail, hint, allowed, retryAfterSeconds
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode("/v1/problems#\(code)", forKey: .type)
    try container.encode(status, forKey: .status)
    try container.encode(code, forKey: .code)
    try container.encode(title, forKey: .title)
    try container.encode(detail, forKey: .detail)
    try container.encodeIfPresent(hint, forKey: .hint)
    try container.encodeIfPresent(allowed, forKey: .allowed)
    try container.encodeIfPresent(retryAfterSeconds, forKey: .retryAfterSeconds)
  }

  init(
    _ status: HTTPResponse.Status, _ code: String, _ detail: String, hint: String? = nil, allowed: [String]? = nil,
    retryAfterSeconds: Int? = nil, headers: [String: String] = [:]
  ) {
    self.status = status.code
    self.code = code
    title = status.reasonPhrase
    self.detail = detail
    self.hint = hint
    self.allowed = allowed
    self.retryAfterSeconds = retryAfterSeconds
    self.headers = headers
  }

  var httpStatus: HTTPResponse.Status { HTTPResponse.Status(code: status) }
}

extension Problem {
  /// A user-facing error as a problem: 404 for what does not exist, 422 for a well-formed question without an answer,
  /// 409 for an exhausted budget, 500 for an internal error, whose operands appear only in the log.
  init(_ error: any UserFacingError) {
    switch error {
    case let error as BenchmarkError:
      self.init(Self.status(error), error.code, error.withoutPath.message, hint: error.hint, allowed: error.allowed)
    case let error as DisclosureError: self = .sealed(error)
    case is FilterError:
      self.init(.unprocessableContent, error.code, error.message, hint: error.remedy)
    case is BudgetError:
      self.init(.conflict, error.code, error.message, hint: "open another ledger")
    case is any SpaceError:
      self.init(.unprocessableContent, error.code, error.message)
    case SurrogatesError.noSurrogate:
      self.init(
        .notFound, error.code, "there is no surrogate for this question",
        hint: "ask for measured values; the operator of the server can make a surrogate with nasatlas fit")
    case let error as SurrogatesError:
      self.init(.unprocessableContent, error.code, error.message, hint: "ask for measured values")
    default:
      self.init(.internalServerError, error.code, "internal error", hint: "report it with the id of the request")
    }
  }

  private static func status(_ error: BenchmarkError) -> HTTPResponse.Status {
    switch error {
    case .architectureNotInAtlas, .unknownID, .unknownPlace, .noRun, .unknown, .unknownSplit, .unknownEpoch, .noEpoch,
      .noCompletedRun, .noCompletedRuns, .noRuns, .noRunPasses, .noValues:
      .notFound
    default: .unprocessableContent
    }
  }

  static func notFound(_ path: String) -> Problem {
    Problem(.notFound, "server.no_such_route", "there is no route \(path)", hint: "/docs lists the operations")
  }

  static func noAtlas(_ name: String, known: [String]) -> Problem {
    Problem(
      .notFound, "server.unknown_atlas", "unknown atlas \(name)", hint: "GET /v1/atlases lists them",
      allowed: known)
  }

  static func otherDigest(_ name: String, _ digest: Digest256, asked: Substring) -> Problem {
    let isShort = digest.hex.hasPrefix(asked)
    return Problem(
      .notFound, "server.other_digest",
      isShort
        ? "\(asked.utf8.count) digits are too few for a digest"
        : "the digest of \(name) is now \(digest.hex)",
      hint: "use the name alone, or 8 or more digits of the digest that GET /v1/atlases returns",
      allowed: ["\(name)@\(digest.hex)"])
  }

  static func sealed(_ error: DisclosureError) -> Problem {
    Problem(.forbidden, "server.sealed", error.message, hint: error.remedy)
  }

  static func unknownParameter(_ name: String, known: [String]) -> Problem {
    Problem(.badRequest, "server.unknown_parameter", "unknown parameter \(name)", allowed: known)
  }

  static func badParameter(_ name: String, _ value: String, allowed: [String]) -> Problem {
    Problem(
      .badRequest, "server.bad_parameter", "invalid \(name): \(value.prefix(200).debugDescription)", allowed: allowed)
  }

  static func missingParameter(_ name: String) -> Problem {
    Problem(.badRequest, "server.missing_parameter", "missing parameter \(name)")
  }

  static func bodyTooLong(limit: Int) -> Problem {
    Problem(
      .contentTooLarge, "server.body_too_long", "the body is longer than \(limit) bytes",
      hint: "send less per request; the operator can raise body-bytes")
  }

  static func tooMany(_ what: String, _ count: Int, limit: Int, setting: String) -> Problem {
    Problem(
      .contentTooLarge, "server.too_many", "too many \(what): \(count); allowed: at most \(limit)",
      hint: "split the request; the operator can raise \(setting)")
  }
}

extension BenchmarkError {
  /// The same with the name of the atlas in place of its path, which is no matter of clients.
  fileprivate var withoutPath: BenchmarkError {
    func name(_ path: String) -> String { URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent }
    switch self {
    case .architectureNotInAtlas(let text, let atlas, let count, let nearest):
      return .architectureNotInAtlas(text: text, atlas: name(atlas), architectures: count, nearest: nearest)
    case .unknownID(let id, let atlas): return .unknownID(id: id, atlas: name(atlas))
    case .noRuns(let atlas): return .noRuns(atlas: name(atlas))
    case .unknownPlace(let place, let index, let places, let atlas):
      return .unknownPlace(place: place, index: index, places: places, atlas: name(atlas))
    default: return self
    }
  }

  /// The values that are allowed in place of the one met.
  fileprivate var allowed: [String]? {
    switch self {
    case .unknown(_, _, let known), .ambiguous(_, let known), .noPrimaryMetric(_, let known): known
    case .ambiguousID(_, let matches): matches
    case .architectureNotInAtlas(_, _, _, let nearest): nearest
    case .noRun(_, _, let others): others
    case .unknownSplit(_, _, _, _, let known, _): known
    case .bareInteger(_, let spellings): spellings
    case .unknownPlace(_, _, let places, _): ["\(places.lowerBound) to \(places.upperBound - 1)"]
    case .unknownEpoch(_, _, let known): known.map(String.init)
    case .noCompletedRun(_, let runs): runs
    default: nil
    }
  }

  /// The next step in words of the interface; the remedies of the errors speak of the command line.
  fileprivate var hint: String? {
    switch self {
    case .architectureNotInAtlas: "choose an architecture of the atlas, or allow predictions with predict=true"
    case .unknownID: "choose an architecture of the atlas; GET …/architectures lists them"
    case .noRun: "choose another data set or protocol"
    case .unknown("field", _, _): "choose one of these fields"
    case .unknown(let what, _, _), .ambiguous(let what, _):
      "choose one of them with \(what == "data set" ? "dataset" : what)"
    case .unknownSplit: "choose another split with split, or another data set with dataset"
    case .unknownPlace: "GET …/architectures lists the places"
    case .noCompletedRuns: "choose another status, for example where=status = 'failed'"
    case .noRunPasses: "change or leave out this part of where"
    case .noEpoch: "choose epoch=last, or another seed"
    case .noPrimaryMetric: "choose one with metric"
    case .noCompletedRun: "list all runs with seed=all"
    case .noRuns: "rank measurements, for example with top?by=FIELD"
    case .noCommonEpochs, .noTrainSeconds: nil
    default: remedy
    }
  }
}
