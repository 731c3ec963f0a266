import Benchmarks
import Foundation
import Records
import Spaces
import Store
import Surrogates

/// One opened atlas under its name, with what was worked out for it. Its benchmark withholds the test values of a sealed
/// one from every question.
final class ServedAtlas: Sendable {
  let name: String
  let path: String
  let benchmark: Benchmark
  let file: AtlasFile
  /// The digest in hexadecimal, in quotation marks: the entity tag of everything that follows from the atlas alone. Weak,
  /// for answers may be compressed on their way.
  let entityTag: String

  private let spaceRows: [(name: String, rows: Range<Int>)]
  /// Of all architectures, which count from 0.
  private let places: Range<Int>
  /// Rows by canonical text, for reading a text and hashing it takes longer than an answer. Texts of two spaces are left
  /// out.
  private let texts: TextIndex
  /// What ledgers ask.
  private let ledgerBenchmark: Result<Benchmark, any Error>
  private let bindings = Guarded<[Question: Binding]>([:])
  private let predicting = Guarded<[Question: PredictingLookup]>([:])
  /// Different questions that are remembered; a client that asks more only waits for them to be bound anew.
  private static let rememberedQuestions = 1_024

  /// Opens, checks and decodes all of the atlas at `path`. Throws `StoreError`.
  init(name: String, path: String, disclosure: Disclosure) throws {
    self.name = name
    self.path = path
    benchmark = try Benchmark(path: path, preload: true, disclosure: disclosure)
    let atlas = benchmark.atlas
    ledgerBenchmark = Result { try Benchmark(atlas, disclosure: disclosure.ofLedgers) }
    file = try AtlasFile(path: path, name: name, digest: benchmark.atlas.digest)
    spaceRows = benchmark.atlas.spaces.map { ($0.name, $0.rows) }
    places = 0..<(try benchmark.atlas.architectureCount())
    texts = try Self.texts(benchmark.atlas)
    entityTag = "W/\"\(benchmark.atlas.digest.hex)\(disclosure == .open ? "" : "-\(disclosure)")\""
  }

  var atlas: Atlas { benchmark.atlas }
  var digest: Digest256 { benchmark.atlas.digest }
  var disclosure: Disclosure { benchmark.disclosure }
  /// Test values leave only through a closed ledger.
  var isSealed: Bool { disclosure != .open }

  /// A question of a ledger, which may ask what nobody else may.
  func ledgerLookup(_ question: Question) throws -> Lookup {
    guard disclosure.ofLedgers != disclosure else { return try lookup(question) }
    return try ledgerBenchmark.get().lookup(question)
  }

  /// The same atlas with its test values, for the report of a closed ledger.
  func revealed() throws -> Benchmark { try Benchmark(atlas) }

  // MARK: Architectures

  /// An architecture of the atlas, without the detour through the file.
  struct Found {
    let row: Int
    let space: String
    let canonicalText: String

    var entry: ArchitectureEntry {
      ArchitectureEntry(
        row: row, id: ArchitectureID(space: space, canonicalText: canonicalText), space: space,
        canonicalText: canonicalText)
    }
  }

  /// The architecture that `text` names. Throws `BenchmarkError` like ``Benchmark/architecture(_:space:nearest:)``.
  func find(_ text: String, space: String?, nearest: Int = 3) throws -> Found {
    if let found = known(text, space: space) { return found }
    let entry = try benchmark.architecture(text, space: space, nearest: nearest)
    return Found(row: entry.row, space: entry.space, canonicalText: entry.canonicalText)
  }

  /// The architecture that a canonical text names, if that is told without reading anything.
  private func known(_ text: String, space: String?) -> Found? {
    known(texts.row(of: text), in: space).map { Found(row: $0.row, space: $0.space, canonicalText: text) }
  }

  /// The architecture that a key names; nil where it takes some time to tell. Throws for a place that there is not.
  func known(_ key: ArchitectureKey, space: String?) throws -> Found? {
    switch key {
    case .text(let text): known(text, space: space)
    case .place(let place): try entry(ofPlace: place, space: space)
    }
  }

  /// The architecture that a key names.
  func find(_ key: ArchitectureKey, space: String?) throws -> Found {
    switch key {
    case .text(let text): return try find(text, space: space)
    case .place(let place):
      return try entry(ofPlace: place, space: space)
    }
  }

