import HTTPTypes
import NIOCore

extension JSONReader {
  /// How a body is refused.
  struct Refusal {
    let code: String
    let hint: String
    var allowed: [String]?
  }

  /// Reads the object of a body. Throws a ``Problem`` that names the byte where reading stopped.
  static func read(
    _ body: ByteBuffer, _ members: [String], required: [String] = [], _ refusal: Refusal,
    _ take: (String, inout JSONReader) throws -> Void
  ) throws {
    try body.withUnsafeReadableBytes { bytes in
      var reader = JSONReader(bytes: bytes)
      do { try reader.object(members, required: required, take) } catch let fault as Fault {
        throw problem(fault, at: reader.place, refusal)
      }
    }
  }

  private static func problem(_ fault: Fault, at place: Int, _ refusal: Refusal) -> Problem {
    switch fault {
    case .wanted(let wanted):
      Problem(
        .badRequest, refusal.code, "byte \(place) of the body is not \(wanted)", hint: refusal.hint,
        allowed: refusal.allowed)
    case .missingMember(let name):
      Problem(.badRequest, refusal.code, "the body lacks the key \(name)", hint: refusal.hint, allowed: refusal.allowed)
    case .unknownMember(let name, let allowed):
      Problem(
        .badRequest, "server.unknown_member", "the body has the unknown key \(name.prefix(100).debugDescription)",
        hint: refusal.hint, allowed: allowed)
    case .repeatedMember(let name):
      Problem(.badRequest, "server.repeated_member", "the body has the key \(name) twice", hint: refusal.hint)
    }
  }
}
