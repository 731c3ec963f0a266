import Benchmarks
import Foundation
import Records
import Reports
import Surrogates

/// What `query` says of an architecture: an answer a split.
struct ValueReport: Encodable {
  struct Identifier: Encodable {
    let name: String
    let value: String
  }

  let architecture: Answer.Architecture
  /// Its names in published tables.
  let identifiers: [Identifier]
  /// In the order in which the splits were asked for.
  let answers: [Answer]

  init(
    architecture: Answer.Architecture, identifiers: [(name: String, value: String)], answers: [Answer]
  ) {
    self.architecture = architecture
    self.identifiers = identifiers.map { Identifier(name: $0.name, value: $0.value) }
    self.answers = answers
  }

  /// A row a split; where each run was asked for, a row a run.
  var table: AnswerTable {
    struct Row {
      let context: AnswerContext
      let seed: String
      let epoch: Int?
      let value: Double?
      let deviation: Double?
      let runs: Int
      let seconds: Double?
    }
    let rows = answers.flatMap { answer in
      guard answer.value == nil else {
        let epochs = Set(answer.points.map(\.epoch))
        let known = answer.points.compactMap(\.trainSeconds?.seconds)
        return [
          Row(
            context: answer.context, seed: answer.points.count == 1 ? "\(answer.points[0].seed)" : answer.context.seeds,
            epoch: epochs.count == 1 ? epochs.first : nil, value: answer.value, deviation: answer.standardDeviation,
            runs: answer.points.count,
            seconds: known.isEmpty || known.count < answer.points.count
              ? nil : known.reduce(0, +) / Double(known.count))
        ]
      }
      return answer.points.map {
        Row(
          context: answer.context, seed: "\($0.seed)", epoch: $0.epoch, value: $0.value, deviation: nil, runs: 1,
          seconds: $0.trainSeconds?.seconds)
      }
    }
    let name = ArchitectureText.shortName(identifiers.map { ($0.name, $0.value) })
    func texts(_ cell: (Row) -> String?) -> AnswerTable.Cells { .texts(rows.map(cell)) }
    return AnswerTable(
      caption: "\(architecture.canonicalText) of \(architecture.space)",
      (name == nil ? [] : [.init("name", texts { _ in name })]) + [
        .init("architecture", texts { _ in architecture.canonicalText }),
        .init("id", texts { _ in architecture.id.hex }),
        .init("dataset", texts { $0.context.dataset }), .init("protocol", texts { $0.context.protocolName }),
        .init("metric", texts { $0.context.metric.name }), .init("unit", texts { $0.context.unit }),
        .init("split", texts { $0.context.split.rawValue }), .init("seed", texts { $0.seed }),
        .init("epoch", .counts(rows.map(\.epoch))), .init("value", .numbers(rows.map(\.value))),
        .init("standard_deviation", title: "standard deviation", .numbers(rows.map(\.deviation))),
        .init("runs", .counts(rows.map(\.runs))),
        .init("train_seconds", title: "training (s)", .numbers(rows.map(\.seconds))),
        .init("kind", texts { $0.context.kind }),
      ])
  }

  /// The values first, then what they are, last the canonical text on a line of its own, whole, for copying.
  func text(_ atlas: String) -> String {
    var listing = Listing()
    for answer in answers { add(answer, to: &listing) }
    if let first = answers.first {
      let context = first.context
      let direction = context.largerIsBetter ? "larger is better" : "smaller is better"
      listing.add("metric", "\(context.metric), \(context.unit), \(direction)")
      if first.points.isEmpty {
        listing.add(context.axisName, context.epochWords)
      } else {
        listing.add(context.axisName, Self.epochs(first))
        listing.add("seeds", first.points.map(\.seed.words).joined(separator: ", "))
      }
      let statuses = Set(first.points.map(\.status.rawValue)).sorted()
      if !statuses.isEmpty, statuses != [RunStatus.completed.rawValue] {
        listing.add("status", statuses.joined(separator: ", "))
      }
      if let seconds = Self.seconds(first) { listing.add("training", seconds) }
      listing.add("data set", context.dataset + (context.datasetDigest.map { " (\($0.short))" } ?? ""))
      listing.add("protocol", (context.protocolName.map { "\($0) " } ?? "") + "(\(context.protocolDigest.short))")
      let sources = Set(first.points.compactMap(\.source)).sorted()
      for surrogate in Set(answers.compactMap(\.prediction?.surrogate)).sorted(by: { $0.digest < $1.digest }) {
        listing.add("surrogate", surrogate.words)
      }
      listing.add("source", "\(context.kind)" + (sources.isEmpty ? "" : ", " + sources.joined(separator: ", ")))
      listing.add("atlas", "\(atlas) (\(context.atlasDigest.short))")
    }
    listing.add("id", architecture.id.hex)
    for name in identifiers where name.value != architecture.canonicalText && name.value.count <= 60 {
      listing.add("  \(name.name)", name.value)
    }
    return listing.text + "\n\(architecture.space) architecture\n  \(architecture.canonicalText)"
  }

