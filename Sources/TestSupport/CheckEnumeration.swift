import Records
import Spaces

/// The violations of a space that is walked from end to end, at most 100.
///
/// Every index leads to an architecture and back, there is none beyond; texts, encodings and ids are read back and
/// distinct; neighborhoods are closed, distinct, without the centre and symmetric; a mutant is a neighbor; each class
/// is stood for by its architecture of the smallest index.
func enumerationViolations<E: EnumerableSpace>(_ space: E, seed: UInt64) -> [String] {
  var walk = EnumerationWalk(space: space)
  walk.indexes()
  guard walk.violations.isEmpty else { return walk.violations }
  walk.spellings()
  walk.neighborhoods()
  walk.mutation(seed: seed)
  walk.classes()
  return Array(walk.violations.prefix(100))
}

private struct EnumerationWalk<E: EnumerableSpace> {
  let space: E
  var violations: [String] = []
  private var all: [E.Architecture] = []
  /// By index, the indexes of the neighbors in ascending order.
  private var rows: [[Int]] = []

  init(space: E) { self.space = space }

  private mutating func report(_ problem: String, _ index: Int) {
    violations.append("\(problem): \(space.canonicalText(all[index])) at index \(index)")
  }

  mutating func indexes() {
    for index in 0..<space.architectureCount {
      guard let architecture = space.architecture(at: index) else {
        violations.append("no architecture at index \(index) of \(space.architectureCount)")
        return
      }
      all.append(architecture)
      if space.index(of: architecture) != index { report("another index is given back", Int(index)) }
    }
    if space.architecture(at: space.architectureCount) != nil || space.architecture(at: .max) != nil {
      violations.append("an architecture stands behind the last index")
    }
    if Set(all).count != all.count { violations.append("an architecture stands at two indexes") }
  }

  mutating func spellings() {
    var texts: Set<String> = []
    var ids: Set<ArchitectureID> = []
    for (index, architecture) in all.enumerated() {
      let text = space.canonicalText(architecture)
      if !space.contains(architecture) { report("not a member", index) }
      if !isPlainWord(text) { report("not a plain word", index) }
      if (try? space.parse(text)) != architecture { report("the text is not read back", index) }
      if !texts.insert(text).inserted { report("two architectures have one text", index) }
      if !ids.insert(space.id(of: architecture)).inserted { report("two architectures have one id", index) }
      if (try? space.decode(space.encode(architecture))) != architecture {
        report("the encoding is not read back", index)
      }
      for name in space.identifiers(of: architecture) where (try? space.parse(name.description)) != architecture {
        report("the published name \(name) is not read back", index)
      }
    }
  }

  mutating func neighborhoods() {
    rows = all.map { architecture in space.neighbors(of: architecture).map { Int(clamping: space.index(of: $0)) } }
    for (index, row) in rows.enumerated() {
      guard row.allSatisfy(all.indices.contains) else {
        report("a neighbor is outside the space", index)
        rows[index] = []
        continue
      }
      rows[index] = row.sorted()
      if zip(rows[index], rows[index].dropFirst()).contains(where: ==) { report("a neighbor stands twice", index) }
      if hasEdge(index, index) { report("its own neighbor", index) }
    }
    for (index, row) in rows.enumerated() {
      for neighbor in row where !hasEdge(neighbor, index) {
        report("not a neighbor of its neighbor \(space.canonicalText(all[neighbor]))", index)
      }
    }
  }

  mutating func mutation(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for (index, architecture) in all.enumerated() {
      let mutant = Int(clamping: space.index(of: space.mutate(architecture, using: &generator)))
      if !hasEdge(index, mutant) { report("the mutant at index \(mutant) is no neighbor", index) }
    }
  }

  mutating func classes() {
    for (index, architecture) in all.enumerated() {
      let representative = space.isomorphismClass(of: architecture)
      if !space.contains(representative) || space.isomorphismClass(of: representative) != representative {
        report("what stands for the class stands not for itself", index)
      }
      if space.index(of: representative) > UInt64(index) { report("a smaller index than what stands for it", index) }
    }
  }

  /// Binary search in the ascending row.
  private func hasEdge(_ from: Int, _ to: Int) -> Bool {
    let row = rows[from]
    var low = 0
    var high = row.count
    while low < high {
      let middle = (low + high) / 2
      if row[middle] < to { low = middle + 1 } else { high = middle }
    }
    return low < row.count && row[low] == to
  }
}
