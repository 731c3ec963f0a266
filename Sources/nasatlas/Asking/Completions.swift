import ArgumentParser
import Benchmarks
import Datasets
import Foundation
import Records
import Store
import Surrogates

/// What shells offer for the values of options.
enum Completions {
  /// Names that the atlas on the command line has; `names` of it, and `others` where there is no atlas.
  private static func ofAtlas(
    _ names: @Sendable @escaping (Atlas) -> [String], others: [String] = []
  ) -> CompletionKind {
    .custom { words, _, _ in
      guard let path = words.first(where: { $0.hasSuffix(".atlas") && FileManager.default.fileExists(atPath: $0) }),
        let atlas = try? Atlas(path: path)
      else { return others }
      return Array(Set(names(atlas))).sorted()
    }
  }

  /// Data sets of the runs of the atlas; without one, data sets that can be trained on.
  static let datasets = ofAtlas({ $0.settings.map(\.dataset) }, others: DatasetRegistry.names)
  static let spaces = ofAtlas { $0.spaces.map(\.name) }
  static let protocols = ofAtlas { $0.settings.compactMap(\.protocolName) }
  static let metrics = ofAtlas { $0.settings.flatMap { $0.measures.map(\.metric.name) } }
  static let predictors = CompletionKind.list(PredictorCatalogue.methods.map(\.name))
  /// Of an evaluation, which may compare predictors of curves too.
  static let comparedPredictors = CompletionKind.list(
    PredictorCatalogue.methods.map(\.name) + CurvePredictorCatalogue.methods.map(\.name))
}
