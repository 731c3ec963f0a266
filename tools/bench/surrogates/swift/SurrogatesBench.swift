import Foundation

/// `surrogates-bench SUBJECT [WORD...]`: our side of the surrogates' benchmark, driven by the scripts beside it.
@main
enum SurrogatesBench {
  /// By name; each gets the words after it.
  private static let subjects: [String: @Sendable ([String]) throws -> Void] = [
    "curves": CurvesBench.run, "encode": EncodeBench.run, "fit": FitBench.run, "trees": TreesBench.run,
  ]

  static func main() throws {
    let words = Array(CommandLine.arguments.dropFirst())
    guard let name = words.first, let subject = subjects[name] else {
      FileHandle.standardError.write(
        Data("usage: surrogates-bench \(subjects.keys.sorted().joined(separator: "|")) [WORD...]\n".utf8))
      exit(64)
    }
    try subject(Array(words.dropFirst()))
  }
}
