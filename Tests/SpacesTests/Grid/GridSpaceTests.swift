import Foundation
import Records
import Spaces
import TestSupport
import Testing

@Suite struct GridSpaceTests {
  static let definition = GridDefinition(
    name: "small",
    parameters: [
      .init(name: "lr", kind: .ordinal, values: [.number(0.0005), .number(0.001), .number(5e-05), .integer(1)]),
      .init(name: "Act", kind: .categorical, values: [.string("tanh"), .string("ReLU"), .string("x|y")]),
      .init(name: "bias", kind: .categorical, values: [.bool(true), .bool(false), .null]),
      .init(name: "one", kind: .ordinal, values: [.integer(-3)]),
    ])

  static func space() throws -> GridSpace { try GridSpace(definition) }

  /// A grid of as many parameters as there are counts.
  static func grid(_ counts: [Int]) -> GridDefinition {
    GridDefinition(
      name: "grid",
      parameters: counts.enumerated().map { index, count in
        .init(name: "x\(index)", kind: .ordinal, values: (0..<count).map { .integer(Int64($0)) })
      })
  }

  /// `=` is what the kit's rule for texts knows nothing of.
  @Test func conforms() throws {
    let violations = checkSpace(try Self.space(), SpaceCheckOptions(samples: 100))
    #expect(violations.filter { !$0.hasPrefix("not a plain word: lr=") } == [])
  }

  @Test func countsAreProducts() throws {
    #expect(try Self.space().architectureCount == 36)
    #expect(try GridSpace(Self.grid([2, 2, 4, 3, 3, 6, 2, 6, 6])).architectureCount == 62_208)
    let error = #expect(throws: SpacesError.self) { try GridSpace(Self.grid([Int](repeating: 65_536, count: 4))) }
    #expect(error?.code == "spaces.definition")
  }

  @Test func everyArchitectureOnce() throws {
    let space = try Self.space()
    let all = (0..<space.architectureCount).map(space.architecture(at:))
    #expect(Set(all).count == 36)
    #expect(Set(all.map(space.canonicalText)).count == 36)
    #expect(space.canonicalText(all[0]) == "lr=0.0005,Act=tanh,bias=true,one=-3")
    #expect(space.canonicalText(all[35]) == "lr=1,Act=x|y,bias=null,one=-3")
    for architecture in all {
      #expect(space.contains(architecture))
      #expect(try space.parse(space.canonicalText(architecture)) == architecture)
      #expect(try space.decode(space.encode(architecture)) == architecture)
    }
    #expect(!space.contains(GridArchitecture(choices: [4, 0, 0, 0])))
    #expect(!space.contains(GridArchitecture(choices: [0, 0, 0])))
    #expect(space.values(of: all[35]) == [.integer(1), .string("x|y"), .null, .integer(-3)])
  }

  @Test func neighborsOfOrdinalsAreAdjacent() throws {
    let space = try Self.space()
    let first = space.neighbors(of: try space.parse("lr=0.0005,act=tanh,bias=true,one=-3")).map(space.canonicalText)
    #expect(
      first == [
        "lr=0.001,Act=tanh,bias=true,one=-3", "lr=0.0005,Act=ReLU,bias=true,one=-3",
        "lr=0.0005,Act=x|y,bias=true,one=-3", "lr=0.0005,Act=tanh,bias=false,one=-3",
        "lr=0.0005,Act=tanh,bias=null,one=-3",
      ])
    #expect(space.neighbors(of: try space.parse("lr=0.001,act=tanh,bias=true,one=-3")).count == 6)
  }

  @Test func otherSpellingsOfTheSame() throws {
    let space = try Self.space()
    let expected = "lr=5e-05,Act=ReLU,bias=false,one=-3"
    for text in [
      expected, "act=RELU,one=-3,LR=0.00005,bias=False", " lr=5E-5,Act=relu,bias=false,one=-3.0\n",
    ] {
      #expect(space.canonicalText(try space.parse(text)) == expected)
    }
  }

  @Test(arguments: [
    "", "lr", "lr=0.0005", "lr=0.0005,Act=tanh,bias=true", "lr=0.0005,Act=tanh,bias=true,one=-3,",
    "lr=0.0005,Act=tanh,bias=true,one=-3,one=-3", "lr=0.0005,Act=tanh,bias=true,two=-3",
    "lr=nan,Act=tanh,bias=true,one=-3",
    "lr=0.0006,Act=tanh,bias=true,one=-3", "lr=0.0005,Act=tanh,bias=1,one=-3", "lr =0.0005,Act=tanh,bias=true,one=-3",
    "lr=0.0005=,Act=tanh,bias=true,one=-3", "lr=,Act=tanh,bias=true,one=-3", "lr=0.0005;Act=tanh,bias=true,one=-3",
  ])
  func textsThatAreNoArchitectures(text: String) throws {
    let space = try Self.space()
    let error = #expect(throws: SpacesError.self) { try space.parse(text) }
    #expect(error?.code == "spaces.text")
  }

  @Test func scaledEncoding() throws {
    let space = try Self.space()
    let architecture = try space.parse("lr=0.001,Act=ReLU,bias=true,one=-3")
    #expect(space.scaledEncoding(of: architecture) == [1.0 / 3, 0, 1, 0, 1, 0, 0, 0])
  }

  @Test func definitionsThatAreNoGrids() throws {
    func parameter(_ name: String, _ values: [JSONValue]) -> GridDefinition.Parameter {
      .init(name: name, kind: .categorical, values: values)
    }
    let two: [JSONValue] = [.integer(1), .integer(2)]
    let cases: [(String, [GridDefinition.Parameter])] = [
      ("", [parameter("a", two)]), ("Upper", [parameter("a", two)]), ("a b", [parameter("a", two)]),
      (String(repeating: "a", count: 65), [parameter("a", two)]), ("x", []), ("x", [parameter("a", [])]),
      ("x", [parameter("a", two), parameter("A", two)]), ("x", [parameter("", two)]), ("x", [parameter("a=", two)]),
      ("x", [parameter("a,b", two)]), ("x", [parameter("ä", two)]), ("x", [parameter("a", [.integer(1)])]),
      ("x", [parameter("a", [.string("u"), .string("U")])]), ("x", [parameter("a", [.integer(1), .string("1")])]),
      ("x", [parameter("a", [.string(""), .string("b")])]), ("x", [parameter("a", [.string("b c"), .string("b")])]),
      ("x", [parameter("a", [.string("b,c"), .string("b")])]), ("x", [parameter("a", [.string("\""), .string("b")])]),
      ("x", [parameter("a", [.array([]), .string("b")])]), ("x", [parameter("a", [.object([:]), .string("b")])]),
      ("x", (0..<257).map { parameter("a\($0)", two) }),
    ]
    for (name, parameters) in cases {
      let error = #expect(throws: SpacesError.self) {
        try GridSpace(GridDefinition(name: name, parameters: parameters))
      }
      #expect(error?.code == "spaces.definition", "\(name): \(parameters.prefix(2))")
    }
  }
}
