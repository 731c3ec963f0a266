import Records

/// How many requests an address may make: a bucket that fills over time and holds a burst.
final class RateLimit: Sendable {
  private struct Bucket {
    var tokens: Double
    var at: ContinuousClock.Instant
  }

  private let perSecond: Double
  private let burst: Double
  private let buckets = Guarded<[String: Bucket]>([:])
  /// Addresses that are remembered; when there are more, full buckets are forgotten, for they say nothing.
  private static let rememberedAddresses = 65_536

  init(requestsPerSecond: Int, burst: Int) {
    perSecond = Double(requestsPerSecond)
    self.burst = Double(burst)
  }

  /// Takes one request of `address`; nil where it may be answered, else the seconds to wait.
  func take(_ address: String, now: ContinuousClock.Instant) -> Int? {
    guard perSecond > 0 else { return nil }
    return buckets.withLock { buckets in
      if buckets.count >= Self.rememberedAddresses, buckets[address] == nil { forget(&buckets, now) }
      var bucket = buckets[address] ?? Bucket(tokens: burst, at: now)
      bucket.tokens = min(burst, bucket.tokens + seconds(from: bucket.at, to: now) * perSecond)
      bucket.at = now
      defer { buckets[address] = bucket }
      guard bucket.tokens >= 1 else {
        return max(1, Int(((1 - bucket.tokens) / perSecond).rounded(.up)))
      }
      bucket.tokens -= 1
      return nil
    }
  }

  private func forget(_ buckets: inout [String: Bucket], _ now: ContinuousClock.Instant) {
    buckets = buckets.filter { $0.value.tokens + seconds(from: $0.value.at, to: now) * perSecond < burst }
    if buckets.count >= Self.rememberedAddresses { buckets.removeAll(keepingCapacity: true) }
  }

  private func seconds(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) -> Double {
    let parts = (end - start).components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }
}