  /// One of a batch, where it is the `index`th; nil for a text or an id that the atlas does not have.
  func find(_ key: ArchitectureKey, space: String?, index: Int) throws -> Found? {
    switch key {
    case .text(let text):
      do { return try find(text, space: space, nearest: 0) } catch BenchmarkError.architectureNotInAtlas {
        return nil
      } catch BenchmarkError.unknownID {
        return nil
      } catch BenchmarkError.unknownPlace(let place, _, let places, let atlas) {
        throw BenchmarkError.unknownPlace(place: place, index: index, places: places, atlas: atlas)
      }
    case .place(let place): return try entry(ofPlace: place, space: space, index: index)
    }
  }

  private func entry(ofPlace place: Int, space: String?, index: Int? = nil) throws -> Found {
    let row = try row(ofPlace: place, space: space, index: index)
    guard let own = spaceRows.first(where: { $0.rows.contains(row) }), let text = texts.text(ofRow: row) else {
      throw BenchmarkError.unknownID(id: "\(place)", atlas: name)
    }
    return Found(row: row, space: own.name, canonicalText: text)
  }

  /// Space and canonical text of an architecture, which the atlas need not have unless it is named by place or id.
  func spelling(of key: ArchitectureKey, space: String?) throws -> (space: String, canonicalText: String) {
    if case .text(let text) = key { return try benchmark.spelling(of: text, space: space) }
    let found = try find(key, space: space)
    return (found.space, found.canonicalText)
  }

  /// The row of the architecture at a place, which counts from 0. Throws a ``Problem`` that tells which places there are.
  func row(ofPlace place: Int, space: String? = nil, index: Int? = nil) throws -> Int {
    if space == nil, places.contains(place) { return place + 1 }
    if let space, !spaceRows.contains(where: { $0.name == space }) {
      throw BenchmarkError.unknown(what: "space", found: space, known: spaceRows.map(\.name))
    }
    let rows = spaceRows.first { $0.name == space }?.rows
    let places = rows.map { $0.lowerBound - 1..<$0.upperBound - 1 } ?? places
    guard places.contains(place) else {
      throw BenchmarkError.unknownPlace(place: "\(place)", index: index, places: places, atlas: space ?? name)
    }
    return place + 1
  }

  /// The space of the first of these architectures, nil for none.
  func space(of rows: [Int?]) -> String? {
    guard let row = rows.lazy.compactMap({ $0 }).first else { return nil }
    return spaceRows.first { $0.rows.contains(row) }?.name
  }

  /// The row of a canonical text in UTF-8; nil where it takes more to tell.
  func row(ofText text: UnsafeRawBufferPointer, space: String?) -> Int? { known(texts.row(of: text), in: space)?.row }

  /// In one space a canonical text names one architecture; over several it might spell another one elsewhere.
  private func known(_ row: Int?, in space: String?) -> (row: Int, space: String)? {
    guard let row, space != nil || spaceRows.count == 1, let own = spaceRows.first(where: { $0.rows.contains(row) }),
      space == nil || space == own.name
    else { return nil }
    return (row, own.name)
  }

  private static func texts(_ atlas: Atlas) throws -> TextIndex {
    let count = try atlas.architectureCount()
    var texts = TextIndex(capacity: count)
    for first in stride(from: 1, through: count, by: 4_096) {
      for entry in try atlas.architectures(rows: first..<min(first + 4_096, count + 1)) {
        texts.add(entry.canonicalText, row: entry.row)
      }
    }
    return texts
  }

  // MARK: Questions

  /// A question bound to the atlas.
  struct Binding: Sendable {
    let lookup: Lookup
    /// What its answers say of themselves, as canonical JSON.
    let context: String
  }

  func lookup(_ question: Question) throws -> Lookup { try binding(question).lookup }

  func binding(_ question: Question) throws -> Binding {
    if let known = bindings.withLock({ $0[question] }) { return known }
    let lookup = try benchmark.lookup(question)
    let binding = Binding(lookup: lookup, context: try CanonicalJSON.text(lookup.context))
    bindings.withLock {
      if $0.count >= Self.rememberedQuestions { $0.removeAll(keepingCapacity: true) }
      $0[question] = binding
    }
    return binding
  }

  /// The question bound to the atlas and to the surrogate beside it, which answers where the atlas does not.
  func predictingLookup(_ question: Question) throws -> PredictingLookup {
    if let known = predicting.withLock({ $0[question] }) { return known }
    let found = try lookup(question).predicting()
    predicting.withLock {
      if $0.count >= Self.rememberedQuestions { $0.removeAll(keepingCapacity: true) }
      $0[question] = found
    }
    return found
  }

  /// Lets surrogates be read anew.
  func forgetSurrogates() { predicting.withLock { $0.removeAll() } }
}
