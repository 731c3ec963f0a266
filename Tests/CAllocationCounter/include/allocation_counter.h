#pragma once

/// Starts to count what the calling thread asks of the heap.
void allocation_counter_start(void);

/// Stops, and returns the number of calls since the start.
long allocation_counter_stop(void);
