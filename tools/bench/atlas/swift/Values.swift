import Benchmarks
import Foundation
import Records
import Spaces
import Store

/// Three data sets of NAS-Bench-201 with all seeds: the mean over seeds by the id of the architecture.
final class Values: Subject {
  static let dataSets = ["cifar10", "cifar100", "imagenet16-120"]
  static let cells = 15_625
  /// So many queries after opening are timed apart.
  private static let firstQueries = 1_000

  private let path: String
  private let preloads: Bool
  private var ids: [ArchitectureID] = []
  private var benchmark: Benchmark?
  private var lookups: [Lookup] = []
  private var isFresh = false

  init(folder: String, preload: Bool) {
    path = folder + "/nasbench201.atlas"
    preloads = preload
  }

  func prepare() throws -> Prepared { Prepared(bytes: ["atlas": try AtlasFile.bytes(path)]) }

  func load() throws {
    let benchmark = try Benchmark(path: path, preload: preloads)
    lookups = try Self.dataSets.map { try benchmark.lookup(Question(dataset: $0, epoch: .last)) }
    self.benchmark = benchmark
    isFresh = true
  }

  func times(_ kind: String, _ draws: [UInt64]) throws -> Times {
    let queries = try draws.map { try query(kind, $0) }
    let lookups = lookups
    func run(_ part: ArraySlice<Query>) throws -> Times {
      try Times.of(Array(part)) { try lookups[$0.dataSet].value(of: $0.id) ?? .nan }
    }
    guard isFresh else { return try run(queries[...]) }
    isFresh = false
    let start = Clock.nanoseconds()
    let first = queries.prefix(Self.firstQueries)
    for query in first { _ = try lookups[query.dataSet].value(of: query.id) }
    let spent = Double(Clock.nanoseconds() - start) / Double(max(1, first.count))
    var times = try run(queries[...])
    times.first = spent
    return times
  }

  func values(_ kind: String, _ draw: UInt64) throws -> [Double] {
    let query = try query(kind, draw)
    let lookup = lookups[query.dataSet]
    guard let row = try benchmark?.atlas.row(of: query.id) else { throw Complaint("no architecture \(query.id)") }
    return try lookup.setting.runs(ofArchitecture: row).compactMap { try lookup.value(ofRun: $0)?.value }.sorted()
  }

  private struct Query {
    let dataSet: Int
    let id: ArchitectureID
  }

  private func query(_ kind: String, _ draw: UInt64) throws -> Query {
    guard kind == "value" else { throw Complaint("this subject answers no \(kind)") }
    guard !lookups.isEmpty else { throw Complaint("load comes first") }
    if ids.isEmpty {
      let space = try SpaceCatalogue().space("nasbench201")
      ids = try (0..<Self.cells).map { number in
        let base5 = String(number, radix: 5)
        let digits = String(repeating: "0", count: 6 - base5.count) + base5
        return ArchitectureID(space: space.name, canonicalText: try space.canonicalText(of: "digits:" + digits))
      }
    }
    let cells = UInt64(Self.cells)
    return Query(dataSet: Int(draw / cells % 3), id: ids[Int(draw % cells)])
  }
}

/// Opens and verifies the same three data sets.
final class Opening: Subject {
  private let path: String
  private var atlas: Atlas?

  init(folder: String) { path = folder + "/nasbench201.atlas" }

  func prepare() throws -> Prepared { Prepared(bytes: ["atlas": try AtlasFile.bytes(path)]) }
  func load() throws { atlas = try Atlas(path: path, preload: true) }
}

enum AtlasFile {
  /// Length of the atlas at `path` in bytes.
  static func bytes(_ path: String) throws -> Int {
    guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int else {
      throw Complaint("\(path) is missing; run.py makes it with the program nasatlas beside atlas-bench")
    }
    return size
  }
}
