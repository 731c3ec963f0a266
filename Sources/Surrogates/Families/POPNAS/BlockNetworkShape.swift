/// Sizes of POPNAS's accuracy predictor.
package struct BlockNetworkShape: NetworkShape {
  /// B.
  package let blocks: Int
  package let inputTokens: Int
  package let operationTokens: Int
  /// Channels of a token.
  package let embedding: Int
  /// Channels of queries and keys.
  package let filters: Int
  /// Units of the LSTM each way.
  package let cells: Int

  package init(blocks: Int, inputTokens: Int, operationTokens: Int, embedding: Int, filters: Int, cells: Int) {
    self.blocks = blocks
    self.inputTokens = inputTokens
    self.operationTokens = operationTokens
    self.embedding = embedding
    self.filters = filters
    self.cells = cells
  }

  /// Throws ``SurrogatesError/shape(_:)`` for sizes that no search has.
  func check() throws {
    guard (1...64).contains(blocks), (2...1_024).contains(inputTokens), (2...1_024).contains(operationTokens),
      [embedding, filters, cells].allSatisfy({ (1...1_024).contains($0) })
    else {
      throw SurrogatesError.shape(
        "no block predictor has \(blocks) blocks, \(inputTokens) and \(operationTokens) tokens, and \(embedding), "
          + "\(filters) and \(cells) channels")
    }
  }

  /// Scalars of all parameters.
  var count: Int {
    let embeddings = (inputTokens + operationTokens) * embedding
    let attention = 2 * (4 * embedding + 1) * filters
    let memory = 2 * 4 * cells * (filters + cells + 2)
    return embeddings + attention + memory + 2 * cells + 1
  }
}
