import Foundation
public import Records
import Store
import Synchronization

/// The atlases that a server answers from. A new file takes the place of an old one between two requests: whoever began
/// with the old one ends with it.
public final class AtlasShelf: Sendable {
  private let held: Mutex<[String: ServedAtlas]>
  private let paths: [(name: String, path: String)]

  /// Opens all files; an atlas is called as its file without the extension. Throws `StoreError`, or `ServerError` where
  /// two files have one name.
  public init(paths: [String]) throws {
    var named: [(String, String)] = []
    for path in paths {
      let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
      if let other = named.first(where: { $0.0 == name }) {
        throw ServerError.sameName(name: name, paths: [other.1, path])
      }
      named.append((name, path))
    }
    self.paths = named
    let opened = try named.concurrentMap { try ServedAtlas(name: $0.0, path: $0.1) }
    held = Mutex(Dictionary(uniqueKeysWithValues: opened.map { ($0.name, $0) }))
  }

  /// In the order of the command line.
  var atlases: [ServedAtlas] {
    let held = held.withLock { $0 }
    return paths.compactMap { held[$0.name] }
  }

  /// Throws a ``Problem`` that lists the atlases there are.
  func atlas(_ name: String) throws -> ServedAtlas {
    guard let atlas = held.withLock({ $0[name] }) else {
      throw Problem.noAtlas(String(name.prefix(200)), known: paths.map(\.name))
    }
    return atlas
  }

  /// What became of one file when the shelf was renewed.
  public struct Renewal: Sendable, Encodable {
    public let name: String
    /// Nil where the file could not be opened and the old atlas stays.
    public let digest: Digest256?
    public let isNew: Bool
    public let failure: String?
  }

  /// Opens every file anew and puts those on the shelf that changed; where one cannot be opened the old one stays.
  @discardableResult
  public func renew() -> [Renewal] {
    paths.map { name, path in
      do {
        let found = try ServedAtlas(name: name, path: path)
        let isNew = held.withLock { held in
          guard held[name]?.digest != found.digest else { return false }
          held[name] = found
          return true
        }
        return Renewal(name: name, digest: found.digest, isNew: isNew, failure: nil)
      } catch {
        return Renewal(name: name, digest: nil, isNew: false, failure: "\(error)")
      }
    }
  }
}
