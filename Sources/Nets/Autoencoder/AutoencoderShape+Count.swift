extension AutoencoderShape {
  /// Trainable scalars of a ``SequenceAutoencoder`` of this shape.
  package var weightCount: Int {
    let memory = 8 * width * width + 8 * width
    let encoder = tokens * width + 2 * memory + 2 * width * width + width
    let decoder = tokens * width + memory + 3 * width * width + tokens * width + tokens
    let head = valueWidth.map { 2 * $0 * width + $0 + width + width + 1 } ?? 0
    return encoder + decoder + head
  }
}
