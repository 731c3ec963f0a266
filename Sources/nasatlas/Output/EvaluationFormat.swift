import ArgumentParser
import Evaluation
import Records
import Reports

/// How an evaluation is written.
enum EvaluationFormat: String, CaseIterable, ExpressibleByArgument {
  case text, csv, json, latex
  /// Vega-Lite charts of Kendall's tau against the time of a fit, the train size, and the epochs seen.
  case vegaTime = "vega-time"
  case vegaSize = "vega-size"
  case vegaEpochs = "vega-epochs"

  /// What the text is, for the file that it may replace.
  var kind: OutputKind {
    switch self {
    case .text: .text
    case .csv: .csv
    case .latex: .latex
    case .json, .vegaTime, .vegaSize, .vegaEpochs: .json
    }
  }

  func text(_ results: PredictorResults) throws -> String {
    switch self {
    case .text: PredictorText(results).text
    case .csv: PredictorCSV.text(results)
    case .json: try CanonicalJSON.text(results)
    case .latex: PredictorLaTeX(results).text
    case .vegaTime: try CanonicalJSON.text(PredictorChart(results).againstTime())
    case .vegaSize: try CanonicalJSON.text(PredictorChart(results).againstSize())
    case .vegaEpochs: try CanonicalJSON.text(PredictorChart(results).againstFidelity())
    }
  }
}
