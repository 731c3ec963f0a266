import Foundation

/// The most memory that a process has held since it was last asked to forget.
public struct PeakMemory: Sendable {
  /// Forgets what was held before.
  public var reset: @Sendable () -> Void
  /// Bytes of resident memory at the peak; nil where the system does not say.
  public var bytes: @Sendable () -> Int?

  public init(reset: @escaping @Sendable () -> Void, bytes: @escaping @Sendable () -> Int?) {
    self.reset = reset
    self.bytes = bytes
  }

  /// This process, from Linux's `/proc/self`: 5 in `clear_refs` resets the peak, `VmHWM` in `status` is it in kibibytes.
  public static let system = PeakMemory(
    reset: {
      guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
      try? file.write(contentsOf: Data("5".utf8))
      try? file.close()
    },
    bytes: {
      guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
        let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
      else { return nil }
      return kibibytes * 1_024
    })
}
