import Foundation
import Records
import Spaces
import TestSupport
import Testing

@Suite struct PointSpaceTests {
  /// The ranges of LCBench, and a listed parameter of each kind.
  private static let line = """
    {"name":"points","kind":"grid","parameters":[
     {"name":"lr","kind":"real","range":{"minimum":0.0001,"maximum":0.1,"scale":"log"}},
     {"name":"Dropout","kind":"real","range":{"minimum":0,"maximum":1}},
     {"name":"width","kind":"integer","range":{"minimum":64,"maximum":1024,"scale":"log"}},
     {"name":"layers","kind":"integer","range":{"minimum":1,"maximum":4}},
     {"name":"batch","kind":"ordinal","values":[16,32,64]},
     {"name":"act","kind":"categorical","values":["relu","Tanh"]}]}
    """
  private static let text = "lr=0.001,Dropout=0.25,width=96,layers=2,batch=32,act=Tanh"

  private static func definition(_ line: String = line) throws -> SpaceDefinition {
    try CanonicalJSON.decode(SpaceDefinition.self, from: Data(line.utf8))
  }

  private static func space() throws -> any TextualSpace { try definition().makeSpace() }

  private static func numbers(of text: String, _ space: any TextualSpace) throws -> [Double] {
    try ["lr", "Dropout", "width", "layers"].map { name in
      guard case .number(let number)? = try space.value(of: .parameter(name), in: text) else { return .nan }
      return number
    }
  }

  @Test func theCardIsReadBack() throws {
    let definition = try Self.definition()
    #expect(try Self.definition(CanonicalJSON.text(definition)) == definition)
    let space = try definition.makeSpace()
    #expect(space.kind == "grid" && space.architectureCount == nil && space.encodings == ["scaled"])
  }

  @Test func textsAreCanonical() throws {
    let space = try Self.space()
    #expect(try space.canonicalText(of: Self.text) == Self.text)
    let other = " LR=1e-3,act=tanh,dropout=+.25e0,BATCH=32.0,layers=2.0,width=96\n"
    #expect(try space.canonicalText(of: other) == Self.text)
    for (given, allowed) in [
      ("lr=0.2", ["0.0001 to 0.1"]), ("lr=nan", ["0.0001 to 0.1"]), ("lr=0x1p-9", ["0.0001 to 0.1"]),
      ("width=96.5", ["64 to 1024"]), ("batch=48", ["16", "32", "64"]),
    ] {
      let name = given.prefix { $0 != "=" }
      let text = Self.text.split(separator: ",").map { $0.hasPrefix(name + "=") ? given : String($0) }
      let error = #expect(throws: SpacesError.self) { try space.canonicalText(of: text.joined(separator: ",")) }
      guard case .text(let section, _, _, allowed, _)? = error, section == name else {
        Issue.record("\(given): \(String(describing: error))")
        continue
      }
    }
  }

