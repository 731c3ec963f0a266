import CLibdeflate
import Foundation
import Records
import Synchronization

/// The bytes of an atlas, handed out page by page and only when a page has the checksum that the manifest names. What
/// was found intact once is remembered.
final class CheckedPages: Sendable {
  let path: String
  let manifest: AtlasManifest
  private let file: SystemFile
  private let damaged = Guarded<Int?>(nil)
  /// One for each page that was found intact.
  nonisolated(unsafe) private let intact: UnsafeMutablePointer<Atomic<UInt8>>
  private let pageCount: Int

  init(path: String, file: SystemFile, manifest: AtlasManifest) {
    self.path = path
    self.file = file
    self.manifest = manifest
    pageCount = manifest.bytes / manifest.pageBytes
    intact = .allocate(capacity: pageCount)
    for page in 0..<pageCount { (intact + page).initialize(to: Atomic(0)) }
  }

  deinit {
    intact.deinitialize(count: pageCount)
    intact.deallocate()
  }

  /// Number of a page that did not have its checksum, counted from 1; the first one met.
  var damagedPage: Int? { damaged.withLock { $0 } }

  /// Fills `target` from byte `offset`; gives the number of bytes, fewer only at the end of the file, or nil when a page
  /// of them is damaged or cannot be read.
  func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) -> Int? {
    let size = manifest.pageBytes
    let end = min(offset + target.count, manifest.bytes)
    guard offset < end else { return 0 }
    if offset.isMultiple(of: size), end.isMultiple(of: size) {
      let pages = UnsafeMutableRawBufferPointer(rebasing: target[..<(end - offset)])
      return fill(pages, firstPage: offset / size) ? end - offset : nil
    }
    let first = offset / size
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: ((end - 1) / size - first + 1) * size, alignment: 16)
    defer { bytes.deallocate() }
    guard fill(bytes, firstPage: first) else { return nil }
    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[(offset - first * size)..<(end - first * size)]))
    return end - offset
  }

  /// Reads whole pages and checks those that were not checked before.
  private func fill(_ bytes: UnsafeMutableRawBufferPointer, firstPage: Int) -> Bool {
    let size = manifest.pageBytes
    guard file.fill(bytes, at: firstPage * size) == bytes.count else {
      note(firstPage)
      return false
    }
    for place in 0..<bytes.count / size {
      let page = firstPage + place
      guard intact[page].load(ordering: .relaxed) == 0 else { continue }
      let content = UnsafeRawBufferPointer(rebasing: bytes[(place * size)..<((place + 1) * size)])
      guard libdeflate_crc32(0, content.baseAddress, content.count) == manifest.checksum(ofPage: page) else {
        note(page)
        return false
      }
      intact[page].store(1, ordering: .relaxed)
    }
    return true
  }

  /// Reads and checks every page, and the SHA-256 of all of them.
  func checkAll() throws {
    var builder = Digest256.Builder()
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * manifest.pageBytes, alignment: 16)
    defer { chunk.deallocate() }
    for page in 0..<pageCount { intact[page].store(0, ordering: .relaxed) }
    for start in stride(from: 0, to: manifest.bytes, by: chunk.count) {
      guard let count = read(into: chunk, at: start) else {
        throw StoreError.damagedPage(path: path, page: damagedPage ?? 0)
      }
      builder.update(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
    }
    guard builder.finish() == manifest.digest else {
      throw StoreError.manifestMismatch(path: path, reason: "the SHA-256 of the file differs")
    }
  }

  private func note(_ page: Int) {
    damaged.withLock { $0 = $0 ?? page + 1 }
  }
}
