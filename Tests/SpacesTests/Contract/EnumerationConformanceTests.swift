import Records
import Spaces
import TestSupport
import Testing

@Suite struct EnumerationConformanceTests {
  @Test func thePairsConform() {
    #expect(checkSpace(PairSpace(fault: nil)) == [])
  }

  @Test(arguments: PairSpace.Fault.allCases)
  func theWalkFindsFaults(_ fault: PairSpace.Fault) {
    // No samples: what is found, the walk has found.
    let options = SpaceCheckOptions(samples: 0, neighborhoods: 0)
    let violations = checkSpace(PairSpace(fault: fault), options)
    #expect(violations.contains { $0.contains(fault.rawValue) }, "\(violations.prefix(3))")
  }

  @Test func aLargeSpaceIsNotWalked() {
    let options = SpaceCheckOptions(samples: 0, neighborhoods: 0, exhaustiveLimit: 8)
    #expect(checkSpace(PairSpace(fault: .gap), options) == [])
  }

  @Test(arguments: FaultyCells.Fault.allCases)
  func theKitFindsFaultyPaths(_ fault: FaultyCells.Fault) {
    let violations = checkSpace(FaultyCells(fault: fault), SpaceCheckOptions(samples: 300, exhaustiveLimit: 0))
    #expect(violations.contains { $0.contains(fault.rawValue) }, "\(violations.prefix(3))")
  }
}

/// Pairs of digits 0...2, 9 in all, each its own choice; with one promise broken where `fault` says so.
struct PairSpace: EnumerableSpace {
  enum Fault: String, CaseIterable {
    case gap = "no architecture at index 8 of 9"
    case overflow = "behind the last index"
    case shifted = "another index is given back"
    case repeated = "stands at two indexes"
    case sharedText = "two architectures have one text"
    case lossyEncoding = "the encoding is not read back"
    case wrongName = "the published name pair:9 is not read back"
    case oneWay = "not a neighbor of its neighbor"
    case outside = "a neighbor is outside the space"
    case twice = "a neighbor stands twice"
    case idle = "is no neighbor"
    case lateClass = "a smaller index than what stands for it"
    case restlessClass = "what stands for the class stands not for itself"
  }

  let fault: Fault?
  var name: String { "pairs" }
  var architectureCount: UInt64 { 9 }
  var encodingLength: Int { 4 }

  func contains(_ pair: Int) -> Bool { (0..<9).contains(pair) }

  func architecture(at index: UInt64) -> Int? {
    switch fault {
    case .gap where index == 8: nil
    case .overflow where index == 9: 0
    case .repeated where index == 8: 0
    default: index < 9 ? Int(index) : nil
    }
  }

  func index(of pair: Int) -> UInt64 { UInt64(fault == .shifted ? pair + 1 : pair) }
  func sample(using generator: inout SeededGenerator) -> Int { generator.integer(below: 9) }

  func neighbors(of pair: Int) -> [Int] {
    let all = (0..<9).filter { ($0 / 3 == pair / 3) != ($0 % 3 == pair % 3) }
    return switch fault {
    case .oneWay where pair == 0: Array(all.dropLast())
    case .outside where pair == 0: all + [9]
    case .twice where pair == 0: all + [all[0]]
    default: all
    }
  }

  func mutate(_ pair: Int, using generator: inout SeededGenerator) -> Int {
    fault == .idle ? pair : generator.pick(neighbors(of: pair))
  }

  func crossOver(_ first: Int, _ second: Int, using generator: inout SeededGenerator) -> Int {
    let (row, column) = (generator.pick([first, second]), generator.pick([first, second]))
    return row / 3 * 3 + column % 3
  }

  func canonicalText(_ pair: Int) -> String { fault == .sharedText && pair == 8 ? "0,0" : "\(pair / 3),\(pair % 3)" }

  func parse(_ text: String) throws -> Int {
    let word = text.split(whereSeparator: \.isWhitespace).joined().lowercased()
    guard let pair = (0..<9).first(where: { word == "\($0 / 3),\($0 % 3)" || word == "pair:\($0)" }) else {
      throw SpacesError.form(space: name, found: word, allowed: ["digit,digit", "pair:0 to pair:8"])
    }
    return pair
  }

  /// Two slots a digit.
  func encode(_ pair: Int) -> [UInt8] {
    let digits = fault == .lossyEncoding ? [pair / 3, 0] : [pair / 3, pair % 3]
    return digits.flatMap { [UInt8($0 / 2), UInt8($0 % 2)] }
  }

  func decode(_ slots: [UInt8]) throws -> Int {
    guard slots.count == 4, let pair = (0..<9).first(where: { encode($0) == slots }) else {
      throw SpacesError.vectorLength(found: slots.count, allowed: [4], unit: "slots")
    }
    return pair
  }

  func identifiers(of pair: Int) -> [PublishedIdentifier] {
    [PublishedIdentifier(name: "pair", value: "\(fault == .wrongName && pair == 8 ? 9 : pair)")]
  }

  /// Digits in either order are one class.
  func isomorphismClass(of pair: Int) -> Int {
    let (small, large) = (min(pair / 3, pair % 3), max(pair / 3, pair % 3))
    return switch fault {
    case .lateClass: large * 3 + small
    case .restlessClass: (pair + 1) % 9
    default: small * 3 + large
    }
  }
}

/// The cells of SpikeNAS with one promise of a cell space broken.
struct FaultyCells: FourNodeSpace {
  typealias Operation = SpikeNASOperation
  typealias Architecture = SpikeNASSpace.Architecture

  enum Fault: String, CaseIterable {
    case unknownOperation = "an operation that the space has not"
    case skipOnPath = "an operation on a live path computes nothing"
    case liveNone = "none is live"
    case deadOperation = "an operation on a live path is not live"
    case otherPaths = "other live paths than"
    case equalNames = "two operations have one name"
  }

  let fault: Fault
  let base = SpikeNASSpace()
  static let classRepresentatives = SpikeNASSpace.classRepresentatives
  var name: String { base.name }

  func parse(_ text: String) throws -> Architecture { try base.parse(text) }

  var operations: [CellOperation] {
    fault == .equalNames ? base.operations.map { CellOperation(name: "same", role: $0.role) } : base.operations
  }

  func livePaths(of architecture: Architecture) -> [LivePath] {
    let paths = base.livePaths(of: architecture)
    return switch fault {
    case .unknownOperation: paths + [LivePath(operations: [5], skips: 0)]
    case .skipOnPath: paths + [LivePath(operations: [1], skips: 0)]
    case .otherPaths: paths + [LivePath(operations: [Int(index(of: architecture) % 3) + 2], skips: 0)]
    default: paths
    }
  }

  func liveOperations(of architecture: Architecture) -> [Int] {
    switch fault {
    case .liveNone: [0]
    case .deadOperation: []
    default: base.liveOperations(of: architecture)
    }
  }
}
