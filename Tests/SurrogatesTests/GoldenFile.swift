import Foundation

/// Numbers that a script in `tools/golden` wrote.
func golden<T: Decodable>(_ type: T.Type, _ name: String) throws -> T {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
  return try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent(name)))
}
