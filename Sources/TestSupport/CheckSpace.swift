import Records
public import Spaces

/// What a test tells ``checkSpace(_:_:)`` about a space.
public struct SpaceCheckOptions: Sendable {
  /// Architectures drawn for round trips, mutation and crossover.
  public var samples: Int
  /// Of these, those whose neighborhoods are walked.
  public var neighborhoods: Int
  public var seed: UInt64
  /// The encoding keeps choices in slots of their own, so that each slot of a child is one of its parents' slots.
  public var choicesHaveOwnSlots: Bool
  /// An ``EnumerableSpace`` of at most so many architectures is walked from end to end.
  public var exhaustiveLimit: UInt64

  public init(
    samples: Int = 500, neighborhoods: Int = 20, seed: UInt64 = 1, choicesHaveOwnSlots: Bool = true,
    exhaustiveLimit: UInt64 = 50_000
  ) {
    self.samples = samples
    self.neighborhoods = neighborhoods
    self.seed = seed
    self.choicesHaveOwnSlots = choicesHaveOwnSlots
    self.exhaustiveLimit = exhaustiveLimit
  }
}

/// The conformance kit of ``Space``: the violations found, as messages, none when the space keeps its promises.
///
/// Checks membership, round trips of text, published names and encoding, ids without collision, one architecture that
/// stands for each isomorphism class, values of traits, meanings of slots, configurations both ways where the space has
/// choices (see `configurationViolations`), neighborhoods (closed, distinct, without the centre, symmetric), mutation (a
/// neighbor), crossover (choices of the parents), repeatable draws, and that broken texts and encodings are refused; of a
/// ``CellSpace`` that paths and operations are live and the same on a class. All that on samples, and on every
/// architecture of a small ``EnumerableSpace``.
public func checkSpace<S: Space>(_ space: S, _ options: SpaceCheckOptions = SpaceCheckOptions()) -> [String] {
  var generator = SeededGenerator(seed: options.seed)
  var check = SpaceCheck(space: space)
  let samples = (0..<options.samples).map { _ in space.sample(using: &generator) }
  check.repeatability(samples, seed: options.seed)
  if let groups = space.slotGroups, groups.map(\.labels.count).reduce(0, +) != space.encodingLength {
    check.violations.append("the slots that have a meaning are not \(space.encodingLength)")
  }
  for sample in samples {
    check.roundTrips(sample)
    check.damagedEncodings(sample)
  }
  for sample in samples.prefix(options.neighborhoods) { check.neighborhood(sample) }
  for sample in samples {
    var first = generator
    var second = generator
    check.mutation(sample, using: &generator)
    if space.mutate(sample, using: &first) != space.mutate(sample, using: &second) {
      check.report("mutation is not repeatable", sample)
    }
  }
  for (first, second) in zip(samples, samples.dropFirst()) {
    check.crossover(first, second, using: &generator, choicesHaveOwnSlots: options.choicesHaveOwnSlots)
  }
  if UInt64(check.texts.count) > space.architectureCount {
    check.violations.append("\(check.texts.count) architectures found in a space of \(space.architectureCount)")
  }
  check.violations += configurationViolations(
    SpaceByText(space, kind: "checked"), samples: samples.map(space.canonicalText), draws: options.samples,
    seed: options.seed)
  if let cells = space as? any CellSpace { check.violations += cellViolations(cells, options) }
  if let enumerable = space as? any EnumerableSpace, space.architectureCount <= options.exhaustiveLimit {
    check.violations += enumerationViolations(enumerable, seed: options.seed)
  }
  return check.violations
}

/// A text that stands in tables, commands and keys as one word: printable ASCII without blanks and quotes.
func isPlainWord(_ text: String) -> Bool {
  !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !#""'`"#.utf8.contains($0) }
}

private struct SpaceCheck<S: Space> {
  let space: S
  var violations: [String] = []
  /// Each architecture met, by its text and by its id.
  var texts: [String: S.Architecture] = [:]
  private var ids: [ArchitectureID: S.Architecture] = [:]

  init(space: S) { self.space = space }

  mutating func report(_ problem: String, _ architecture: S.Architecture) {
    violations.append("\(problem): \(space.canonicalText(architecture))")
  }

  mutating func repeatability(_ samples: [S.Architecture], seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let again = samples.map { _ in space.sample(using: &generator) }
    if again != samples { violations.append("the same seed draws other architectures") }
  }

