import Records

/// How names speak of test data. They are read word by word: `test_acc` does, `latest` does not.
enum TestWords {
  /// The words of a name in lower case; capitals, digits and everything that is no letter begin a new one.
  static func words(_ name: String) -> Set<String> {
    var words: Set<String> = []
    var word = ""
    func isCut(_ before: Character?, _ character: Character) -> Bool {
      guard let before else { return false }
      return before.isNumber != character.isNumber || before.isLowercase && character.isUppercase
    }
    for character in name {
      guard character.isLetter || character.isNumber else {
        words.insert(word)
        word = ""
        continue
      }
      if isCut(word.last, character) {
        words.insert(word)
        word = ""
      }
      word.append(character)
    }
    words.insert(word)
    return Set(words.filter { !$0.isEmpty }.map { $0.lowercased() })
  }

  /// Whether a name speaks of test data.
  static func are(in name: String) -> Bool {
    words(name).contains { $0.hasPrefix("test") || others.contains($0) }
  }

  private static let others: Set = ["valtest", "traintest", "holdout", "heldout", "tst", "unseen"]

  /// Whether one of the words of a name means a score, such as `acc` or `nll`.
  static func areOfScores(_ words: Set<String>) -> Bool {
    words.contains { $0.hasPrefix("accurac") || scores.contains($0) }
  }

  private static let scores: Set = [
    "acc", "auc", "auroc", "bleu", "cer", "err", "error", "errors", "eval", "gini", "iou", "kappa", "loss", "mae",
    "mcc", "miou", "mse", "nll", "perplexity", "ppl", "precision", "recall", "regret", "reward", "rmse", "score", "top",
    "wer",
  ]

  /// The split that a text names; nil for a text that names none.
  static func split(_ text: String) -> Split? {
    switch text.lowercased() {
    case "train", "training": .train
    case "validation", "valid", "val": .validation
    case "test", "testing": .test
    case "valtest": .valtest
    default: nil
    }
  }
}
