import ArgumentParser
import Records

/// A split, as an option names it.
enum SplitChoice: String, CaseIterable, ExpressibleByArgument {
  case train, validation, test

  var split: Split {
    switch self {
    case .train: .train
    case .validation: .validation
    case .test: .test
    }
  }
}

/// The epoch that a question is about.
enum EpochChoice: ExpressibleByArgument, Equatable {
  /// The run's own: where the validation value of the metric that scores it is best.
  case best
  case last
  /// Counted from 1.
  case number(Int)

  init?(argument: String) {
    switch argument {
    case "best": self = .best
    case "last": self = .last
    default:
      guard let number = Int(argument), number > 0 else { return nil }
      self = .number(number)
    }
  }

  var defaultValueDescription: String {
    switch self {
    case .best: "best"
    case .last: "last"
    case .number(let number): "\(number)"
    }
  }
}

/// The runs that a question is about, among those that differ in their seed alone.
enum SeedChoice: ExpressibleByArgument, Equatable {
  case number(UInt64)
  /// The mean over all completed runs.
  case mean

  init?(argument: String) {
    if argument == "mean" {
      self = .mean
    } else {
      guard let number = UInt64(argument) else { return nil }
      self = .number(number)
    }
  }

  var defaultValueDescription: String {
    switch self {
    case .mean: "mean"
    case .number(let number): "\(number)"
    }
  }
}
