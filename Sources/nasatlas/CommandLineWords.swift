import ArgumentParser
import Foundation
import Records

/// Mistakes on a command line that the parser takes without a word, or explains badly.
struct CommandLineWords {
  private let words: [String]

  init(_ words: [String]) { self.words = words }

  /// Throws a `ValidationError` for a command that there is not, with the nearest one, and for an option that is given
  /// twice though the command takes it once: the parser would go by the last.
  func check() throws {
    try checkCommand()
    guard words.first?.hasPrefix("-") == false, let repeated = try repeatedOption() else { return }
    throw ValidationError("\(repeated) is given twice; give it once")
  }

  /// Follows the words from command to command, those behind `help` too.
  private func checkCommand() throws {
    var path: [String] = []
    var known = NASAtlas.configuration.subcommands
    for word in words.first == "help" ? words.dropFirst() : words[...] {
      guard !word.hasPrefix("-"), !known.isEmpty else { return }
      if let found = known.first(where: { $0.configuration.commandName == word }) {
        path.append(word)
        known = found.configuration.subcommands
        continue
      }
      let shown = known.filter { $0 != TrainerCommand.self }.compactMap { $0.configuration.commandName }
      let name = (path + [word]).joined(separator: " ")
      let suggestion = NearestName.of(word, among: shown).map {
        "; did you mean \((path + [$0]).joined(separator: " "))?"
      }
      let list = shown.map { (path + [$0]).joined(separator: " ") }.joined(separator: ", ")
      throw ValidationError(
        "there is no command \(name)\(suggestion ?? ";") The \(shown.count == 1 ? "command is" : "commands are") \(list)."
      )
    }
  }

  /// The options of all commands that have a short name, by that name.
  private static let longNames = ["-a": "--architecture", "-k": "--count", "-o": "--out"]

  /// The first option that stands twice and may not, under one name or under its short and its long one. In nearly all
  /// cases nil without a look at the command, which takes longer than an answer.
  private func repeatedOption() throws -> String? {
    let options = words.prefix { $0 != "--" }.filter { $0.hasPrefix("-") && $0.count > 1 }.map(Self.name)
    let isRepeated = Set(options.map { Self.longNames[$0] ?? $0 }).count < options.count
    // Values such as -1 begin like options; only names that the command has count.
    guard isRepeated, let command = try command() else { return nil }
    var seen: Set<Int> = []
    return options.first { name in
      guard let place = command.arguments?.firstIndex(where: { $0.isSingle(name) }) else { return false }
      return !seen.insert(place).inserted
    }
  }

  /// What the parser knows of the command that the words begin with.
  private func command() throws -> Description.Command? {
    var command = try JSONDecoder().decode(Description.self, from: Data(NASAtlas._dumpHelp().utf8)).command
    for word in words {
      guard let next = command.subcommands?.first(where: { $0.commandName == word }) else { break }
      command = next
    }
    return command
  }

  /// `--where=x` is the option `--where`.
  private static func name(_ word: String) -> String {
    word.hasPrefix("--") ? String(word.prefix { $0 != "=" }) : word
  }

  /// What of the parser's description of all commands is read here.
  private struct Description: Decodable {
    struct Command: Decodable {
      let commandName: String
      let subcommands: [Command]?
      let arguments: [Argument]?
    }

    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String

        var text: String { (kind == "long" ? "--" : "-") + name }
      }

      let kind: String
      let isRepeating: Bool
      let names: [Name]?

      /// Whether this is an option that may be given once, under this name.
      func isSingle(_ name: String) -> Bool {
        kind == "option" && !isRepeating && names?.contains { $0.text == name } == true
      }
    }

    let command: Command
  }
}
