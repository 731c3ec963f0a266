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
    guard let first = words.first, !first.hasPrefix("-") else { return }
    let known = NASAtlas.configuration.subcommands.compactMap { $0.configuration.commandName }
    guard known.contains(first) || ["help", "---completion"].contains(first) else {
      let shown = known.filter { $0 != TrainerCommand.configuration.commandName }
      let suggestion = NearestName.of(first, among: shown).map { "; did you mean \($0)?" } ?? ""
      throw ValidationError(
        "there is no command \(first)\(suggestion) The commands are \(shown.joined(separator: ", ")).")
    }
    guard let repeated = try repeatedOption() else { return }
    throw ValidationError("\(repeated) is given twice; give it once")
  }

  /// The first option that stands twice and may not; nil in nearly all cases without a look at the command.
  private func repeatedOption() throws -> String? {
    let options = words.prefix { $0 != "--" }.filter { $0.hasPrefix("-") && $0.count > 1 }.map(Self.name)
    let repeated = Set(options.filter { name in options.count { $0 == name } > 1 })
    // Values such as -1 begin like options; only names that the command has count.
    guard !repeated.isEmpty, let command = try command() else { return nil }
    return options.first { name in
      repeated.contains(name) && command.arguments?.contains { $0.isSingle(name) } == true
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
