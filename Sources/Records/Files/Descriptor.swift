import Foundation

/// Writes to open descriptors. A failure is a value: nothing here can end the process.
package enum Descriptor {
  /// Writes all `bytes`; returns the `errno` of the call that failed, or nil.
  ///
  /// Repeats calls that a signal interrupts, and waits for a descriptor that cannot take more at the moment. With
  /// SIGPIPE ignored, a closed pipe gives `EPIPE`.
  package static func write(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Int32? {
    let block = ContiguousArray(bytes)
    return block.withUnsafeBytes { buffer in
      var rest = UnsafeRawBufferPointer(rebasing: buffer[...])
      while !rest.isEmpty {
        let moved = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if moved > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[moved...])
          continue
        }
        switch errno {
        case EINTR: continue
        case EAGAIN:
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&waiting, 1, -1)
        default: return errno
        }
      }
      return nil
    }
  }

  /// Makes this process safe to write from: a closed pipe is an error of the write instead of the end of the process,
  /// and descriptors 0 to 2 that were closed are taken, so that no file that is opened later gets their numbers.
  /// Writing to a standard output that was closed then fails with `EBADF`.
  package static func prepareStandardOnes() {
    signal(SIGPIPE, SIG_IGN)
    for (descriptor, access) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      let taken = open("/dev/null", access)
      guard taken >= 0, taken != descriptor else { continue }
      dup2(taken, descriptor)
      close(taken)
    }
  }
}
