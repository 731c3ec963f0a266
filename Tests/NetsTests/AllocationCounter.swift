import CAllocationCounter

/// Counts what this thread asks of the heap.
enum AllocationCounter {
  static func allocations(during body: () -> Void) -> Int {
    allocation_counter_start()
    body()
    return allocation_counter_stop()
  }
}
