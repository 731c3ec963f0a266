import ArgumentParser
import Foundation
import Records

/// The option that every command has.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Answer in JSON, one line.")
  var json = false
}

/// The two channels: data on standard output, talk on standard error.
enum Output {
  static func data(_ text: String) { write(text, to: .standardOutput) }

  static func json(_ value: some Encodable) throws { data(try CanonicalJSON.text(value)) }

  static func note(_ text: String) { write(text, to: .standardError) }

  private static func write(_ text: String, to handle: FileHandle) {
    try? handle.write(contentsOf: Data((text + "\n").utf8))
  }
}
