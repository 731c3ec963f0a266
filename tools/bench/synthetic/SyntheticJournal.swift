import Foundation
import TestSupport

/// Writes a journal of made-up runs: `synthetic-journal FILE ARCHITECTURES [SEEDS] [EPOCHS]`.
@main
struct SyntheticJournal {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard let file = arguments.first, (2...4).contains(arguments.count) else { return usage() }
    let numbers = arguments.dropFirst().map { Int($0) ?? 0 }
    guard numbers.allSatisfy({ (1...1_000_000).contains($0) }) else { return usage() }
    let study = SyntheticStudy(
      architectures: numbers[0], seedsPerArchitecture: numbers.count > 1 ? numbers[1] : 1,
      epochs: numbers.count > 2 ? numbers[2] : 5)
    try study.journal().write(to: URL(fileURLWithPath: file))
  }

  private static func usage() {
    FileHandle.standardError.write(Data("usage: synthetic-journal FILE ARCHITECTURES [SEEDS] [EPOCHS]\n".utf8))
    exit(64)
  }
}
