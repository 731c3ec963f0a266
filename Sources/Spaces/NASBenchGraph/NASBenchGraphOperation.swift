/// What a node of a NAS-Bench-Graph cell computes; raw values are the digits of the published hash.
public enum NASBenchGraphOperation: Int, CaseIterable, Hashable, Sendable {
  case gat, gcn, gin, cheb, sage, arma, graph, fc, skip

  /// As published: `gat` graph attention with two heads, `gcn` graph convolution, `gin` graph isomorphism network, `cheb`
  /// Chebyshev convolution, `sage` GraphSAGE, `arma` ARMA convolution, `graph` k-GNN, `fc` fully connected, `skip`.
  public var publishedName: String { "\(self)" }
}
