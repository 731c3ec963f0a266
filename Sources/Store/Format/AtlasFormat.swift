import Foundation
import Records

/// Numbers that both sides of the file format agree on.
package enum AtlasFormat {
  /// `NASA` in the SQLite header of a published atlas.
  package static let applicationID: UInt32 = 0x4e41_5341
  /// `NASW` in the SQLite header of a working file.
  package static let workingApplicationID: UInt32 = 0x4e41_5357
  /// `user_version` of a published atlas.
  package static let version = 3
  /// `user_version` of a working file.
  package static let workingVersion = 4
  package static let pageBytes = 8192
  /// Rows of a block of a column that has one value a run.
  package static let rowsPerBlock = 1 << 14
  /// Values that a block of curves should have, more or less.
  package static let valuesPerCurveBlock = 400
  /// Runs whose details share a block.
  package static let runsPerDetailBlock = 512
  /// Architectures that `top` lists of each setting, metric and split.
  package static let topCount = 100
  /// Longest block that a reader accepts, unpacked, in bytes.
  package static let longestBlock = 1 << 28
  /// Values of the longest frame.
  package static let longestFrame = 1 << 22
  /// Values of the longest curve.
  package static let longestCurve = 1 << 21
  /// Effort of packing what is published.
  package static let publishingLevel = 9
  /// Longest manifest that a reader accepts, in bytes.
  package static let longestManifest = 1 << 26
  /// Bytes of runs that a working file packs together, more or less.
  package static let workingBatchBytes = 1 << 24

  /// Where the manifest of an atlas is.
  ///
  /// If the atlas is a symbolic link, the manifest is beside the target. If none is there, it is beside the link: some
  /// stores keep the target under another name.
  package static func manifestPath(_ atlas: String) -> String {
    var links = [atlas]
    while links.count < 40 {
      let last = links[links.count - 1]
      guard let target = PathText.target(ofLink: last), let next = String(validating: target, as: UTF8.self) else {
        break
      }
      let folder = PathText.folder(of: last)
      links.append(next.hasPrefix("/") || folder.isEmpty ? next : folder + "/" + next)
    }
    let beside = links.reversed().map { $0 + ".manifest.json" }
    return beside.first { access($0, F_OK) == 0 } ?? atlas + ".manifest.json"
  }

  /// Where the manifest of an atlas waits until the atlas has its name.
  package static func pendingManifestPath(_ atlas: String) -> String { manifestPath(atlas) + ".next" }
}
