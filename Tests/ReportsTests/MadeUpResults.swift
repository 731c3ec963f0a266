import Evaluation

/// Four trials of three predictors, with numbers that follow from nothing but their places.
enum MadeUpResults {
  static func make(unit: String = "percent", sizes: [Int] = [24, 121]) -> PredictorResults {
    var rules = PredictorProtocol()
    rules.trials = 8
    rules.trainSizes = sizes
    let names = [("k-nearest-neighbors", "summary"), ("random_forest & co", "slots+paths"), ("mine", "-")]
    let rows = names.enumerated().flatMap { place, name in
      (0..<8).flatMap { trial in
        sizes.map { size in
          row(name, place, trial, size)
        }
      }
    }
    return PredictorResults(
      title: "accuracy_percent on validation of cifar10", architectures: 15_625, unit: unit, rules: rules, rows: rows)
  }

  /// Two predictors of learning curves, one of which only ranks, after 5, 20 and 50 epochs, beside one that sees none.
  static func curves() -> PredictorResults {
    var rules = PredictorProtocol()
    rules.trials = 6
    rules.trainSizes = [121]
    rules.fidelities = [5, 20, 50]
    rules.otherDatasets = ["cifar100"]
    let rows = (0..<6).flatMap { trial in
      rules.fidelities.flatMap { epochs in
        ["lcsvr", "sotl-e"].map { name in
          curveRow(name, trial, epochs)
        }
      } + [row(("default", "summary"), 1, trial, 121)]
    }
    return PredictorResults(
      title: "loss on validation of wikitext-2", architectures: 291, unit: "nats", rules: rules, rows: rows)
  }

  private static func curveRow(_ name: String, _ trial: Int, _ epochs: Int) -> PredictorResults.Row {
    let isScore = name == "sotl-e"
    let wobble = Double((trial * 5) % 7) / 100
    let tau = (isScore ? 0.4 : 0.5) + Double(epochs) / 150 + wobble
    var values: [PredictorMetric: Double] = [
      .kendall: tau, .spearman: tau + 0.1, .pearson: tau, .precision10: tau - wobble, .regret10: 0.5 - tau / 2,
      .regret1: 1.5 - tau, .fitSeconds: isScore ? 2e-6 : 0.2, .querySeconds: 1e-6,
    ]
    if !isScore {
      values[.mae] = 1 - tau
      values[.rmse] = 1.5 - tau
      values[.mape] = 25 - 20 * tau
      values[.r2] = tau - 0.1
    }
    return PredictorResults.Row(
      predictor: name, encoding: "curve", transform: "-", trainSize: 121, epochsSeen: epochs, trial: trial,
      values: values)
  }

  private static func row(_ name: (String, String), _ place: Int, _ trial: Int, _ size: Int) -> PredictorResults.Row {
    let wobble = Double((trial * 5 + place) % 7) / 100
    let tau = 0.4 + 0.15 * Double(place == 2 ? 0 : place + 1) + Double(size) / 1_000 + wobble
    var values: [PredictorMetric: Double] = [
      .kendall: tau, .spearman: tau + 0.1, .pearson: tau, .r2: tau - 0.2, .mae: 4 - 3 * tau, .rmse: 6 - 3 * tau,
      .precision10: tau - wobble, .regret10: 0.5 - tau / 2, .regret1: 1.5 - tau,
    ]
    if place < 2 {
      values[.fitSeconds] = Double(size * (place + 1)) * 2e-4
      values[.querySeconds] = 3e-6 * Double(place + 1)
    }
    if place == 1 {
      values[.coverage50] = 0.48
      values[.coverage80] = 0.79 + wobble
      values[.coverage95] = 0.93
      values[.sharpness] = 1.25
      values[.likelihood] = 1.5 + wobble
      values[.constantLikelihood] = 1.75
    }
    return PredictorResults.Row(
      predictor: name.0, encoding: name.1, transform: place == 2 ? "-" : "identity", trainSize: size, trial: trial,
      values: values)
  }
}
