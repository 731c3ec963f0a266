extension NASBench101Space {
  /// With live paths, and the published hash, matrix (row by row) and operations as identifiers.
  public var byText: some TextualSpace {
    SpaceByText(
      self, kind: "cell", encoding: "adjacency",
      encodings: [
        SpaceEncoding("categorical") { categoricalEncoding(of: $0) }, SpaceEncoding("path") { pathEncoding(of: $0) },
        SpaceEncoding("sequence") { sequenceEncoding(of: $0).map(Double.init) },
      ] + livePathEncodings(longestPath: 5) + [graphEncoding],
      identifiers: { cell in
        let names = ["input"] + cell.operations.map(\.publishedName) + ["output"]
        return [
          ("hash", cell.graphHash), ("matrix", cell.matrix.flatMap { $0 }.map { $0 ? "1" : "0" }.joined()),
          ("operations", names.joined(separator: ",")),
        ]
      })
  }
}
