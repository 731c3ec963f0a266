#pragma once

#include <stdbool.h>

/// Whether allocations are counted: not in a build with a sanitizer.
bool allocation_counter_counts(void);

/// Starts to count what the calling thread asks of the heap.
void allocation_counter_start(void);

/// Stops, and returns the number of calls since the start.
long allocation_counter_stop(void);
