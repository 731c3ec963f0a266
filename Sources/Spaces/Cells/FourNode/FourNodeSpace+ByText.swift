extension FourNodeSpace {
  /// The numbers of what arrives at the output, and the same behind the summary of live paths.
  var flowEncodings: [SpaceEncoding<Architecture>] {
    [
      SpaceEncoding("flow") { flow(of: $0).values },
      SpaceEncoding("flow-summary") { flowSummary(of: $0) },
    ]
  }
}
