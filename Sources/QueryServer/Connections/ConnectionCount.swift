import HTTPTypes
import Records

/// How many connections there are, in all and of each address.
final class ConnectionCount: Sendable {
  private struct Counts {
    var all = 0
    /// Refused ones, which wait until their clients have read why.
    var refused = 0
    var byAddress: [String: Int] = [:]
    /// Most connections since the last time that memory was given back.
    var peak = 0
  }

  private let limit: Int
  private let limitPerAddress: Int
  private let counts = Guarded(Counts())
  /// Further refused connections are closed at once.
  private static let refusedAtOnce = 256
  /// So many connections hold memory worth giving back.
  private static let crowd = 64

  init(_ settings: ServerSettings) {
    limit = settings.connections
    limitPerAddress = settings.connectionsPerAddress
  }

  enum Verdict {
    case admitted
    case refused(Problem)
    /// There are too many even to say why.
    case dropped
  }

  /// Counts a connection, but a dropped one; ``leave(_:_:)`` takes it back.
  func enter(_ address: String) -> Verdict {
    counts.withLock { counts in
      let own = counts.byAddress[address] ?? 0
      let isAddressFull = limitPerAddress > 0 && own >= limitPerAddress
      guard counts.all >= limit || isAddressFull else {
        counts.all += 1
        counts.peak = max(counts.peak, counts.all)
        if limitPerAddress > 0 { counts.byAddress[address] = own + 1 }
        return .admitted
      }
      guard counts.refused < Self.refusedAtOnce else { return .dropped }
      counts.refused += 1
      return .refused(
        isAddressFull
          ? Problem(
            .serviceUnavailable, "server.connections_of_address",
            "your address already has \(limitPerAddress) connections", hint: "use these, or close some",
            retryAfterSeconds: 1)
          : Problem(
            .serviceUnavailable, "server.connections", "the server already has \(limit) connections",
            hint: "try again later; the operator can raise connections", retryAfterSeconds: 1))
    }
  }

  func leave(_ address: String, _ verdict: Verdict) {
    counts.withLock { counts in
      switch verdict {
      case .admitted:
        counts.all -= 1
        if counts.peak >= Self.crowd, counts.all <= counts.peak / 4 {
          counts.peak = counts.all
          FreedMemory.giveBackSoon()
        }
        guard limitPerAddress > 0, let own = counts.byAddress[address] else { return }
        counts.byAddress[address] = own > 1 ? own - 1 : nil
      case .refused: counts.refused -= 1
      case .dropped: break
      }
    }
  }
}
