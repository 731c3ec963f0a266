extension NASBenchGraphSpace {
  /// With live paths, and the key of the published tables as identifier.
  public var byText: some TextualSpace {
    SpaceByText(
      self, kind: "cell",
      encodings: [
        SpaceEncoding("categorical") { categoricalEncoding(of: $0) },
        SpaceEncoding("sequence") { sequenceEncoding(of: $0).map(Double.init) },
        SpaceEncoding("path-features") { pathFeatures(of: $0) },
        SpaceEncoding("pair-counts") { pairCounts(of: $0) },
        SpaceEncoding("path-traits") { pathTraits(of: $0) },
        SpaceEncoding("path-summary") { pathTraits(of: $0) + pathFeatures(of: $0) },
      ] + livePathEncodings(longestPath: 4) + [graphEncoding],
      identifiers: { [("hash", "\($0.publishedHash)")] })
  }
}
