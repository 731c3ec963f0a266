import Foundation

/// SplitMix64 from the state `seed`: what both sides choose their queries by.
enum Draws {
  static func outputs(seed: UInt64, count: Int) -> [UInt64] {
    (0..<count).map { output(seed: seed, UInt64($0)) }
  }

  /// Output number `place` from the state `seed`, counted from 0.
  static func output(seed: UInt64, _ place: UInt64) -> UInt64 {
    var mixed = seed &+ (place &+ 1) &* 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

enum Clock {
  static func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

enum Memory {
  /// A field of this process's status in kB of 1,024 bytes: `VmRSS`, `VmHWM`.
  static func kilobytes(_ field: String) -> Int64 {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    for line in status.split(separator: "\n") where line.hasPrefix(field + ":") {
      return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int64($0) } ?? 0
    }
    return 0
  }
}

/// Nanoseconds a query.
struct Times {
  /// Over blocks of queries.
  let median: Double
  /// Over all.
  let mean: Double
  /// Queries a block.
  let block: Int
  /// Mean of the first queries after opening, where these were among them.
  var first: Double?

  static let blockNanoseconds: UInt64 = 20_000

  /// Times `run` over all queries in blocks of at least 20 µs. What `run` gives is added up, so that it cannot be left
  /// out.
  @inline(__always)
  static func of<Query>(_ queries: [Query], _ run: (Query) throws -> Double) throws -> Times {
    guard !queries.isEmpty else { throw Complaint("no queries") }
    var sum = 0.0
    var quickest = blockNanoseconds
    for query in queries.prefix(16) {
      let start = Clock.nanoseconds()
      sum += try run(query)
      quickest = min(quickest, Clock.nanoseconds() - start)
    }
    let size = Int((blockNanoseconds + max(1, quickest) - 1) / max(1, quickest))
    var blocks: [Double] = []
    var total: UInt64 = 0
    for first in stride(from: 0, to: queries.count, by: size) {
      let end = min(first + size, queries.count)
      let start = Clock.nanoseconds()
      for place in first..<end { sum += try run(queries[place]) }
      let spent = Clock.nanoseconds() - start
      total += spent
      blocks.append(Double(spent) / Double(end - first))
    }
    guard !sum.isNaN else { throw Complaint("a query has no value") }
    blocks.sort()
    let middle = blocks.count / 2
    let median = blocks.count % 2 == 1 ? blocks[middle] : (blocks[middle - 1] + blocks[middle]) / 2
    return Times(median: median, mean: Double(total) / Double(queries.count), block: size)
  }
}
