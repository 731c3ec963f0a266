/// Every way to write every cell: 24 shapes times 9⁴ operations, and the class of each. Made on first use, in a fraction
/// of a second.
struct NASBenchGraphForms: Sendable {
  static let all = NASBenchGraphForms()

  /// Ascending by hash.
  let cells: [NASBenchGraphCell]
  /// The hash of each form's cell, −1 for forms of skips alone.
  private let hashes: [Int32]
  /// The forms of each cell.
  private let forms: [Int32: [Int32]]

  private static let formsOfShape = 6_561

  private init() {
    var forms: [Int32: [Int32]] = [:]
    hashes = (0..<(24 * Self.formsOfShape)).map { form in
      guard let cell = try? NASBenchGraphCell(Self.tree(form)) else { return -1 }
      let hash = Int32(cell.publishedHash)
      forms[hash, default: []].append(Int32(form))
      return hash
    }
    self.forms = forms
    cells = forms.keys.sorted().compactMap { NASBenchGraphCell(publishedHash: Int($0)) }
  }

  /// The cells of all forms at one operation or one link of a form of `cell`, ascending by hash.
  func neighbors(of cell: NASBenchGraphCell) -> [NASBenchGraphCell] {
    let own = Int32(cell.publishedHash)
    var found: Set<Int32> = []
    for form in forms[own] ?? [] {
      let tree = Self.tree(Int(form))
      for node in 0..<4 {
        var changed = tree
        for operation in 0..<9 as Range<UInt8> {
          changed.operations[node] = operation
          found.insert(hashes[Self.form(changed)])
        }
        changed = tree
        for parent in 0...UInt8(node) {
          changed.parents[node] = parent
          found.insert(hashes[Self.form(changed)])
        }
      }
    }
    found.subtract([own, -1])
    return found.sorted().compactMap { NASBenchGraphCell(publishedHash: Int($0)) }
  }

  private static func tree(_ form: Int) -> NASBenchGraphTree {
    var tree = NASBenchGraphTree(parents: NASBenchGraphTree.shapes[form / formsOfShape], operations: .zero)
    var rest = form % formsOfShape
    for node in (0..<4).reversed() {
      tree.operations[node] = UInt8(rest % 9)
      rest /= 9
    }
    return tree
  }

  private static func form(_ tree: NASBenchGraphTree) -> Int {
    let shape = Int(tree.parents[1]) * 12 + Int(tree.parents[2]) * 4 + Int(tree.parents[3])
    return (0..<4).reduce(shape) { $0 * 9 + Int(tree.operations[$1]) }
  }
}
