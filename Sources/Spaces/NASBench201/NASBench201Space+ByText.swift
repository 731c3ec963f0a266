extension NASBench201Space {
  /// With the encodings of NASLib and live paths.
  public var byText: some TextualSpace {
    SpaceByText(
      self, kind: "cell", encoding: "adjacency",
      encodings: [
        SpaceEncoding("path") { naslibPathEncoding(of: $0).map(Double.init) },
        SpaceEncoding("sequence") { sequenceEncoding(of: $0).map(Double.init) },
        SpaceEncoding("categorical") { categoricalEncoding(of: $0).map(Double.init) },
        SpaceEncoding("popnas-blocks") { popnasBlockEncoding(of: $0) },
      ] + livePathEncodings(longestPath: 3) + flowEncodings + [graphEncoding])
  }
}
