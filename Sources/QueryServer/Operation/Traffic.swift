import Records

/// Counts requests by route and status, and sums their times: what `/metrics` tells.
final class Traffic: Sendable {
  private struct Key: Hashable {
    let route: String
    let status: Int
  }

  private struct Tally {
    var count = 0
    var seconds = 0.0
    var buckets = [Int](repeating: 0, count: Traffic.bounds.count)

    mutating func add(_ seconds: Double) {
      count += 1
      self.seconds += seconds
      for (index, bound) in Traffic.bounds.enumerated() where seconds <= bound { buckets[index] += 1 }
    }
  }

  /// Upper bounds of the histogram of seconds.
  static let bounds = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5]
  private let tallies = Guarded<[Key: Tally]>([:])

  func record(route: String, status: Int, duration: Duration) {
    let parts = duration.components
    let seconds = Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    tallies.withLock { $0[Key(route: route, status: status), default: Tally()].add(seconds) }
  }

  /// The text format of Prometheus.
  func text() -> String {
    let tallies = tallies.withLock { $0 }.sorted { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }
    var lines = [
      "# HELP nasatlas_request_seconds Time from the head of a request to its answer.",
      "# TYPE nasatlas_request_seconds histogram",
    ]
    for (key, tally) in tallies {
      let labels = "route=\"\(key.route)\",status=\"\(key.status)\""
      for (bound, count) in zip(Self.bounds, tally.buckets) {
        lines.append("nasatlas_request_seconds_bucket{\(labels),le=\"\(bound)\"} \(count)")
      }
      lines.append("nasatlas_request_seconds_bucket{\(labels),le=\"+Inf\"} \(tally.count)")
      lines.append("nasatlas_request_seconds_sum{\(labels)} \(tally.seconds)")
      lines.append("nasatlas_request_seconds_count{\(labels)} \(tally.count)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
