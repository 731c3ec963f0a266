extension CellSpace {
  /// Counts of all operations, and the depth.
  public var traits: [ArchitectureTrait] { operations.map { .count(of: $0.name) } + [.depth] }

  public func value(of trait: ArchitectureTrait, in architecture: Architecture) -> ArchitectureTrait.Value? {
    switch trait {
    case .count(let name):
      operations.firstIndex { $0.name == name }.map { wanted in
        .number(Double(operations(of: architecture).count { $0 == wanted }))
      }
    case .depth: .number(Double(livePaths(of: architecture).map(\.operations.count).max() ?? 0))
    case .parameter: nil
    }
  }
}