  @Test func numbersAreScaledByTheirRange() throws {
    let space = try Self.space()
    let encoded = try space.encode(Self.text, as: "scaled")
    #expect(encoded.count == 7)
    #expect(abs(encoded[0] - 1.0 / 3) < 1e-12 && encoded[1] == 0.25 && abs(encoded[2] - log2(1.5) / 4) < 1e-12)
    #expect(abs(encoded[3] - 1.0 / 3) < 1e-12 && encoded[4...] == [0.5, 0, 1])
    let ends = try space.encode("lr=0.1,dropout=0,width=64,layers=4,batch=16,act=relu", as: "scaled")
    #expect(ends == [1, 0, 0, 1, 0, 1, 0])
    #expect(throws: SpacesError.unknownEncoding(space: "points", name: "one-hot", known: ["scaled"])) {
      try space.encode(Self.text, as: "one-hot")
    }
  }

  /// Draws of a logarithmic range are as often below its geometric mean as above; whole numbers are all drawn.
  @Test func drawsCoverTheRanges() throws {
    let space = try Self.space()
    var generator = SeededGenerator(seed: 5)
    let texts = try (0..<2_000).map { _ in try space.sample(using: &generator) }
    let drawn = try texts.map { try Self.numbers(of: $0, space) }
    #expect(try texts.allSatisfy { try space.canonicalText(of: $0) == $0 })
    #expect(abs(drawn.count { $0[0] < 0.00316 } - 1_000) < 100)
    #expect(abs(drawn.count { $0[1] < 0.5 } - 1_000) < 100)
    #expect(abs(drawn.count { $0[2] < 256 } - 1_000) < 100)
    #expect((1...4).allSatisfy { layers in abs(drawn.count { $0[3] == Double(layers) } - 500) < 80 })
    #expect(texts.allSatisfy { $0.utf8.count < 75 }, "six digits a number")
    var again = SeededGenerator(seed: 5)
    #expect(try space.sample(using: &again) == texts[0])
  }

  @Test func stepsAndMutantsStayInTheRanges() throws {
    let space = try Self.space()
    #expect(
      try space.neighbors(of: "lr=0.0001,dropout=0.5,width=1024,layers=1,batch=16,act=relu") == [
        "lr=0.000141254,Dropout=0.5,width=1024,layers=1,batch=16,act=relu",
        "lr=0.0001,Dropout=0.45,width=1024,layers=1,batch=16,act=relu",
        "lr=0.0001,Dropout=0.55,width=1024,layers=1,batch=16,act=relu",
        "lr=0.0001,Dropout=0.5,width=891,layers=1,batch=16,act=relu",
        "lr=0.0001,Dropout=0.5,width=1024,layers=2,batch=16,act=relu",
        "lr=0.0001,Dropout=0.5,width=1024,layers=1,batch=32,act=relu",
        "lr=0.0001,Dropout=0.5,width=1024,layers=1,batch=16,act=Tanh",
      ])
    var generator = SeededGenerator(seed: 2)
    var text = Self.text
    var changed: Set<Int> = []
    for _ in 0..<500 {
      let mutant = try space.mutate(text, using: &generator)
      let (before, after) = (text.split(separator: ","), mutant.split(separator: ","))
      let places = before.indices.filter { before[$0] != after[$0] }
      #expect(places.count == 1)
      changed.formUnion(places)
      let (old, new) = (try space.encode(text, as: "scaled"), try space.encode(mutant, as: "scaled"))
      #expect(zip(old, new).prefix(3).allSatisfy { abs($0 - $1) < 0.201 })
      text = mutant
    }
    #expect(changed.count == 6)
  }

  @Test func childrenHaveValuesOfTheirParents() throws {
    let space = try Self.space()
    var generator = SeededGenerator(seed: 3)
    let parents = [Self.text, try space.sample(using: &generator)]
    for _ in 0..<50 {
      let child = try space.crossOver(parents[0], parents[1], using: &generator).split(separator: ",")
      for (place, field) in child.enumerated() {
        #expect(parents.contains { $0.split(separator: ",")[place] == field })
      }
    }
  }

  @Test func configurationsBothWays() throws {
    let space = try Self.space()
    var generator = SeededGenerator(seed: 4)
    let samples = try (0..<100).map { _ in try space.sample(using: &generator) }
    let points = try #require(space as? PointSpace)
    #expect(configurationViolations(points, samples: samples, draws: 200, seed: 1) == [])
  }

  /// Listed values close; numbers of a range stay open.
  @Test func restrictions() throws {
    let space = try Self.space()
    let restricted = try RestrictedSpace(space, SpaceRestriction(without: ["act=relu", "batch=32"]))
    #expect(restricted.architectureCount == nil)
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<100 {
      let text = try restricted.mutate(try restricted.sample(using: &generator), using: &generator)
      #expect(text.hasSuffix(",act=Tanh") && !text.contains("batch=32"))
    }
    #expect(throws: RestrictionError.self) { try RestrictedSpace(space, SpaceRestriction(without: ["lr"])) }
    let integers = try Self.definition(
      """
      {"name":"integers","kind":"grid","parameters":[
       {"name":"width","kind":"integer","range":{"minimum":1,"maximum":1000000}},
       {"name":"act","kind":"categorical","values":["relu","tanh","gelu"]}]}
      """
    ).makeSpace()
    #expect(integers.architectureCount == 3_000_000)
    #expect(
      try RestrictedSpace(integers, SpaceRestriction(without: ["act=gelu"])).architectureCount == 2_000_000)
  }

  @Test(arguments: [
    #""kind":"real","values":[1]"#, #""kind":"ordinal","range":{"minimum":0,"maximum":1}"#,
    #""kind":"real","values":[1],"range":{"minimum":0,"maximum":1}"#,
    #""kind":"real","range":{"minimum":1,"maximum":1}"#,
    #""kind":"real","range":{"minimum":0,"maximum":1,"scale":"log"}"#,
    #""kind":"real","range":{"minimum":1}"#, #""kind":"real","range":{"minimum":1,"maximum":2,"log":true}"#,
    #""kind":"ordinal","values":[1,2],"scale":"log""#, #""kind":"integer","range":{"minimum":0.5,"maximum":2}"#,
    #""kind":"integer","range":{"minimum":0,"maximum":1e17}"#,
  ])
  func definitionsAreChecked(_ members: String) throws {
    let line = #"{"name":"points","kind":"grid","parameters":[{"name":"lr",\#(members)}]}"#
    let error = #expect(throws: SpacesError.self) { try Self.definition(line) }
    #expect(error?.code == "spaces.definition")
  }

  /// Ranges so narrow that six digits could not tell their numbers apart.
  @Test func narrowRanges() throws {
    let range = try #require(ParameterRange(minimum: 1_000_000, maximum: 1_000_001))
    var generator = SeededGenerator(seed: 7)
    let drawn = (0..<100).map { _ in range.draw(using: &generator) }
    #expect(Set(drawn).count > 90 && drawn.allSatisfy(range.contains))
  }
}
