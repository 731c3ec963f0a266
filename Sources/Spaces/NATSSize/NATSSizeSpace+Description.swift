extension NATSSizeSpace {
  /// `channels_1` to `channels_5`, as its ``choices`` name them.
  public var traits: [ArchitectureTrait] { (1...Architecture.stages).map { .parameter("channels_\($0)") } }

  public func value(of trait: ArchitectureTrait, in architecture: NATSSizeArchitecture) -> ArchitectureTrait.Value? {
    traits.firstIndex(of: trait).map { .number(Double(architecture.channels[$0])) }
  }

  /// The channel counts of each stage.
  public var slotGroups: [SlotGroup]? {
    (1...Architecture.stages).map { SlotGroup("channels of stage \($0)", Architecture.channelCounts.map(String.init)) }
  }

  /// The stages, one behind the other.
  public func diagram(of architecture: NATSSizeArchitecture) -> ArchitectureDiagram? {
    .chain(
      [.init("image", .input)] + architecture.channels.map { .init("\($0) channels", .operation) }
        + [.init("classes", .output)])
  }
}
