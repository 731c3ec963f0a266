import Foundation
import Records
import Spaces

/// Time features of cells of blocks, and what has learnt from them.
struct PopnasTimePredictor: Predictor {
  static let kind = "popnas-time"
  private static let featureBlock = EncodingChoice.named("time-features")

  let encodings: [EncodingChoice]
  private let reader: CellBlockReader
  private let features: TimeFeatures
  private let inner: any Predictor

  init(encodings: [EncodingChoice], reader: CellBlockReader, features: TimeFeatures, inner: any Predictor) {
    self.encodings = encodings
    self.reader = reader
    self.features = features
    self.inner = inner
  }

  /// Throws ``SurrogatesError/shape(_:)`` for cells that are not said in blocks.
  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    let own = try features.selecting(encodings)
    return try inner.predict(Self.inner(own, reader.cells(of: own), self.features))
  }

  /// What the inner model reads: time features in the place of the blocks.
  static func innerEncodings(_ encodings: [EncodingChoice]) -> [EncodingChoice] {
    [featureBlock] + encodings.dropFirst()
  }

  static func inner(
    _ features: FeatureMatrix, _ cells: [[CellBlock]], _ time: TimeFeatures
  ) throws -> FeatureMatrix {
    let count = TimeFeatures.Feature.allCases.count
    let blocks = [FeatureMatrix.Block(name: featureBlock.description, width: count)] + features.blocks.dropFirst()
    let width = features.blocks.first?.width ?? 0
    let values = cells.enumerated().flatMap { index, cell in
      time.values(of: cell) + features.row(index).dropFirst(width)
    }
    return try FeatureMatrix(blocks: blocks, count: cells.count, values: values)
  }

  // MARK: Model files

  private struct Settings: Codable {
    let encodings: [String]
    let reader: CellBlockReader
    let stackedCells: Int
  }

  func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(
      Settings(
        encodings: encodings.map(\.description), reader: reader, stackedCells: features.stackedCells))
    archive.set("weights", features.weights)
    try archive.set("trees", inner)
  }

  init(from archive: ArrayArchive) throws {
    let settings = try archive.settings(Settings.self)
    let weights = try archive.doubles("weights", count: settings.reader.operations)
    encodings = settings.encodings.map { EncodingChoice($0) }
    reader = settings.reader
    inner = try archive.predictor("trees")
    guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }),
      [settings.stackedCells, reader.operations, reader.lookbacks].allSatisfy((1...1000).contains),
      inner.encodings == Self.innerEncodings(encodings), !encodings.isEmpty
    else { throw DamagedArchive("the settings of its time features are invalid") }
    features = TimeFeatures(weights: weights, stackedCells: settings.stackedCells)
  }
}
