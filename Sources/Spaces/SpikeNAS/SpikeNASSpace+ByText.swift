extension SpikeNASSpace {
  /// With live paths.
  public var byText: some TextualSpace {
    SpaceByText(
      self, kind: "cell", encoding: "adjacency",
      encodings: [SpaceEncoding("categorical") { categoricalEncoding(of: $0).map(Double.init) }]
        + livePathEncodings(longestPath: 3) + flowEncodings + [graphEncoding])
  }
}
