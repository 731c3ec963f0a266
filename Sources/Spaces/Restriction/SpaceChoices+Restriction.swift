import Records

extension SpaceChoices {
  /// How many configurations there are, forbidden combinations included: over the tree of conditions, the product over
  /// choices of the sum over values of the product over the choices that the value makes active. Nil above 2⁶⁴ − 1, and where a choice is a real number.
  ///
  /// O(choices · values).
  public var configurationCount: UInt64? { Tree(self, closed: [:]).count }

  /// The choices without `closed` values and without what needs them: a value goes that makes a choice without values
  /// active, and a choice goes that nothing makes active. Nil where nothing is left.
  func without(_ closed: [String: Set<JSONValue>]) -> SpaceChoices? {
    let tree = Tree(self, closed: closed)
    guard tree.count != 0 else { return nil }
    var kept: [Choice] = []
    // Parents come before their children, so a choice that nothing makes active goes before those below it.
    var values: [String: [JSONValue]] = [:]
    let ranges = Set(choices.filter { $0.range != nil }.map(\.name))
    for choice in choices {
      guard let open = tree.open[choice.name], choice.range != nil || !open.isEmpty else { continue }
      var condition = choice.condition
      if let parent = condition {
        let wanted = parent.values.filter { values[parent.choice]?.contains($0) ?? false }
        guard !wanted.isEmpty else { continue }
        condition = Choice.Condition(choice: parent.choice, values: wanted)
      }
      if let range = choice.range {
        kept.append(Choice(choice.name, in: range, when: condition))
        continue
      }
      values[choice.name] = open
      kept.append(
        Choice(
          choice.name, open, isOrdered: choice.isOrdered, when: condition,
          words: choice.words.filter { open.contains($0.key) }))
    }
    return SpaceChoices(
      kept, template: template,
      forbidden: forbidden.filter { combination in
        combination.values.allSatisfy { name, value in values[name]?.contains(value) ?? ranges.contains(name) }
      }, isOneToOne: isOneToOne,
      operations: operations.compactMapValues { uses in
        let left = uses.filter { values[$0.key] != nil }
        return left.isEmpty ? nil : left
      }, invalid: invalid, remark: remark)
  }

  /// The tree of choices and the values that make choices active, counted from the leaves.
  private struct Tree {
    /// By choice, the values that are part of some configuration, in their order.
    private(set) var open: [String: [JSONValue]] = [:]
    /// Nil where the number of configurations is larger than 2⁶⁴ − 1.
    let count: UInt64?

    init(_ choices: SpaceChoices, closed: [String: Set<JSONValue>]) {
      var counts: [String: UInt64?] = [:]
      var children: [String: [Choice]] = [:]
      var open: [String: [JSONValue]] = [:]
      // Children come after their parents.
      for choice in choices.choices.reversed() {
        if let range = choice.range {
          counts[choice.name] = range.count
          open[choice.name] = []
          if let parent = choice.condition?.choice { children[parent, default: []].append(choice) }
          continue
        }
        var total: UInt64? = 0
        open[choice.name] = choice.values.filter { value in
          guard closed[choice.name]?.contains(value) != true else { return false }
          let active = children[choice.name, default: []].filter { $0.condition?.values.contains(value) ?? false }
          let own = Self.product(active.map { counts[$0.name] ?? 0 })
          total = Self.sum(total, own)
          return own != 0
        }
        counts[choice.name] = total
        if let parent = choice.condition?.choice { children[parent, default: []].append(choice) }
      }
      self.open = open
      count = Self.product(choices.choices.filter { $0.condition == nil }.map { counts[$0.name] ?? 0 })
    }

    /// 0 where a factor is 0, whatever the others are.
    private static func product(_ factors: [UInt64?]) -> UInt64? {
      if factors.contains(0) { return 0 }
      return factors.reduce(1) { product, factor in
        guard let product, let factor else { return nil }
        let (result, overflow) = product.multipliedReportingOverflow(by: factor)
        return overflow ? nil : result
      }
    }

    private static func sum(_ first: UInt64?, _ second: UInt64?) -> UInt64? {
      guard let first, let second else { return nil }
      let (result, overflow) = first.addingReportingOverflow(second)
      return overflow ? nil : result
    }
  }
}
