import Store

/// The files that reading an atlas reads.
enum AtlasFiles {
  /// Of each atlas, the atlas and its manifests.
  static func all(of atlases: [String]) -> [String] {
    atlases.flatMap { [$0, AtlasFormat.manifestPath($0), AtlasFormat.pendingManifestPath($0)] }
  }
}
