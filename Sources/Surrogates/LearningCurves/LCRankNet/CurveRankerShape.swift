/// Sizes of LCRankNet.
package struct CurveRankerShape: NetworkShape {
  /// L: epochs of a curve that are read.
  package let epochs: Int
  /// S: tokens of an architecture; 0 where it is not read.
  package let positions: Int
  /// Tokens that there are, the start and what was never seen included.
  package let tokens: Int
  package let datasets: Int
  /// Channels of each convolution over the curve.
  package let filters: Int
  /// Channels of a token and units of the LSTM.
  package let memory: Int
  /// Channels of a data set.
  package let datasetWidth: Int
  package let hidden: Int

  package init(
    epochs: Int, positions: Int, tokens: Int, datasets: Int, filters: Int, memory: Int, datasetWidth: Int, hidden: Int
  ) {
    self.epochs = epochs
    self.positions = positions
    self.tokens = tokens
    self.datasets = datasets
    self.filters = filters
    self.memory = memory
    self.datasetWidth = datasetWidth
    self.hidden = hidden
  }

  /// Throws ``SurrogatesError/shape(_:)`` for sizes out of bounds.
  func check() throws {
    guard (1...100_000).contains(epochs), (0...4_096).contains(positions), (2...65_536).contains(tokens),
      (1...4_096).contains(datasets), [filters, memory, datasetWidth, hidden].allSatisfy({ (1...1_024).contains($0) })
    else {
      throw SurrogatesError.shape(
        "no curve ranker reads \(epochs) epochs, \(positions) of \(tokens) tokens and \(datasets) data sets into "
          + "\(filters), \(memory), \(datasetWidth) and \(hidden) channels")
    }
  }

  /// Epochs that each convolution sees at once: 2 to 5, as far as the curve is long enough.
  var kernels: [Int] { epochs < 2 ? [1] : (2...5).filter { $0 <= epochs } }

  /// Channels of all that is known of a run.
  var joined: Int { kernels.count * filters + (positions > 0 ? memory : 0) + datasetWidth }

  /// Scalars of all parameters.
  var count: Int {
    let curve = kernels.reduce(0) { $0 + ($1 + 1) * filters }
    let reader = positions > 0 ? 2 * (tokens + 4 * (2 * memory + 2)) * memory + (memory + 1) * tokens : 0
    return curve + reader + datasets * datasetWidth + (joined + 1) * hidden + hidden + 1
  }
}
