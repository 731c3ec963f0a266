import Spaces
import Surrogates

/// `surrogates-bench fit SPACE`: for each `{"predictor": "mlp", "train": ["…"], "values": […], "test": ["…"], "seed": 1}`
/// what the predictor says of the test architectures.
enum FitBench {
  private struct Request: Decodable {
    let predictor: String
    let train: [String]
    let values: [Double]
    let test: [String]
    let seed: UInt64
  }

  static func run(_ words: [String]) throws {
    LineAnswers.check(words, count: 1, usage: "fit SPACE")
    let space = try SpaceCatalogue().space(words[0])
    try LineAnswers.write(to: Request.self) { request in
      let method = try PredictorCatalogue.method(request.predictor)
      let encoder = try ArchitectureEncoder(space, method.encodings)
      let training = try TrainingSet(encoder.features(of: request.train), request.values)
      let (predictor, seconds) = try LineAnswers.timed { try method.fit(training, seed: request.seed) }
      return LineAnswers.Fit(
        seconds: seconds, mean: try predictor.predict(encoder.features(of: request.test)).map(\.mean))
    }
  }
}
