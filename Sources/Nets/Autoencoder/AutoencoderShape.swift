/// Sizes of a sequence auto-encoder.
package struct AutoencoderShape: Hashable, Sendable {
  /// V: tokens are 0..<V, and 0 begins what is decoded.
  package var tokens: Int
  /// T.
  package var positions: Int
  /// m of the embeddings and of all states.
  package var width: Int
  /// Hidden width of the perceptron that predicts a value; nil without one.
  package var valueWidth: Int?
  package var dropout: Float

  package init(tokens: Int, positions: Int, width: Int, valueWidth: Int?, dropout: Float) {
    self.tokens = tokens
    self.positions = positions
    self.width = width
    self.valueWidth = valueWidth
    self.dropout = dropout
  }
}
