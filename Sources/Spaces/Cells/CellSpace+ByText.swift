extension CellSpace {
  /// How often each sequence of operations stands on a live path, and the summary of live paths.
  func livePathEncodings(longestPath: Int) -> [SpaceEncoding<Architecture>] {
    [
      SpaceEncoding("live-path-counts") { livePathCounts(of: $0, longestPath: longestPath) },
      SpaceEncoding("live-path-summary") { livePathSummary(of: $0) },
    ]
  }
}
