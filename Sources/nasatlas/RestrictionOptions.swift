import ArgumentParser
import Spaces

/// What is closed in a space.
struct RestrictionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Close an operation, a choice or a value of the space (`gru`, `decoder`, `pooling=avg`); may be repeated.",
      valueName: "word"))
  var without: [String] = []

  /// `space` without what is closed.
  func restricted(_ space: any TextualSpace) throws -> any TextualSpace {
    without.isEmpty ? space : try RestrictedSpace(space, SpaceRestriction(without: without))
  }
}
