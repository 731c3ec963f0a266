/// Sizes of the network that was trained: whole numbers by name, with the unit in the name.
///
/// Any name is possible; these are known: `parameters` (trainable scalars of the pruned network), `flops` (2 × multiply-adds
/// of a forward pass, batch 1), `supernet_parameters` (the count that the SeqNAS authors publish: all alternatives of the
/// supernet at the sampled depth).
public struct Counts: Hashable, Sendable {
  public var values: [String: Int]

  public init(_ values: [String: Int]) { self.values = values }

  public init(parameters: Int? = nil, supernetParameters: Int? = nil, flops: Int? = nil) {
    values = ["parameters": parameters, "supernet_parameters": supernetParameters, "flops": flops].compactMapValues {
      $0
    }
  }

  public var isEmpty: Bool { values.isEmpty }

  public subscript(name: String) -> Int? { values[name] }

  public var parameters: Int? { values["parameters"] }
  public var supernetParameters: Int? { values["supernet_parameters"] }
  public var flops: Int? { values["flops"] }
}

/// In JSON an object of numbers.
extension Counts: Codable {
  public init(from decoder: any Decoder) throws { values = try [String: Int](from: decoder) }

  public func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }
}
