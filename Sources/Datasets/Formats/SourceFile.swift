import Foundation
import Records

/// Source files as bytes, mapped where the system can, with errors that say what to do.
enum SourceFile {
  static func bytes(of file: URL, remedy: String) throws -> Data {
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw DatasetError.missingFile(path: file.path, remedy: remedy)
    }
    do {
      return try Data(contentsOf: file, options: .mappedIfSafe)
    } catch {
      throw DatasetError.unreadable(path: file.path, reason: error.localizedDescription)
    }
  }

  /// Throws `sourceChanged` where the bytes are not those that the registry knows.
  static func checked(_ file: URL, sha256: Digest256) throws -> Data {
    let data = try bytes(of: file, remedy: "run tools/setup")
    let found = Digest256(of: data)
    guard found == sha256 else {
      throw DatasetError.sourceChanged(file: file.path, expected: sha256, found: found)
    }
    return data
  }
}
