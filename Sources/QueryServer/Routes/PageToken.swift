import Foundation
import HTTPTypes
import Records

/// Where the next page of a list begins. It is bound to the atlas: rows of another file are other architectures.
struct PageToken {
  let row: Int
  private let digits: String

  init(row: Int, atlas: Digest256) {
    self.row = row
    digits = atlas.short
  }

  var text: String { Data("\(digits)/\(row)".utf8).base64EncodedString().replacing("=", with: "") }

  /// Throws a ``Problem`` for a token that is not of this atlas, or no token.
  init(_ text: String, atlas: Digest256) throws {
    let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    guard text.utf8.count < 100, let data = Data(base64Encoded: padded),
      let parts = String(data: data, encoding: .utf8)?.split(separator: "/"), parts.count == 2,
      let row = Int(parts[1]), row > 0, row < 1 << 40
    else {
      throw Problem(
        .unprocessableContent, "server.bad_page", "invalid page token",
        hint: "use nextPage of the previous answer")
    }
    guard parts[0] == atlas.short else {
      throw Problem(
        .conflict, "server.stale_page", "the page token is of atlas \(parts[0]), but the atlas is now \(atlas.short)",
        hint: "start again from the first page")
    }
    self.init(row: row, atlas: atlas)
  }
}
