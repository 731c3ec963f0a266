// The names of the heap's functions stand before the C library's in an executable that this file is linked into: every
// allocation of the process passes here and is handed on to glibc. Tests only. A sanitizer brings an allocator of its own,
// so nothing is counted in a build with one.
#include "allocation_counter.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

#include <errno.h>
#include <stddef.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static _Thread_local long counting __attribute__((tls_model("initial-exec")));
static _Thread_local long calls __attribute__((tls_model("initial-exec")));

void allocation_counter_start(void) {
  calls = 0;
  counting = 1;
}

long allocation_counter_stop(void) {
  counting = 0;
  return calls;
}

#ifdef IS_SANITIZED
bool allocation_counter_counts(void) { return false; }
#else
bool allocation_counter_counts(void) { return true; }

void *malloc(size_t size) {
  calls += counting;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  calls += counting;
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  calls += counting;
  return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  calls += counting;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  calls += counting;
  void *found = __libc_memalign(alignment, size);
  if (!found) return ENOMEM;
  *block = found;
  return 0;
}
#endif
