import Records
import Store

/// What was measured without training, and how.
struct QuantityDescription: Encodable {
  let space: String
  let name: String
  let unit: String
  let device: String?
  /// What else fixes the values, by name.
  let conditions: [String: String]
  let dataset: String?
  /// The part of the data that it was computed on, where the quantity declares it.
  let split: Split?
  /// Of the trainings that it is a cost of.
  let protocolDigest: Digest256?
  /// Name of the card that tells where the values come from.
  let source: String?
  /// How many architectures were measured.
  let measurements: Int

  init(_ measured: MeasuredQuantity) {
    let quantity = measured.quantity
    space = measured.space
    name = quantity.name
    unit = quantity.unit
    device = quantity.device
    conditions = quantity.conditions
    dataset = quantity.dataset
    split = quantity.split
    protocolDigest = quantity.protocolDigest
    source = quantity.source
    measurements = measured.count
  }
}
