import Foundation

/// Expected numbers of an oracle, as a script in `tools/golden` wrote them.
enum GoldenFile {
  static func read<T: Decodable>(_ name: String, as type: T.Type) throws -> T {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
    return try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// Equal to a relative 1e-9; near 0, to an absolute `floor`.
  static func isClose(_ found: Double?, _ expected: Double?, floor: Double = 1e-12) -> Bool {
    guard let found, let expected else { return found == nil && expected == nil }
    return abs(found - expected) <= max(1e-9 * abs(expected), floor)
  }
}
