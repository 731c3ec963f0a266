import ArgumentParser

/// The option of commands that may replace an atlas or a surrogate.
struct ForceOption: ParsableArguments {
  @Flag(help: "Replace an existing file of the same kind.")
  var force = false
}
