// Makes the n-th system call of one kind fail, in programs that load this library with LD_PRELOAD.
//
//   FAILING_CALL    write, sync, rename, open (for writing), truncate or read
//   FAILING_AT      which call fails, from 1; only calls on files in FAILING_FOLDER count
//   FAILING_ERROR   its errno; 0: the call writes half of its bytes, and the next one finds the disk full
//   FAILING_ALWAYS  1: every later call fails too, as on a disk that stays full
//   FAILING_LOG     file that gets a line for every call that failed

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long count;
static atomic_int is_half_written;

static long number(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

// System calls that are made directly: these functions are the library's own.
static void note(const char *call, const char *path) {
  const char *log = getenv("FAILING_LOG");
  if (!log) return;
  long file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return;
  char line[512];
  int length = snprintf(line, sizeof line, "%s %s\n", call, path);
  if (length > (int)sizeof line - 1) length = sizeof line - 1;
  syscall(SYS_write, file, line, length);
  syscall(SYS_close, file);
}

static int is_inside(const char *path) {
  const char *folder = getenv("FAILING_FOLDER");
  size_t length = folder ? strlen(folder) : 0;
  // The folder ends with a slash; a sync of the folder itself counts too.
  if (!length) return 0;
  return strncmp(path, folder, length) == 0 || (strlen(path) + 1 == length && strncmp(path, folder, length - 1) == 0);
}

// The errno to fail with, 0 to write half, or -1 to go on.
static int failure(const char *call, const char *path) {
  const char *wanted = getenv("FAILING_CALL");
  if (!wanted || strcmp(wanted, call) != 0 || !is_inside(path)) return -1;
  if (atomic_exchange(&is_half_written, 0)) {
    note(call, path);
    return ENOSPC;
  }
  long now = atomic_fetch_add(&count, 1) + 1, at = number("FAILING_AT");
  if (now != at && !(number("FAILING_ALWAYS") && now > at)) return -1;
  note(call, path);
  int error = (int)number("FAILING_ERROR");
  if (error == 0) atomic_store(&is_half_written, 1);
  return error;
}

static int failure_at(const char *call, int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return -1;
  path[length] = 0;
  return failure(call, path);
}

static int failure_of(const char *call, int folder, const char *path) {
  char whole[8192], resolved[4096];
  if (path[0] == '/') return failure(call, path);
  if (folder == AT_FDCWD) {
    if (!getcwd(resolved, sizeof resolved)) return -1;
  } else {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, resolved, sizeof resolved - 1);
    if (length <= 0) return -1;
    resolved[length] = 0;
  }
  snprintf(whole, sizeof whole, "%s/%s", resolved, path);
  return failure(call, whole);
}

#define REAL(result, name, ...) \
  static result (*real)(__VA_ARGS__); \
  if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define FAIL(error) \
  do { \
    errno = (error); \
    return -1; \
  } while (0)

ssize_t write(int file, const void *bytes, size_t size) {
  REAL(ssize_t, "write", int, const void *, size_t);
  int error = failure_at("write", file);
  if (error > 0) FAIL(error);
  return real(file, bytes, error == 0 && size > 1 ? size / 2 : size);
}

#define POSITIONED(name) \
  ssize_t name(int file, const void *bytes, size_t size, off_t offset) { \
    REAL(ssize_t, #name, int, const void *, size_t, off_t); \
    int error = failure_at("write", file); \
    if (error > 0) FAIL(error); \
    return real(file, bytes, error == 0 && size > 1 ? size / 2 : size, offset); \
  }
POSITIONED(pwrite)
POSITIONED(pwrite64)

ssize_t writev(int file, const struct iovec *parts, int parts_count) {
  REAL(ssize_t, "writev", int, const struct iovec *, int);
  int error = failure_at("write", file);
  if (error > 0) FAIL(error);
  return real(file, parts, error == 0 && parts_count > 1 ? 1 : parts_count);
}

#define ON_FILE(name, call) \
  int name(int file) { \
    REAL(int, #name, int); \
    int error = failure_at(call, file); \
    if (error >= 0) FAIL(error ? error : EIO); \
    return real(file); \
  }
ON_FILE(fsync, "sync")
ON_FILE(fdatasync, "sync")

#define TRUNCATING(name) \
  int name(int file, off_t length) { \
    REAL(int, #name, int, off_t); \
    int error = failure_at("truncate", file); \
    if (error >= 0) FAIL(error ? error : EIO); \
    return real(file, length); \
  }
TRUNCATING(ftruncate)
TRUNCATING(ftruncate64)

int rename(const char *old, const char *new) {
  REAL(int, "rename", const char *, const char *);
  int error = failure_of("rename", AT_FDCWD, new);
  if (error >= 0) FAIL(error ? error : EIO);
  return real(old, new);
}

int renameat(int old_folder, const char *old, int new_folder, const char *new) {
  REAL(int, "renameat", int, const char *, int, const char *);
  int error = failure_of("rename", new_folder, new);
  if (error >= 0) FAIL(error ? error : EIO);
  return real(old_folder, old, new_folder, new);
}

int renameat2(int old_folder, const char *old, int new_folder, const char *new, unsigned flags) {
  REAL(int, "renameat2", int, const char *, int, const char *, unsigned);
  int error = failure_of("rename", new_folder, new);
  if (error >= 0) FAIL(error ? error : EIO);
  return real(old_folder, old, new_folder, new, flags);
}

#define READING(name, ...) \
  REAL(ssize_t, name, __VA_ARGS__); \
  int error = failure_at("read", file); \
  if (error >= 0) FAIL(error ? error : EIO)

ssize_t read(int file, void *bytes, size_t size) {
  READING("read", int, void *, size_t);
  return real(file, bytes, size);
}

ssize_t pread(int file, void *bytes, size_t size, off_t offset) {
  READING("pread", int, void *, size_t, off_t);
  return real(file, bytes, size, offset);
}

ssize_t pread64(int file, void *bytes, size_t size, off_t offset) {
  READING("pread64", int, void *, size_t, off_t);
  return real(file, bytes, size, offset);
}

#define OPENING(name) \
  int name(const char *path, int flags, ...) { \
    REAL(int, #name, const char *, int, ...); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = (flags & (O_CREAT | __O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    if ((flags & O_ACCMODE) != O_RDONLY) { \
      int error = failure_of("open", AT_FDCWD, path); \
      if (error >= 0) FAIL(error ? error : EIO); \
    } \
    return real(path, flags, mode); \
  }
OPENING(open)
OPENING(open64)

#define OPENING_AT(name) \
  int name(int folder, const char *path, int flags, ...) { \
    REAL(int, #name, int, const char *, int, ...); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = (flags & (O_CREAT | __O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    if ((flags & O_ACCMODE) != O_RDONLY) { \
      int error = failure_of("open", folder, path); \
      if (error >= 0) FAIL(error ? error : EIO); \
    } \
    return real(folder, path, flags, mode); \
  }
OPENING_AT(openat)
OPENING_AT(openat64)
