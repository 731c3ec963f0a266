import Spaces
import Surrogates

/// `surrogates-bench curves SPACE PREDICTOR`: for each `{"train": RUNS, "test": RUNS, "observed": 10, "seed": 1,
/// "members": 5}`, with RUNS `{"texts": ["…"], "datasets": ["…"], "curves": [[…]]}`, what the predictor says of the ends of
/// the test runs after the observed epochs. Larger is better; `members` is for LCRankNet.
enum CurvesBench {
  private struct Runs: Decodable {
    let texts: [String]
    let datasets: [String]
    let curves: [[Double]]

    func set(_ encoder: ArchitectureEncoder) throws -> CurveSet {
      try CurveSet(curves, features: encoder.features(of: texts), datasets: datasets)
    }
  }

  private struct Request: Decodable {
    let train: Runs
    let test: Runs
    let observed: Int
    let seed: UInt64
    let members: Int?
  }

  static func run(_ words: [String]) throws {
    LineAnswers.check(words, count: 2, usage: "curves SPACE PREDICTOR")
    let encoder = try ArchitectureEncoder(SpaceCatalogue().space(words[0]), [.sequence])
    try LineAnswers.write(to: Request.self) { request in
      var method = try CurvePredictorCatalogue.method(words[1])
      if let members = request.members, var ranker = method as? LCRankNet {
        ranker.members = members
        method = ranker
      }
      let training = try CurveTrainingSet(request.train.set(encoder), observedEpochs: request.observed)
      let (predictor, seconds) = try LineAnswers.timed { try method.fit(training, seed: request.seed) }
      let unseen = try request.test.set(encoder).prefix(request.observed)
      return LineAnswers.Fit(seconds: seconds, mean: try predictor.predict(unseen).map(\.mean))
    }
  }
}
