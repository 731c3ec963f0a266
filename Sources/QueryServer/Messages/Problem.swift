import Foundation
public import HTTPTypes
public import Records

/// What went wrong with a request, as RFC 9457 has it, with our stable code, what is allowed, and the next step.
public struct Problem: Error, Hashable, Sendable, Encodable {
  public let status: Int
  /// Stable, lower-case, dotted; `type` is its page in the documentation.
  public let code: String
  public let title: String
  /// What is wrong, with the value met.
  public let detail: String
  /// What to do next.
  public var hint: String?
  /// The values that are allowed where it is one of a few.
  public var allowed: [String]?
  /// Seconds to wait; sent as `Retry-After` too.
  public var retryAfterSeconds: Int?

  private enum CodingKeys: String, CodingKey {
    case type, status, code, title, detail, hint, allowed, retryAfterSeconds
  }

  public func encode(to encoder: any Encoder) throws {
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
    retryAfterSeconds: Int? = nil
  ) {
    self.status = status.code
    self.code = code
    title = status.reasonPhrase
    self.detail = detail
    self.hint = hint
    self.allowed = allowed
    self.retryAfterSeconds = retryAfterSeconds
  }

  var httpStatus: HTTPResponse.Status { HTTPResponse.Status(code: status) }
}

extension Problem {
  /// An error of the house as a problem: what is not there is 404, what was asked wrongly 400, our own fault 500.
  init(_ error: any UserFacingError) {
    let status: HTTPResponse.Status =
      switch error.exitStatus {
      case .usage: .badRequest
      case .noInput, .dataError: error.code.hasPrefix("store.") ? .internalServerError : .notFound
      case .temporaryFailure, .unavailable: .serviceUnavailable
      default: .internalServerError
      }
    self.init(status, error.code, error.message, hint: error.remedy)
  }

  static func notFound(_ path: String) -> Problem {
    Problem(.notFound, "server.no_such_route", "there is no \(path)", hint: "GET /v1 lists the routes")
  }

  static func noAtlas(_ name: String, known: [String]) -> Problem {
    Problem(
      .notFound, "server.unknown_atlas", "there is no atlas \(name) here", hint: "GET /v1/atlases lists them",
      allowed: known)
  }

  static func unknownParameter(_ name: String, known: [String]) -> Problem {
    Problem(.badRequest, "server.unknown_parameter", "there is no parameter \(name) here", allowed: known)
  }

  static func badParameter(_ name: String, _ value: String, allowed: [String]) -> Problem {
    Problem(
      .badRequest, "server.bad_parameter", "\(name) cannot be \(value.prefix(200).debugDescription)", allowed: allowed)
  }

  static func missingParameter(_ name: String) -> Problem {
    Problem(.badRequest, "server.missing_parameter", "the parameter \(name) is missing")
  }

  static func tooMany(_ what: String, _ count: Int, limit: Int, setting: String) -> Problem {
    Problem(
      .contentTooLarge, "server.too_many", "\(count) \(what) are too many; \(limit) are allowed",
      hint: "ask in several requests, or raise \(setting)")
  }
}
