import Records

/// Bytes a second of `Digest256`, of short texts and of pages: `digest-bench` prints a line of `BYTES GB_PER_S` for each.
@main
enum DigestBench {
  static func main() {
    for bytes in [64, 1 << 20] { print(bytes, gigabytesPerSecond(bytes)) }
  }

  /// The best of some rounds: a disturbance only makes one slower.
  private static func gigabytesPerSecond(_ bytes: Int) -> Double {
    var message = (0..<bytes).map { UInt8(truncatingIfNeeded: $0) }
    let count = max(64, (64 << 20) / bytes / 8)
    var best = 0.0
    for _ in 0..<12 {
      let duration = ContinuousClock().measure {
        for _ in 0..<count {
          let digest = Digest256(of: message)
          // Each message depends on the digest before it, so that none can be left out.
          digest.withBytes { message[0] = $0[0] }
        }
      }
      best = max(best, Double(count * bytes) / (duration / .seconds(1)) * 1e-9)
    }
    return best
  }
}
