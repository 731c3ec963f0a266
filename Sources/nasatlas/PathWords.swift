import ArgumentParser
import Foundation
import Records

/// The words of the command line as texts.
///
/// A path of Linux is any bytes, a text is UTF-8. A folder whose path is not UTF-8 is opened and named by its descriptor,
/// `/proc/PID/fd/N`, which child processes can follow too. The descriptors stay open until the process ends.
enum PathWords {
  /// The words of this process without the program's name. Throws as ``text(_:number:)``.
  static func ofProcess() throws -> [String] {
    try (1..<max(1, Int(CommandLine.argc))).compactMap { index in
      guard let word = CommandLine.unsafeArgv[index] else { return nil }
      return try text(Array(UnsafeRawBufferPointer(start: word, count: strlen(word))), number: index)
    }
  }

  /// The text of one word, such as `x.atlas`, `--into=FOLDER/x` or `state-folder=FOLDER`.
  ///
  /// Throws a `ValidationError` for a word that is not UTF-8 unless it names a folder, or a file in a folder, that
  /// exists, and what comes before and after the folder is UTF-8.
  static func text(_ word: [UInt8], number: Int) throws -> String {
    if let text = String(validating: word, as: UTF8.self) { return text }
    let slash = word.firstIndex(of: UInt8(ascii: "/")) ?? word.endIndex
    let start = word[..<slash].firstIndex(of: UInt8(ascii: "=")).map { $0 + 1 } ?? word.startIndex
    let path = word[start...]
    let nameStart = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? path.startIndex
    if let head = String(validating: word[..<start], as: UTF8.self) {
      if let folder = descriptor(of: path) { return head + folder }
      if nameStart > path.startIndex, let name = String(validating: path[nameStart...], as: UTF8.self),
        let folder = descriptor(of: path[..<nameStart])
      {
        return head + folder + "/" + name
      }
    }
    throw ValidationError(
      "word \(number) of the command line is not UTF-8: \(String(decoding: word, as: UTF8.self)); rename the file, or "
        + "name it by a link")
  }

  /// The name of a folder by a descriptor; nil where the bytes name no folder.
  private static func descriptor(of path: ArraySlice<UInt8>) -> String? {
    let terminated = path.map { CChar(bitPattern: $0) } + [0]
    let opened = open(terminated, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    return opened < 0 ? nil : "/proc/\(getpid())/fd/\(opened)"
  }
}
