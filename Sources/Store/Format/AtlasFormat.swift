/// Numbers that both sides of the file format agree on.
package enum AtlasFormat {
  /// `NASA` in the SQLite header of a published atlas.
  package static let applicationID: UInt32 = 0x4e41_5341
  /// `NASW` in the SQLite header of a working file.
  package static let workingApplicationID: UInt32 = 0x4e41_5357
  /// `user_version` of both.
  package static let version = 1
  package static let pageBytes = 4096
  /// A curve block is closed when it holds this many values; one longer curve makes one larger block.
  package static let valuesPerBlock = 1 << 14
  /// Runs whose details share a block.
  package static let runsPerDetailBlock = 64
  /// Longest block that a reader accepts, unpacked, in bytes.
  package static let longestBlock = 1 << 28
  /// Values that one frame may hold.
  package static let longestFrame = 1 << 22
  /// Level of deflate of what is published, where size matters.
  package static let publishingLevel = 9
  /// Longest manifest that a reader accepts, in bytes.
  package static let longestManifest = 1 << 26

  /// Splits as the tables number them.
  package static let splitNumbers: [(number: Int64, name: String)] = [(1, "train"), (2, "validation"), (3, "test")]

  package static func manifestPath(_ atlas: String) -> String { atlas + ".manifest.json" }
  /// Where the manifest of an atlas waits until the atlas has its name.
  package static func pendingManifestPath(_ atlas: String) -> String { atlas + ".manifest.json.next" }
}