  private func add(_ answer: Answer, to listing: inout Listing) {
    let unit = answer.context.unit == "1" ? "" : " \(answer.context.unit)"
    let name = answer.context.split.rawValue
    if let simulation = answer.simulation {
      return listing.add(
        name,
        "\(NumberText.value(answer.value ?? .nan))\(unit), simulated: run \(simulation.number) of the predicted mean "
          + "\(NumberText.value(simulation.mean)), with standard deviation \(NumberText.value(simulation.deviation)) "
          + "of epoch \(simulation.epoch)")
    }
    if let prediction = answer.prediction {
      return listing.add(
        name,
        "\(NumberText.value(answer.value ?? .nan)) ± \(NumberText.value(answer.standardDeviation ?? 0))\(unit), predicted: "
          + "80 % between \(NumberText.value(prediction.interval80[0])) and \(NumberText.value(prediction.interval80[1])); "
          + "model uncertainty \(NumberText.value(prediction.epistemic)), "
          + "noise \(NumberText.value(prediction.aleatoric))")
    }
    for run in answer.absent { listing.add("\(name) of seed \(run.seed)", "absent: \(run.reason)") }
    guard answer.points.count > 1 else {
      var text = (answer.points.first.map { NumberText.value($0.value) } ?? "-") + unit
      if case .mean(let count)? = answer.points.first?.seed {
        text += ", published as a mean" + (count > 0 ? " of \(count) runs" : ", number of runs unknown")
      }
      return listing.add(name, text)
    }
    if answer.value == nil {
      for point in answer.points {
        let status = point.status == .completed ? "" : " (\(point.status.rawValue))"
        listing.add("\(name) of seed \(point.seed)", NumberText.value(point.value) + unit + status)
      }
      return
    }
    let all = answer.points.map(\.value)
    listing.add(
      name,
      "\(NumberText.value(answer.value ?? .nan)) ± \(NumberText.value(answer.standardDeviation ?? 0))\(unit), mean ± "
        + "standard deviation of \(all.count) runs, from \(NumberText.value(all.min() ?? .nan)) to "
        + NumberText.value(all.max() ?? .nan))
  }

  private static func epochs(_ answer: Answer) -> String {
    let epochs = answer.points.map(\.epoch)
    let axis = answer.context.fidelity ?? .epochs
    let numbers = Set(epochs).count == 1 ? axis.words(epochs[0]) : epochs.map(axis.words).joined(separator: ", ")
    return switch answer.context.epoch {
    case "best": "\(numbers), the \(axis.name) of the best validation value"
    case "last": "\(numbers), the last"
    case let rule where rule.hasPrefix("best-so-far"): "\(numbers), the best so far"
    default: numbers
    }
  }

  private static func seconds(_ answer: Answer) -> String? {
    let known = answer.points.compactMap(\.trainSeconds)
    guard !known.isEmpty, known.count == answer.points.count else { return nil }
    let mean = known.reduce(0) { $0 + $1.seconds } / Double(known.count)
    return String(format: "%.1f s up to this epoch", mean) + (known.count > 1 ? ", mean over the runs" : "")
      + (known.contains(where: \.isDerived) ? ", derived from the total" : "")
  }
}

extension Seed {
  /// The seed in words.
  var words: String {
    switch self {
    case .recorded(let number): "\(number)"
    case .unnamed(let number): "unnamed-\(number)"
    case .mean(of: 0): "mean-of-0 (a mean of unnamed runs)"
    case .mean(of: let count): "mean-of-\(count)"
    }
  }
}

extension SurrogateSummary {
  /// What made a prediction and how far to trust it.
  var words: String {
    func number(_ value: Double?) -> String { value.map(NumberText.value) ?? "-" }
    return "\(predictor) (\(digest.short)), fitted to \(NumberText.count(architectures)) architectures; "
      + "cross-validated tau \(number(kendallTau)), R2 \(number(r2)), RMSE \(number(rmse)), "
      + "\(number(100 * coverage80)) of 100 values in the 80 % interval"
  }
}
