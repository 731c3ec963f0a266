import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Records
import Store

/// The bytes of an atlas, held open: a file that is published over it does not change them.
final class AtlasFile: Sendable {
  static let contentType = "application/vnd.nasatlas"
  let manifest: [UInt8]
  private let file: SystemFile
  private let bytes: Int
  private let name: String
  private let digest: Digest256

  /// Throws `StoreError` where the file at `path` is no longer that with this manifest.
  init(path: String, name: String, digest: Digest256) throws {
    file = try SystemFile(path, .read)
    bytes = try file.size()
    self.name = name
    self.digest = digest
    manifest = Array((try? Data(contentsOf: URL(fileURLWithPath: AtlasFormat.manifestPath(path)))) ?? Data())
    // The file may have been published anew since the atlas was opened; its digest is of other bytes then.
    guard let told = try? AtlasManifest.read(AtlasFormat.manifestPath(path)), told.digest == digest,
      told.bytes == bytes
    else {
      throw StoreError.manifestMismatch(path: path, reason: "it was replaced while it was opened")
    }
  }

  /// The whole file, or one range of it (RFC 9110, 14).
  func response(to request: Request) throws -> Response {
    let tag = "\"\(digest.hex)\""
    var headers: HTTPFields = [
      .contentType: Self.contentType, .acceptRanges: "bytes", .eTag: tag,
      .contentDisposition: "attachment; filename=\"\(Self.plain(name)).atlas\"",
    ]
    let isSame = request.headers[.ifRange].map { $0 == tag } ?? true
    guard isSame, let range = try request.headers[.range].flatMap({ try self.range($0) }) else {
      return Response(status: .ok, headers: headers, body: body(0..<bytes))
    }
    headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes)"
    return Response(status: .partialContent, headers: headers, body: body(range))
  }

  /// The range of bytes that a field asks for; nil for what is no single range, which then asks for all. Throws a
  /// ``Problem`` for one that the file does not reach.
  private func range(_ field: String) throws -> Range<Int>? {
    guard field.hasPrefix("bytes="), field.utf8.count < 64 else { return nil }
    let ends = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, ends.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } }) else { return nil }
    let (first, last) = (Int(ends[0]), Int(ends[1]))
    let range: Range<Int>
    switch (first, last) {
    case (let first?, let last?):
      guard first <= last, last < Int.max else { return nil }
      range = min(first, bytes)..<min(bytes, last + 1)
    case (let first?, nil) where ends[1].isEmpty: range = min(first, bytes)..<bytes
    case (nil, let count?) where ends[0].isEmpty: range = max(0, bytes - count)..<bytes
    default: return nil
    }
    guard !range.isEmpty else { throw Problem.unreachableRange(field, bytes: bytes) }
    return range
  }

  private func body(_ range: Range<Int>) -> ResponseBody {
    ResponseBody(contentLength: range.count) { [self] writer in
      var place = range.lowerBound
      while place < range.upperBound {
        let count = min(PacedWriter.pieceBytes, range.upperBound - place)
        var piece = ByteBufferAllocator().buffer(capacity: count)
        let read = piece.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { room in
          file.fill(UnsafeMutableRawBufferPointer(rebasing: room[..<count]), at: place) ?? 0
        }
        guard read > 0 else { throw StoreError.truncated(path: name, bytes: place, expected: range.upperBound) }
        try await writer.write(piece)
        place += read
      }
      try await writer.finish(nil)
    }
  }

  private static func plain(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_" })
  }
}

extension Problem {
  /// A range behind the end of the file; the gate adds how long that is.
  fileprivate static func unreachableRange(_ range: String, bytes: Int) -> Problem {
    Problem(
      .rangeNotSatisfiable, "server.range", "the file has \(bytes) bytes, and not \(range)",
      hint: "request bytes=0-\(max(0, bytes - 1))", headers: ["Content-Range": "bytes */\(bytes)"])
  }
}
