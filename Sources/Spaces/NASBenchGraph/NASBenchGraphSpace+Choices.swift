import Records

extension NASBenchGraphSpace {
  /// One of the nine published lists of links, and the operations of the four nodes. Uniform choices are the published
  /// draw. Several configurations are one cell: the canonical one has the lists of the canonical text.
  public var choices: SpaceChoices? {
    let links = NASBenchGraphTree.canonicalShapes.map { shape in
      JSONValue.string((0..<4).map { "\(shape[$0])" }.joined(separator: ","))
    }
    let nodes = (1...4).map { "operation_\($0)" }
    let operations = NASBenchGraphOperation.allCases.map { JSONValue.string($0.publishedName) }
    let skip = JSONValue.string(NASBenchGraphOperation.skip.publishedName)
    return SpaceChoices(
      [SpaceChoices.Choice("link", links)] + nodes.map { SpaceChoices.Choice($0, operations) },
      template: "{link}:" + nodes.map { "{\($0)}" }.joined(separator: ","),
      forbidden: [Configuration(Dictionary(uniqueKeysWithValues: nodes.map { ($0, skip) }))], isOneToOne: false,
      remark: "Several configurations are one architecture: the text is read as its canonical form.")
  }
}
