import Foundation
public import Records
public import Spaces
import TestSupport
import Testing

// The space of docs/new-space.md, by the steps of that page.

/// Widths of three layers.
public struct ThreeLayers: Hashable, Sendable {
  public static let widths = [8, 16, 32]
  /// By layer, the place in ``widths``.
  public let places: [Int]
}

/// All networks of three layers: 27.
public struct ThreeLayerSpace: Space {
  public let name = "three-layers"
  public let architectureCount: UInt64 = 27
  public let encodingLength = 9

  public func contains(_ architecture: ThreeLayers) -> Bool {
    architecture.places.count == 3 && architecture.places.allSatisfy(ThreeLayers.widths.indices.contains)
  }

  public func sample(using generator: inout SeededGenerator) -> ThreeLayers {
    ThreeLayers(places: (0..<3).map { _ in generator.integer(below: 3) })
  }

  /// One layer has another width.
  public func neighbors(of architecture: ThreeLayers) -> [ThreeLayers] {
    (0..<3).flatMap { layer in
      (0..<3).filter { $0 != architecture.places[layer] }.map { place in
        var places = architecture.places
        places[layer] = place
        return ThreeLayers(places: places)
      }
    }
  }

  public func mutate(_ architecture: ThreeLayers, using generator: inout SeededGenerator) -> ThreeLayers {
    generator.pick(neighbors(of: architecture))
  }

  public func crossOver(
    _ first: ThreeLayers, _ second: ThreeLayers, using generator: inout SeededGenerator
  ) -> ThreeLayers {
    ThreeLayers(places: zip(first.places, second.places).map { generator.chance(0.5) ? $0 : $1 })
  }

  /// `w8-16-32`.
  public func canonicalText(_ architecture: ThreeLayers) -> String {
    "w" + architecture.places.map { "\(ThreeLayers.widths[$0])" }.joined(separator: "-")
  }

  public func parse(_ text: String) throws -> ThreeLayers {
    let word = text.filter { !$0.isWhitespace }.lowercased()
    let places = word.dropFirst().split(separator: "-", omittingEmptySubsequences: false).map { width in
      ThreeLayers.widths.firstIndex { "\($0)" == width }
    }
    guard word.first == "w", places.count == 3, !places.contains(nil) else {
      throw SpacesError.form(space: name, found: text, allowed: ["w8-16-32"])
    }
    return ThreeLayers(places: places.compactMap { $0 })
  }

  /// One-hot, layer by layer.
  public func encode(_ architecture: ThreeLayers) -> [UInt8] {
    architecture.places.flatMap { place in (0..<3).map { $0 == place ? 1 : 0 } }
  }

  public func decode(_ slots: [UInt8]) throws -> ThreeLayers {
    let places = stride(from: 0, to: slots.count, by: 3).map { slots[$0...].prefix(3).firstIndex(of: 1).map { $0 % 3 } }
    let found = ThreeLayers(places: places.compactMap { $0 })
    guard contains(found), encode(found) == slots else {
      throw SpacesError.encoding(space: name, encoding: "one-hot", problem: "the slots are not one 1 per layer")
    }
    return found
  }
}

extension ThreeLayerSpace {
  /// `width_1` to `width_3`.
  public var choices: SpaceChoices? {
    let names = (1...3).map { "width_\($0)" }
    let widths = ThreeLayers.widths.map { JSONValue.integer(Int64($0)) }
    return SpaceChoices(
      names.map { SpaceChoices.Choice($0, widths, isOrdered: true) },
      template: "w" + names.map { "{\($0)}" }.joined(separator: "-"))
  }
}

extension ThreeLayerSpace {
  public var byText: some TextualSpace { SpaceByText(self, kind: "size") }
}

@Test func threeLayersConform() {
  #expect(checkSpace(ThreeLayerSpace()) == [])
}

/// The page shows the code of this file, and restricts and spells as it says.
@Test func theGuideOfNewSpacesIsThisFile() throws {
  let file = URL(fileURLWithPath: #filePath)
  let root = (0..<4).reduce(file) { folder, _ in folder.deletingLastPathComponent() }
  let page = try String(contentsOf: root.appendingPathComponent("docs/new-space.md"), encoding: .utf8)
  let code = try String(contentsOf: file, encoding: .utf8)
  let blocks = page.components(separatedBy: "```swift\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
  #expect(blocks.count == 5)
  for block in blocks { #expect(code.contains(block), "\(block.prefix(60))") }

  let space = ThreeLayerSpace().byText
  #expect(try space.configuration(of: "w8-16-32")["width_2"] == .integer(16))
  let narrow = try RestrictedSpace(space, SpaceRestriction(without: ["width_1=32"]))
  #expect(narrow.architectureCount == 18)
}
