import Benchmarks
import Records
import Store

/// An architecture in a list. Its place counts from 0 through the atlas; batches name architectures by it.
struct ArchitectureLine: Encodable {
  let place: Int
  let id: ArchitectureID
  let space: String
  let canonicalText: String

  init(_ entry: ArchitectureEntry) {
    place = entry.row - 1
    id = entry.id
    space = entry.space
    canonicalText = entry.canonicalText
  }
}

/// An architecture, and what it is called elsewhere.
struct ArchitectureDescription: Encodable {
  let architecture: ArchitectureLine
  let identifiers: [String: String]

  init(_ entry: ArchitectureEntry, _ benchmark: Benchmark) throws {
    architecture = ArchitectureLine(entry)
    identifiers = Dictionary(
      try benchmark.identifiers(of: entry).map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}
