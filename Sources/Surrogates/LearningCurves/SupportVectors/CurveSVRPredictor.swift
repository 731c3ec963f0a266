import Foundation
import Records

/// Support vectors over the features of curves.
struct CurveSVRPredictor: CurvePredictor {
  static let kind = "lcsvr"

  private struct Settings: Codable {
    let reader: CurveReader
    let gamma: Double
    let intercept: Double
    let scales: [CurveSVR.Scale]
    let valueScale: CurveSVR.Scale
    /// The error of the cross-validation: the aleatoric deviation of all predictions.
    let deviation: Double
  }

  private let settings: Settings
  private let supports: [[Double]]
  private let coefficients: [Double]

  init(
    reader: CurveReader, gamma: Double, intercept: Double, scales: [CurveSVR.Scale], valueScale: CurveSVR.Scale,
    deviation: Double, supports: [[Double]], coefficients: [Double]
  ) {
    settings = Settings(
      reader: reader, gamma: gamma, intercept: intercept, scales: scales, valueScale: valueScale, deviation: deviation)
    self.supports = supports
    self.coefficients = coefficients
  }

  var encodings: [EncodingChoice] { settings.reader.encodings.map { EncodingChoice($0) } }

  func predict(_ curves: CurveSet) throws -> [Prediction] {
    try settings.reader.rows(curves).map { row in
      guard row.count == settings.scales.count else {
        throw SurrogatesError.shape("\(row.count) features; in training \(settings.scales.count)")
      }
      let input = zip(row, settings.scales).map { $1.forward($0) }
      var sum = settings.intercept
      for (support, coefficient) in zip(supports, coefficients) {
        sum += coefficient * exp(-settings.gamma * Self.squaredDistance(support, input))
      }
      return Prediction(mean: settings.valueScale.inverse(sum), aleatoric: settings.deviation)
    }
  }

  static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(settings)
    archive.set("supports", supports.flatMap { $0 })
    archive.set("coefficients", coefficients)
    archive.set("count", [Int32(coefficients.count)])
  }

  init(from archive: ArrayArchive) throws {
    settings = try archive.settings(Settings.self)
    let count = Int(try archive.integers("count", count: 1)[0])
    let width = settings.scales.count
    guard count >= 0, width > 0, width < 1 << 24, settings.deviation >= 0,
      settings.reader.epochs >= 1, settings.scales.allSatisfy({ $0.width != 0 })
    else { throw DamagedArchive("its support vectors have no features") }
    coefficients = try archive.doubles("coefficients", count: count)
    let flat = try archive.doubles("supports", count: count * width)
    supports = (0..<count).map { Array(flat[$0 * width..<($0 + 1) * width]) }
  }
}
