package import Synchronization

/// A value that one thread at a time uses: `Mutex` of the standard library.
///
/// A thread that waits for a `Mutex` gets it inside the standard library, where the thread sanitizer does not look. A build
/// for that sanitizer (`-DTHREAD_SANITIZER`, `tools/dev sanitizers`) therefore counts the turns in an atomic number, which
/// it does see.
@frozen
package struct Guarded<Value: ~Copyable>: ~Copyable, Sendable {
  @usableFromInline package let mutex: Mutex<Value>
  #if THREAD_SANITIZER
    @usableFromInline package let turns = Atomic<Int>(0)
  #endif

  @inlinable
  package init(_ value: consuming sending Value) { mutex = Mutex(value) }

  /// Waits until no other thread uses the value, then calls `body` with it.
  @inlinable
  package borrowing func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    #if THREAD_SANITIZER
      try mutex.withLock { value throws(Failure) in
        _ = turns.load(ordering: .acquiring)
        defer { turns.add(1, ordering: .releasing) }
        return try body(&value)
      }
    #else
      try mutex.withLock(body)
    #endif
  }
}
