import Foundation
import Records
import Synchronization

/// The bytes of an atlas, handed out page by page and only when a page has the checksum that the manifest names.
final class CheckedPages: Sendable {
  let path: String
  let manifest: AtlasManifest
  private let file: SystemFile
  private let damaged = Mutex<Int?>(nil)

  init(path: String, file: SystemFile, manifest: AtlasManifest) {
    self.path = path
    self.file = file
    self.manifest = manifest
  }

  /// Number of a page that did not have its checksum, counted from 1; the first one met.
  var damagedPage: Int? { damaged.withLock { $0 } }

  /// Bytes `range` of the file; nil when a page of them is damaged or cannot be read.
  func read(_ range: Range<Int>) -> [UInt8]? {
    let pageBytes = manifest.pageBytes
    let end = min(range.upperBound, manifest.bytes)
    guard range.lowerBound < end else { return [] }
    let pages = range.lowerBound / pageBytes...(end - 1) / pageBytes
    let first = pages.lowerBound * pageBytes
    guard let bytes = try? file.read(at: first, count: pages.count * pageBytes) else {
      note(pages.lowerBound)
      return nil
    }
    for page in pages {
      let start = page * pageBytes - first
      guard bytes.count >= start + pageBytes else {
        note(page)
        return nil
      }
      let sum = bytes.withUnsafeBytes {
        Checksum.crc32(UnsafeRawBufferPointer(rebasing: $0[start..<start + pageBytes]))
      }
      guard sum == checksum(page) else {
        note(page)
        return nil
      }
    }
    return range.lowerBound == first && end == first + bytes.count
      ? bytes : Array(bytes[range.lowerBound - first..<end - first])
  }

  /// Reads and checks every page, and the SHA-256 of all of them.
  func checkAll() throws {
    var builder = Digest256.Builder()
    let step = 256 * manifest.pageBytes
    for start in stride(from: 0, to: manifest.bytes, by: step) {
      guard let bytes = read(start..<min(start + step, manifest.bytes)) else {
        throw StoreError.damagedPage(path: path, page: damagedPage ?? 0)
      }
      builder.update(bytes)
    }
    guard builder.finish() == manifest.digest else {
      throw StoreError.manifestMismatch(path: path, reason: "the SHA-256 of the file is another")
    }
  }

  private func checksum(_ page: Int) -> UInt32 {
    manifest.pageChecksums.withUnsafeBytes {
      UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: 4 * page, as: UInt32.self))
    }
  }

  private func note(_ page: Int) {
    damaged.withLock { $0 = $0 ?? page + 1 }
  }
}
