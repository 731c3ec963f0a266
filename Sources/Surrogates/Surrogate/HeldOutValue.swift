/// What a surrogate said of an architecture that it had not seen, beside the truth.
public struct HeldOutValue: Hashable, Sendable, Codable {
  public let architecture: String
  public let value: Double
  public let prediction: Prediction

  /// Kept in a file at most.
  static let most = 400

  /// ``most`` of the rows at even distances by value, the lowest and the highest among them, ascending.
  static func sample(_ architectures: [String], _ values: [Double], _ predictions: [Prediction]) -> [HeldOutValue] {
    let order = values.indices.sorted { values[$0] == values[$1] ? $0 < $1 : values[$0] < values[$1] }
    let kept =
      order.count <= most ? order : (0..<most).map { order[$0 * (order.count - 1) / (most - 1)] }
    return kept.map { HeldOutValue(architecture: architectures[$0], value: values[$0], prediction: predictions[$0]) }
  }
}
