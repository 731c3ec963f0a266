extension NATSSizeSpace {
  /// With the ordinal encoding.
  public var byText: some TextualSpace {
    SpaceByText(self, kind: "size", encodings: [SpaceEncoding("ordinal") { ordinalEncoding(of: $0).map(Double.init) }])
  }
}
