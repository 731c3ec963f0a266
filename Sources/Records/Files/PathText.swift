import Foundation

/// The folder and the name in a path, by its slashes alone.
///
/// Foundation's `NSString.deletingLastPathComponent` ends the process for a path of one character.
package enum PathText {
  /// The path of the folder: empty for a name alone, `/` for a name in the root. Slashes at the end count for nothing.
  package static func folder(of path: String) -> String { parts(path).folder }

  /// The last name: empty for an empty path, `/` for the root.
  package static func name(of path: String) -> String { parts(path).name }

  /// The bytes that the symbolic link at `path` holds; nil for anything else, with the reason in `errno`.
  package static func target(ofLink path: String) -> [UInt8]? {
    var room = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &room, room.count)
    return count > 0 ? room.prefix(count).map { UInt8(bitPattern: $0) } : nil
  }

  private static func parts(_ path: String) -> (folder: String, name: String) {
    let whole = withoutSlashes(Substring(path))
    guard !whole.isEmpty else { return path.isEmpty ? ("", "") : ("/", "/") }
    guard let slash = whole.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", String(whole)) }
    let folder = withoutSlashes(whole[..<slash])
    return (folder.isEmpty ? "/" : String(folder), String(whole[whole.utf8.index(after: slash)...]))
  }

  private static func withoutSlashes(_ text: Substring) -> Substring {
    var utf8 = text.utf8
    while utf8.last == UInt8(ascii: "/") { utf8.removeLast() }
    return Substring(utf8)
  }
}
