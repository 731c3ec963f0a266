/// A space whose architectures can be counted off: each stands at one index of `0..<architectureCount`.
///
/// The order follows from the choices, the last changing fastest; where tables number architectures in another order,
/// ``Space/identifiers(of:)`` has their numbers.
public protocol EnumerableSpace: Space {
  /// The architecture at `index`; nil from ``Space/architectureCount`` on.
  func architecture(at index: UInt64) -> Architecture?

  /// Where `architecture` stands: the inverse of ``architecture(at:)``.
  func index(of architecture: Architecture) -> UInt64
}

extension EnumerableSpace {
  /// Every architecture once, in the order of the indexes.
  public var allArchitectures: some Sequence<Architecture> {
    (0..<architectureCount).lazy.compactMap { architecture(at: $0) }
  }
}
