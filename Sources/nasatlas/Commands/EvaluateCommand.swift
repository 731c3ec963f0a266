import ArgumentParser

/// `nasatlas evaluate`: how good something is, measured on an atlas.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure how well predictors work on an atlas.",
    discussion: """
      Examples:
        nasatlas evaluate predictors data/nasbench201.atlas --dataset cifar10
        nasatlas evaluate predictors --help
      """, subcommands: [EvaluatePredictorsCommand.self])
}
