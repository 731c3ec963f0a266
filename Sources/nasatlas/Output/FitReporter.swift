import Evaluation
import Foundation
import Surrogates

/// Shows how fits go on standard error: one line that is redrawn on a terminal; elsewhere lines of an evaluation's
/// predictors, and of a fit at most one in ten seconds.
final class FitReporter {
  private static let secondsBetweenLines = 10.0

  private let isTerminal: Bool
  private let start = ContinuousClock.now
  private var predictor: String?
  private var lastLineSeconds = 0.0

  init(isTerminal: Bool) { self.isTerminal = isTerminal }

  func hear(_ progress: FitProgress) {
    let (left, seconds) = secondsLeft(progress.done, of: progress.total)
    let line = "\(progress.done)/\(progress.total) fits  \(left) s left"
    if isTerminal {
      draw(progress.done < progress.total ? line : "")
    } else if progress.done < progress.total, seconds - lastLineSeconds >= Self.secondsBetweenLines {
      lastLineSeconds = seconds
      Output.note(line)
    }
  }

  func hear(_ progress: PredictorSuite.Progress) {
    let left = secondsLeft(progress.done, of: progress.total).left
    let state = "\(progress.done)/\(progress.total) fits"
    if isTerminal {
      draw("\(state)  \(progress.predictor), trial \(progress.trial), train size \(progress.trainSize)  \(left) s left")
    } else if predictor != progress.predictor {
      Output.note("\(state)  evaluating \(progress.predictor), \(left) s left")
    }
    predictor = progress.predictor
  }

  func finish() {
    if isTerminal { draw("") }
  }

  /// As if the rest took as long as what is done.
  private func secondsLeft(_ done: Int, of total: Int) -> (left: Int, seconds: Double) {
    let seconds = start.duration(to: .now) / .seconds(1)
    return (Int((seconds / Double(max(1, done)) * Double(total - done)).rounded(.up)), seconds)
  }

  private func draw(_ line: String) { Output.draw("\r\u{1b}[K\(line.prefix(79))") }
}
