import CAllocationCounter

/// Counts what this thread asks of the heap.
enum AllocationCounter {
  /// False in a build with a sanitizer, which has an allocator of its own.
  static var counts: Bool { allocation_counter_counts() }

  static func allocations(during body: () -> Void) -> Int {
    allocation_counter_start()
    body()
    return allocation_counter_stop()
  }
}
