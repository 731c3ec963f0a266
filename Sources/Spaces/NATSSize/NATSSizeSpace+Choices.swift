import Records

extension NATSSizeSpace {
  /// The channels of the five stages: `channels_1` to `channels_5`.
  public var choices: SpaceChoices? {
    let names = (1...Architecture.stages).map { "channels_\($0)" }
    let counts = Architecture.channelCounts.map { JSONValue.integer(Int64($0)) }
    return SpaceChoices(
      names.map { SpaceChoices.Choice($0, counts, isOrdered: true) },
      template: names.map { "{\($0)}" }.joined(separator: ":"))
  }
}