  mutating func roundTrips(_ architecture: S.Architecture) {
    if !space.contains(architecture) { report("not a member", architecture) }
    let text = space.canonicalText(architecture)
    if !isPlainWord(text) { report("not a plain word", architecture) }
    for spelling in [text, text.uppercased(), "  \(text)\n"] where (try? space.parse(spelling)) != architecture {
      report("the text \(spelling.debugDescription) is not read back", architecture)
    }
    for spelling in [text + "~", "~" + text, String(text.dropLast()) + "~"] where (try? space.parse(spelling)) != nil {
      report("the broken text \(spelling.debugDescription) is accepted", architecture)
    }
    if let other = texts.updateValue(architecture, forKey: text), other != architecture {
      report("two architectures have one text", architecture)
    }
    if let other = ids.updateValue(architecture, forKey: space.id(of: architecture)), other != architecture {
      report("two architectures have one id", architecture)
    }
    encodingRoundTrip(architecture)
    for trait in space.traits where space.value(of: trait, in: architecture) == nil {
      report("the trait \(trait) has no value", architecture)
    }
    for identifier in space.identifiers(of: architecture)
    where (try? space.parse(identifier.description)) != architecture {
      report("the published name \(identifier) is not read back", architecture)
    }
    let representative = space.isomorphismClass(of: architecture)
    if !space.contains(representative) || space.isomorphismClass(of: representative) != representative {
      report("what stands for the class stands not for itself", architecture)
    }
  }

  private mutating func encodingRoundTrip(_ architecture: S.Architecture) {
    let slots = space.encode(architecture)
    if slots.count != space.encodingLength { report("\(slots.count) slots encode", architecture) }
    if !slots.allSatisfy({ $0 <= 1 }) { report("slots other than 0 and 1 encode", architecture) }
    if (try? space.decode(slots)) != architecture { report("the encoding is not read back", architecture) }
  }

  mutating func damagedEncodings(_ architecture: S.Architecture) {
    let slots = space.encode(architecture)
    for broken in [Array(slots.dropLast()), slots + [0], slots.dropLast() + [2]]
    where (try? space.decode(broken)) != nil {
      report("a broken encoding is accepted", architecture)
    }
    for slot in slots.indices {
      var flipped = slots
      flipped[slot] ^= 1
      if let other = try? space.decode(flipped), space.encode(other) != flipped {
        report("slot \(slot) flipped decodes to an architecture of another encoding", architecture)
      }
    }
  }

  mutating func neighborhood(_ centre: S.Architecture) {
    let neighbors = space.neighbors(of: centre)
    if neighbors != space.neighbors(of: centre) { report("the order of neighbors changes", centre) }
    if neighbors.isEmpty { report("no neighbor", centre) }
    if Set(neighbors).count != neighbors.count { report("a neighbor stands twice", centre) }
    if neighbors.contains(centre) { report("its own neighbor", centre) }
    for neighbor in neighbors {
      roundTrips(neighbor)
      if !space.neighbors(of: neighbor).contains(centre) {
        report("not a neighbor of its neighbor \(space.canonicalText(neighbor))", centre)
      }
    }
  }

  mutating func mutation(_ architecture: S.Architecture, using generator: inout SeededGenerator) {
    let mutant = space.mutate(architecture, using: &generator)
    roundTrips(mutant)
    if mutant == architecture { report("mutation changes nothing", architecture) }
    if !space.neighbors(of: architecture).contains(mutant) {
      report("the mutant \(space.canonicalText(mutant)) is no neighbor", architecture)
    }
  }

  mutating func crossover(
    _ first: S.Architecture, _ second: S.Architecture, using generator: inout SeededGenerator,
    choicesHaveOwnSlots: Bool
  ) {
    if space.crossOver(first, first, using: &generator) != first {
      report("the child of equal parents differs", first)
    }
    let child = space.crossOver(first, second, using: &generator)
    roundTrips(child)
    guard choicesHaveOwnSlots else { return }
    let parents = zip(space.encode(first), space.encode(second))
    for (slot, (value, pair)) in zip(space.encode(child), parents).enumerated() where value != pair.0 && value != pair.1
    {
      report("slot \(slot) of the child \(space.canonicalText(child)) is of neither parent", first)
    }
  }
}
