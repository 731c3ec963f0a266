import Records
import Spaces
import Store
import Surrogates

extension PredictingLookup {
  /// All epochs of an architecture: measured where the atlas has it, else predicted; with `noise` the curve of one run as
  /// it might have been, which follows from that number and the architecture alone.
  ///
  /// Throws `SurrogatesError.noCurves` for a surrogate that has not learnt curves and `noNoise` where it does not know how
  /// runs scatter.
  public func curves(_ text: String, noise: UInt64? = nil) throws -> CurveAnswer {
    let spelling = try lookup.benchmark.spelling(of: text, space: lookup.setting.space)
    return try lookup.measuredCurves(spelling.canonicalText) ?? predictedCurve(spelling.canonicalText, noise)
  }

  /// Means and deviations of architectures at one epoch each, by canonical texts, whether the atlas has them or not.
  ///
  /// Throws `SurrogatesError.noCurves` for a surrogate that has not learnt curves and `noSuchEpoch` for other epochs.
  func predictions(of asked: [(canonicalText: String, epoch: Int)]) throws -> [Prediction] {
    if asked.isEmpty { return [] }
    let (curves, encoder) = try learntCurves()
    let places = try asked.map { try place(ofEpoch: $0.epoch, in: curves) }
    return zip(try curves.predict(asked.map(\.canonicalText), with: encoder), places).map { $0[$1] }
  }

  private func place(ofEpoch number: Int, in curves: SurrogateCurves) throws -> Int {
    guard let place = curves.epochs.firstIndex(of: number) else {
      throw SurrogatesError.noSuchEpoch(epoch: number, known: curves.epochs)
    }
    return place
  }

  private func predictedCurve(_ canonicalText: String, _ number: UInt64?) throws -> CurveAnswer {
    let (curves, encoder) = try learntCurves()
    let architecture = Answer.Architecture(space: lookup.setting.space, canonicalText: canonicalText)
    let curve = try curves.predict([canonicalText], with: encoder)[0]
    var simulation: SimulatedCurve?
    if let number {
      let values = try scatter(of: curves).run(
        around: curve.map(\.mean), label: label, architecture: architecture.id.hex, seed: number)
      simulation = SimulatedCurve(
        number: number,
        values: zip(curves.epochs, values).map {
          CurveAnswer.EpochValue(epoch: $0, value: $1, standardDeviation: nil)
        })
    }
    return CurveAnswer(
      architecture: architecture, context: lookup.context(kind: number == nil ? "predicted" : "simulated"), runs: [],
      absent: [],
      mean: zip(curves.epochs, curve).map {
        CurveAnswer.EpochValue(epoch: $0, value: $1.mean, standardDeviation: $1.standardDeviation)
      }, prediction: PredictedCurve(curve, curves, surrogate.summary), simulation: simulation)
  }

  /// The value of a run as it might have been around `prediction`: with the scatter of the epoch that the lookup asks
  /// for. Where that is each run's own, it is the epoch at which the predicted curve is best.
  func simulated(_ canonicalText: String, _ prediction: Prediction, _ number: UInt64) throws -> (SimulatedValue, Double)
  {
    let (curves, encoder) = try learntCurves()
    let noise = try scatter(of: curves)
    let place = try place(in: curves) { try curves.predict([canonicalText], with: encoder)[0].map(\.mean) }
    let id = ArchitectureID(space: lookup.setting.space, canonicalText: canonicalText)
    let value = noise.value(
      at: place + 1, mean: prediction.mean, label: label, architecture: id.hex, seed: number)
    return (
      SimulatedValue(
        number: number, epoch: curves.epochs[place], mean: prediction.mean,
        deviation: noise.deviation(at: place + 1, mean: prediction.mean)), value
    )
  }

  /// The place, among the epochs of the curves, of what the lookup asks for.
  private func place(in curves: SurrogateCurves, _ predicted: () throws -> [Double]) throws -> Int {
    let epochs = curves.epochs
    switch lookup.epoch {
    case .last: return epochs.count - 1
    case .number(let number): return try place(ofEpoch: number, in: curves)
    case .best, .bestSoFar:
      var limit = Int.max
      if case .bestSoFar(let number?) = lookup.epoch { limit = number }
      let sign = curves.model.direction.sign
      let means = try predicted().map { sign * $0 }
      let places = epochs.indices.filter { epochs[$0] <= limit }
      guard let best = places.max(by: { means[$0] < means[$1] }) else {
        throw SurrogatesError.noSuchEpoch(epoch: limit, known: epochs)
      }
      return best
    }
  }

  private func learntCurves() throws -> (SurrogateCurves, ArchitectureEncoder) {
    guard let curves = surrogate.curves else { throw SurrogatesError.noCurves(surrogate: surrogate.digest.short) }
    let encoder = try lookup.encoder(curves.choices)
    try curves.check(encoder)
    return (curves, encoder)
  }

  private func scatter(of curves: SurrogateCurves) throws -> NoiseModel {
    guard let noise = curves.model.noise else { throw SurrogatesError.noNoise(surrogate: surrogate.digest.short) }
    return noise
  }

  /// Tells the runs of one setting and metric from those of others.
  private var label: String {
    let context = lookup.context
    return [context.dataset, context.protocolDigest.hex, context.metric.name, context.split.rawValue]
      .joined(separator: " ")
  }
}

extension Lookup {
  /// All epochs of an architecture as measured; nil where the atlas has nothing of it that answers the question.
  public func measuredCurves(_ canonicalText: String) throws -> CurveAnswer? {
    try measured(canonicalText) { try curves($0) }
  }

  /// Curves by the surrogate beside the atlas, or that at `path`, whichever epoch its single values are of.
  public func predictingCurves(path: String? = nil) throws -> PredictingLookup {
    let surrogate = try surrogate(at: path, fit: fitCommand + " --curves")
    return try PredictingLookup(Lookup(self, epoch: EpochChoice(surrogate.subject.epoch)), surrogate)
  }
}
