import Evaluation
import Foundation

/// Shows how an evaluation goes on standard error: one line that is redrawn on a terminal, a line a predictor elsewhere.
final class EvaluationProgress {
  private let isTerminal: Bool
  private let start = ContinuousClock.now
  private var predictor: String?

  init(isTerminal: Bool) { self.isTerminal = isTerminal }

  func hear(_ progress: PredictorSuite.Progress) {
    let seconds = start.duration(to: .now) / .seconds(1)
    let left = seconds / Double(progress.done) * Double(progress.total - progress.done)
    let state = "\(progress.done)/\(progress.total) fits"
    if isTerminal {
      let line =
        "\(state)  \(progress.predictor), trial \(progress.trial), \(progress.trainSize) learnt from  "
        + "\(Int(left.rounded(.up))) s left"
      Output.draw("\r\u{1b}[K\(line.prefix(79))")
    } else if predictor != progress.predictor {
      Output.note("\(state)  evaluating \(progress.predictor)")
    }
    predictor = progress.predictor
  }

  func finish() {
    if isTerminal { Output.draw("\r\u{1b}[K") }
  }
}
