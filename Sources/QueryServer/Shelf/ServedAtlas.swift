import Benchmarks
import Foundation
import Records
import Store
import Surrogates
import Synchronization

/// One opened atlas under its name, with what was worked out for it.
final class ServedAtlas: Sendable {
  let name: String
  let path: String
  let benchmark: Benchmark
  /// The digest in hexadecimal, in quotation marks: the entity tag of everything that follows from the atlas alone.
  let entityTag: String

  private let lookups = Mutex<[Question: Lookup]>([:])
  private let predicting = Mutex<[Question: PredictingLookup]>([:])
  /// Different questions that are remembered; a client that asks more only waits for them to be bound anew.
  private static let rememberedQuestions = 4_096

  /// Opens, checks and decodes all of the atlas at `path`. Throws `StoreError`.
  init(name: String, path: String) throws {
    self.name = name
    self.path = path
    benchmark = try Benchmark(path: path, preload: true)
    entityTag = "\"\(benchmark.atlas.digest.hex)\""
  }

  var digest: Digest256 { benchmark.atlas.digest }

  /// The question bound to the atlas.
  func lookup(_ question: Question) throws -> Lookup {
    if let known = lookups.withLock({ $0[question] }) { return known }
    let lookup = try benchmark.lookup(question)
    lookups.withLock {
      if $0.count >= Self.rememberedQuestions { $0.removeAll(keepingCapacity: true) }
      $0[question] = lookup
    }
    return lookup
  }

  /// The question bound to the atlas and to the surrogate beside it, which answers where the atlas does not.
  func predictingLookup(_ question: Question) throws -> PredictingLookup {
    if let known = predicting.withLock({ $0[question] }) { return known }
    let found = try lookup(question).predicting()
    predicting.withLock { $0[question] = found }
    return found
  }
}
