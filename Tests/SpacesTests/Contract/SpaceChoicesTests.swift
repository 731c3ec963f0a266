import Records
import Spaces
import Testing

/// Configurations spell architectures that their space reads.
@Suite struct SpaceChoicesTests {
  private static func draw(_ choices: SpaceChoices, _ generator: inout SeededGenerator) -> [String: JSONValue] {
    var drawn: [String: JSONValue] = [:]
    for choice in choices.choices {
      if let condition = choice.condition {
        guard let value = drawn[condition.choice], condition.values.contains(value) else { continue }
      }
      drawn[choice.name] = generator.pick(choice.values)
    }
    return drawn
  }

  @Test func everyDrawIsReadOrSaidToBeNone() throws {
    var catalogue = SpaceCatalogue()
    try catalogue.define(SpaceCatalogueTests.definition(SpaceCatalogueTests.grid))
    var generator = SeededGenerator(seed: 3)
    for name in catalogue.names {
      let space = try catalogue.space(name)
      let choices = try #require(space.choices, "\(name)")
      #expect(Set(choices.choices.map(\.name)).count == choices.choices.count)
      var (texts, refused): (Set<String>, Int) = ([], 0)
      for _ in 0..<1_000 {
        let drawn = Self.draw(choices, &generator)
        let text = try #require(choices.text(drawn), "\(name): \(drawn)")
        let isForbidden = choices.forbidden.contains { $0.allSatisfy { drawn[$0.key] == $0.value } }
        do {
          let canonical = try space.canonicalText(of: text)
          #expect(!isForbidden, "\(name): \(text)")
          if choices.remark?.contains("canonical") != true { #expect(canonical == text) }
          texts.insert(canonical)
        } catch let error as any SpaceError {
          #expect(isForbidden || choices.invalid != nil, "\(name): \(text): \(error.message)")
          refused += 1
        }
      }
      #expect(texts.count > (name == "fcnet" ? 3 : 100) && (refused == 0 || choices.invalid != nil), "\(name)")
    }
  }

  @Test func whatIsForbiddenIsNoArchitecture() throws {
    for name in SpaceCatalogue().names {
      let space = try SpaceCatalogue().space(name)
      let choices = try #require(space.choices)
      for forbidden in choices.forbidden {
        var values = Dictionary(uniqueKeysWithValues: choices.choices.map { ($0.name, $0.values[0]) })
        values.merge(forbidden) { $1 }
        let text = try #require(choices.text(values))
        #expect(try spaceRefusal { _ = try space.canonicalText(of: text) } != nil)
      }
    }
  }

  /// A name that is not that of a choice may be a misspelled one, so the configuration is no architecture.
  @Test func unknownNamesAreRefused() throws {
    var catalogue = SpaceCatalogue()
    try catalogue.define(SpaceCatalogueTests.definition(SpaceCatalogueTests.grid))
    for name in catalogue.names {
      let choices = try #require(catalogue.space(name).choices)
      var values = Dictionary(uniqueKeysWithValues: choices.choices.map { ($0.name, $0.values[0]) })
      #expect(choices.text(values) != nil, "\(name)")
      for unknown in ["4<-0", "Op6", choices.choices[0].name.uppercased() + "_"] {
        values[unknown] = choices.choices[0].values[0]
        #expect(choices.text(values) == nil, "\(name): \(unknown)")
        values[unknown] = nil
      }
    }
  }

  /// The last architecture of each list of values, and what is missing.
  @Test func formsOfTexts() throws {
    let catalogue = SpaceCatalogue()
    let seqnas = try #require(catalogue.space("seqnas").choices)
    var values = Dictionary(uniqueKeysWithValues: seqnas.choices.compactMap { c in c.values.last.map { (c.name, $0) } })
    #expect(
      seqnas.text(values)
        == "stem:kwide+dropout/time:on/encoder:att8+gru+conv,att8+gru+conv,att8+gru+conv,att8+gru+conv"
        + "/decoder:self8+cross8,self8+cross8/head:mixed+spatial")
    values["encoder_4_heads"] = nil
    #expect(seqnas.text(values) == nil)
    values["encoder"] = .string("off")
    #expect(seqnas.text(values)?.contains("encoder:off/") == true)

    let cells = try #require(catalogue.space("nasbench101").choices)
    #expect(cells.choices.count == 26 && cells.choices[0].name == "edge_0_1" && cells.choices[20].name == "edge_5_6")
    let graph = try #require(catalogue.space("nas-bench-graph").choices)
    #expect(graph.choices[0].values.count == 9 && graph.forbidden.count == 1)
    #expect(try SpaceCatalogueTests.definition(SpaceCatalogueTests.opaque).makeSpace().choices == nil)
  }
}
