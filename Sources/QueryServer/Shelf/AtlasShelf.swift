import Benchmarks
import Foundation
package import Logging
public import Records
import Store

/// The atlases that a server answers from. A new file takes the place of an old one between two requests: whoever began
/// with the old one ends with it.
public final class AtlasShelf: Sendable {
  private struct File {
    let name: String
    let path: String
    let disclosure: Disclosure
  }

  private let held: Guarded<[String: ServedAtlas]>
  private let files: [File]

  /// Opens all files; an atlas has the name of its file without the extension. Those of `sealed` keep their test values,
  /// and those of `ledgersOnly` give values through ledgers alone.
  ///
  /// Throws `StoreError`, or `ServerError` where two files have one name or none is given.
  public init(paths: [String], sealed: [String] = [], ledgersOnly: [String] = []) throws {
    var files: [File] = []
    let all =
      paths.map { ($0, Disclosure.open) } + sealed.map { ($0, .sealed) } + ledgersOnly.map { ($0, .ledgersOnly) }
    for (path, disclosure) in all {
      let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
      if let other = files.first(where: { $0.name == name }) {
        throw ServerError.sameName(name: name, paths: [other.path, path])
      }
      files.append(File(name: name, path: path, disclosure: disclosure))
    }
    guard !files.isEmpty else { throw ServerError.noAtlases }
    self.files = files
    let opened = try files.concurrentMap { try ServedAtlas(name: $0.name, path: $0.path, disclosure: $0.disclosure) }
    held = Guarded(Dictionary(uniqueKeysWithValues: opened.map { ($0.name, $0) }))
  }

  /// In the order of the command line.
  var atlases: [ServedAtlas] {
    let held = held.withLock { $0 }
    return files.compactMap { held[$0.name] }
  }

  /// A sentence for each atlas that is served sealed under one name and open under another.
  var brokenSeals: [String] {
    let atlases = atlases
    return atlases.filter(\.isSealed).flatMap { sealed in
      atlases.filter { !$0.isSealed && $0.digest == sealed.digest }.map { open in
        "\(sealed.name) is sealed, but \(open.name) serves the same file openly, so its test values are public"
      }
        + atlases.filter { sealed.disclosure == .ledgersOnly && $0.disclosure == .sealed && $0.digest == sealed.digest }
        .map {
          "\(sealed.name) gives values only through ledgers, and \($0.name) shows validation values of the same file"
        }
    }
  }

  package func warnOfBrokenSeals(_ logger: Logger) {
    for warning in brokenSeals { logger.warning("\(warning)") }
  }

  /// The atlas called `NAME` or `NAME@DIGEST`, and whether the whole digest was said; its first digits, 8 or more, name
  /// it too.
  ///
  /// Throws a ``Problem`` that lists the atlases there are, and one for a digest that the atlas no longer has.
  func atlas(_ text: String) throws -> (atlas: ServedAtlas, isPinned: Bool) {
    if let atlas = held.withLock({ $0[text] }) { return (atlas, false) }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, let atlas = held.withLock({ $0[String(parts[0])] }) else {
      throw Problem.noAtlas(String(text.prefix(200)), known: files.map(\.name))
    }
    guard parts[1].utf8.count >= 8, atlas.digest.hex.hasPrefix(parts[1]) else {
      throw Problem.otherDigest(atlas.name, atlas.digest, asked: parts[1])
    }
    return (atlas, parts[1].utf8.count == atlas.digest.hex.utf8.count)
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
  /// Surrogates are read anew in any case.
  @discardableResult
  public func renew() -> [Renewal] {
    files.map { file in
      do {
        let found = try ServedAtlas(name: file.name, path: file.path, disclosure: file.disclosure)
        let isNew = held.withLock { held in
          guard held[file.name]?.digest != found.digest else {
            held[file.name]?.forgetSurrogates()
            return false
          }
          held[file.name] = found
          return true
        }
        return Renewal(name: file.name, digest: found.digest, isNew: isNew, failure: nil)
      } catch {
        return Renewal(name: file.name, digest: nil, isNew: false, failure: DecodingWords.reason(error, whole: "it"))
      }
    }
  }
}
