import Synchronization

/// A reference that is set once, by whoever comes first, and from then on read without counting references: what a
/// question of some nanoseconds goes through.
///
/// `AtomicLazyReference` counts them, and is not specialised for its object.
struct LazyReference<Object: AnyObject & Sendable>: ~Copyable, Sendable {
  private let bits = Atomic<UInt>(0)

  init() {}

  deinit {
    if let pointer = UnsafeRawPointer(bitPattern: bits.load(ordering: .acquiring)) {
      Unmanaged<Object>.fromOpaque(pointer).release()
    }
  }

  /// What `body` makes of the object; nil where there is none yet.
  @inline(__always)
  func read<R>(_ body: (Object) throws -> R) rethrows -> R? {
    guard let pointer = UnsafeRawPointer(bitPattern: bits.load(ordering: .acquiring)) else { return nil }
    return try Unmanaged<Object>.fromOpaque(pointer)._withUnsafeGuaranteedRef { try body($0) }
  }

  func load() -> Object? { read { $0 } }

  /// Sets the object unless there is one; gives the one that is there now.
  @discardableResult
  func storeIfNil(_ object: Object) -> Object {
    let retained = Unmanaged.passRetained(object)
    let outcome = bits.compareExchange(
      expected: 0, desired: UInt(bitPattern: retained.toOpaque()), ordering: .acquiringAndReleasing)
    if outcome.exchanged { return object }
    retained.release()
    return load() ?? object
  }
}
