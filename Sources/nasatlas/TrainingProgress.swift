import Foundation
import Records
import Spaces
import Training

/// Shows how a training goes on standard error: one line that is redrawn on a terminal, a line a run elsewhere. With
/// `json`, each finished run is also an object on standard output.
final class TrainingProgress {
  private var plan: TrainingPlan
  private let metric: Metric
  private let json: Bool
  private let terminal: Bool
  private let start = Date()
  private var recorded: Set<Int> = []
  private var earlier = 0
  private var epochs = 0
  private var best: (index: Int, value: Double)?
  private var failures = 0
  private var outputFailure: (any Error)?

  init(plan: TrainingPlan, metric: Metric, json: Bool, terminal: Bool) {
    self.plan = plan
    self.metric = metric
    self.json = json
    self.terminal = terminal
  }

  func hear(_ event: TrainingCoordinator.Event) {
    switch event {
    case .began(let done, let total):
      recorded = done
      earlier = done.count
      say(
        done.isEmpty
          ? "training \(total) runs on \(plan.dataset)" : "\(done.count) of \(total) runs are recorded; going on")
    case .round(_, let teachers):
      if !teachers.isEmpty {
        say("learning from \(teachers.map { String($0.short) }.joined(separator: ", "))")
      }
    case .epoch:
      epochs += 1
      draw()
    case .recorded(let index, let status, let score):
      if !recorded.insert(index).inserted { say("run \(index + 1) was trained again for what was missing of it") }
      if status != .completed { failures += 1 }
      if let score, best.map({ metric.isBetter(score.validation, than: $0.value) }) ?? true {
        best = (index, score.validation)
      }
      report(index, status, score)
      draw()
    case .failed(let index, let reason, let again):
      say("run \(index + 1) is not trained: \(reason); \(again ? "trying again" : "left for the next call")")
    case .diagnostic(let worker, let line):
      say("trainer \(worker): \(line)")
    case .grew(let grown):
      say("the plan has \(grown.runs.count - plan.runs.count) more runs: \(grown.runs.count)")
      plan = grown
    }
  }

  private func report(_ index: Int, _ status: RunStatus, _ score: Score?) {
    if json {
      struct Line: Encodable {
        let run: Int
        let architecture: String
        let status: RunStatus
        let score: Score?
      }
      let line = Line(
        run: index, architecture: plan.runs[index].architecture, status: status, score: score)
      // The runs are in the journal, and more may come: the failure is reported at the end.
      if outputFailure == nil {
        do { try Output.json(line) } catch { outputFailure = error }
      }
    }
    guard !terminal else { return }
    let value = score.map { "\(metric) \(number($0.validation))" } ?? status.rawValue
    say("\(recorded.count)/\(plan.runs.count)  \(value)  \(rate())  best \(bestText())")
  }

  private func draw() {
    guard terminal else { return }
    let width = 24
    let planned = plan.runs.count * plan.trainingProtocol.schedule.epochs
    let share = min(1, Double(earlier * plan.trainingProtocol.schedule.epochs + epochs) / Double(max(planned, 1)))
    let filled = Int(share * Double(width))
    let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled)
    let line = "[\(bar)] \(recorded.count)/\(plan.runs.count)  \(rate())  best \(bestText())"
    Output.draw("\r\u{1b}[K\(line.prefix(79))")
  }

  private func rate() -> String {
    let seconds = Date().timeIntervalSince(start)
    guard epochs > 0, seconds > 0 else { return "…" }
    let perEpoch = seconds / Double(epochs)
    let left = (plan.runs.count - earlier) * plan.trainingProtocol.schedule.epochs - epochs
    let runsPerMinute = 60 / (perEpoch * Double(plan.trainingProtocol.schedule.epochs))
    let eta = left > 0 ? "ETA \(clock(Double(left) * perEpoch))" : "done in \(clock(seconds))"
    return "\(String(format: "%.1f", runsPerMinute)) runs/min  \(eta)"
  }

  private func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }

  private func bestText() -> String {
    best.map { "\(number($0.value)) (run \($0.index + 1))" } ?? "none yet"
  }

  private func number(_ value: Double) -> String { String(format: "%.4f", value) }

  /// Throws what kept the objects of finished runs from standard output.
  func finish(folder: String) throws {
    if terminal { Output.draw("\n") }
    let failed = failures > 0 ? ", \(failures) of them not completed" : ""
    say("\(recorded.count) runs recorded in \(folder)/journals\(failed)")
    if let outputFailure { throw outputFailure }
  }

  private func say(_ line: String) {
    Output.note((terminal ? "\r\u{1b}[K" : "") + line)
  }
}
