import Records
import Spaces

/// The violations of a cell space on drawn cells: operations of a live path compute, live operations pass something,
/// every operation on a path is live, both are the same when asked again, and cells of one isomorphism class have the
/// same multiset of sequences.
func cellViolations<C: CellSpace>(_ space: C, _ options: SpaceCheckOptions) -> [String] {
  var generator = SeededGenerator(seed: options.seed).stream("cells")
  var violations: [String] = []
  let roles = space.operations.map(\.role)
  if Set(space.operations.map(\.name)).count != roles.count { violations.append("two operations have one name") }
  for _ in 0..<options.samples {
    let cell = space.sample(using: &generator)
    let paths = space.livePaths(of: cell)
    let live = space.liveOperations(of: cell)
    func report(_ problem: String) { violations.append("\(problem): \(space.canonicalText(cell))") }
    if paths != space.livePaths(of: cell) || live != space.liveOperations(of: cell) { report("the order changes") }
    let onPaths = paths.flatMap(\.operations)
    guard (onPaths + live).allSatisfy(roles.indices.contains) else {
      report("an operation that the space has not")
      continue
    }
    if onPaths.contains(where: { roles[$0] == .none || roles[$0] == .skip }) {
      report("an operation on a live path computes nothing")
    }
    if live.contains(where: { roles[$0] == .none }) { report("none is live") }
    if !Set(onPaths).isSubset(of: live) { report("an operation on a live path is not live") }
    let representative = space.isomorphismClass(of: cell)
    if sequences(paths) != sequences(space.livePaths(of: representative)) {
      report("other live paths than \(space.canonicalText(representative)) of its class")
    }
  }
  return violations
}

/// By sequence of computing operations, how many live paths have it.
private func sequences(_ paths: [LivePath]) -> [[Int]: Int] {
  Dictionary(paths.map { ($0.operations, 1) }, uniquingKeysWith: +)
}
