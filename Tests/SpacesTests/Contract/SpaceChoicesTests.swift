import Records
import Spaces
import TestSupport
import Testing

/// Configurations and architectures are each other's spelling.
@Suite struct SpaceChoicesTests {
  private static func catalogue() throws -> SpaceCatalogue {
    var catalogue = SpaceCatalogue()
    try catalogue.define(SpaceCatalogueTests.definition(SpaceCatalogueTests.grid))
    return catalogue
  }

  @Test func everySpaceWorksByConfigurations() throws {
    let catalogue = try Self.catalogue()
    for name in catalogue.names {
      let space = try catalogue.space(name)
      for seed in 1...5 as ClosedRange<UInt64> {
        var generator = SeededGenerator(seed: seed)
        let samples = try (0..<100).map { _ in try space.sample(using: &generator) }
        #expect(configurationViolations(space, samples: samples, draws: 200, seed: seed) == [], "\(name)")
      }
    }
  }

  @Test func whatIsForbiddenIsNoArchitecture() throws {
    for name in SpaceCatalogue().names {
      let space = try SpaceCatalogue().space(name)
      let choices = try #require(space.choices)
      for forbidden in choices.forbidden {
        var values = Dictionary(uniqueKeysWithValues: choices.choices.map { ($0.name, $0.values[0]) })
        values.merge(forbidden.values) { $1 }
        let error = try spaceRefusal { _ = try space.canonicalText(of: Configuration(values)) }
        #expect(error?.code == "spaces.forbidden_choices", "\(name)")
        let open = SpaceChoices(choices.choices, template: choices.template)
        let text = try open.text(of: Configuration(values), in: name)
        #expect(try spaceRefusal { _ = try space.canonicalText(of: text) } != nil, "\(name)")
      }
    }
  }

  /// The last architecture of each list of values, and what is missing.
  @Test func formsOfTexts() throws {
    let catalogue = SpaceCatalogue()
    let seqnas = try catalogue.space("seqnas")
    let choices = try #require(seqnas.choices)
    var values = Configuration()
    for choice in choices.choices { values[choice.name] = choice.values.last }
    #expect(
      try seqnas.canonicalText(of: values)
        == "stem:kwide+dropout/time:on/encoder:att8+gru+conv,att8+gru+conv,att8+gru+conv,att8+gru+conv"
        + "/decoder:self8+cross8,self8+cross8/head:mixed+spatial")
    values["encoder_4_heads"] = nil
    let missing = #expect(throws: ConfigurationError.self) { try seqnas.canonicalText(of: values) }
    #expect(missing?.message == "the seqnas configuration has no value for encoder_4_heads; allowed: 1, 2, 4, 8")
    values["encoder"] = .string("off")
    let inactive = #expect(throws: ConfigurationError.self) { try seqnas.canonicalText(of: values) }
    #expect(
      inactive?.message
        == "encoder_depth of the seqnas configuration is \"4\"; it has a value only if encoder is one of on")
    for name in values.names where name.hasPrefix("encoder_") { values[name] = nil }
    #expect(try seqnas.canonicalText(of: values).contains("encoder:off/") == true)

    let cells = try #require(catalogue.space("nasbench101").choices)
    #expect(cells.choices.count == 26 && cells.choices[0].name == "edge_0_1" && cells.choices[20].name == "edge_5_6")
    let graph = try #require(catalogue.space("nas-bench-graph").choices)
    #expect(graph.choices[0].values.count == 9 && graph.forbidden.count == 1)
  }

  @Test func errorsNameTheChoice() throws {
    let space = try Self.catalogue().space("fcnet")
    #expect(try space.canonicalText(of: ["lr": .number(0.001), "act": .string("tanh")]) == "lr=0.001,act=tanh")
    let value = #expect(throws: ConfigurationError.self) {
      try space.canonicalText(of: ["lr": .number(0.002), "act": .string("tanh")])
    }
    #expect(value?.message == "lr of the fcnet configuration is \"0.002\"; allowed: 0.0005, 0.001")
    let unknown = #expect(throws: ConfigurationError.self) {
      try space.canonicalText(of: ["lr": .number(0.001), "activ": .string("tanh")])
    }
    #expect(unknown?.message == "fcnet has no choice \"activ\"; known: lr, act")
    #expect(unknown?.remedy == "did you mean act?")

    let opaque = try SpaceCatalogueTests.definition(SpaceCatalogueTests.opaque).makeSpace()
    #expect(opaque.choices == nil)
    #expect(throws: ConfigurationError.noChoices(space: "nas-bench-nlp")) { try opaque.canonicalText(of: [:]) }
    #expect(throws: ConfigurationError.noChoices(space: "nas-bench-nlp")) { try opaque.configuration(of: "1") }
  }

  /// 8 and 8.0 are the same number; the configuration of the architecture has the space's own spelling.
  @Test func numbersHaveNoType() throws {
    let space = NATSSizeSpace()
    var configuration = Configuration()
    for stage in 1...5 { configuration["channels_\(stage)"] = .number(8) }
    let architecture = try space.architecture(of: configuration)
    #expect(space.canonicalText(architecture) == "8:8:8:8:8")
    #expect(try space.configuration(of: architecture)["channels_1"] == .integer(8))
  }

  /// Of the matrices that are one cell, the padded canonical one is its configuration.
  @Test func oneConfigurationIsCanonical() throws {
    let space = NASBench101Space()
    let configuration = try space.configuration(of: space.parse("v3:1/2:maxpool"))
    let edges = configuration.names.filter { $0.hasPrefix("edge") && configuration[$0] == .integer(1) }
    #expect(edges == ["edge_0_1", "edge_1_6"])
    #expect(configuration["op_node_1"] == .string("maxpool3x3"))
    #expect((2...5).allSatisfy { configuration["op_node_\($0)"] == .string("conv3x3-bn-relu") })
    var other = configuration
    (other["edge_0_1"], other["edge_1_6"]) = (.integer(0), .integer(0))
    (other["edge_0_4"], other["edge_4_6"], other["op_node_4"]) = (.integer(1), .integer(1), .string("maxpool3x3"))
    #expect(try space.configuration(of: space.architecture(of: other)) == configuration)
  }

  /// A choice whose words begin alike, and one whose word is empty.
  @Test func wordsThatBeginAlike() {
    let ending = SpaceChoices.Choice(
      "ending", [.string("none"), .string("six")], words: [.string("none"): "", .string("six"): "6"])
    let activation = SpaceChoices.Choice("activation", [.string("relu"), .string("relu6")])
    let choices = SpaceChoices([activation, ending], template: "{activation}{ending}")
    #expect(choices.configuration(spelledBy: "relu66") == ["activation": .string("relu6"), "ending": .string("six")])
    #expect(choices.configuration(spelledBy: "relu6") == ["activation": .string("relu"), "ending": .string("six")])
    #expect(choices.configuration(spelledBy: "relu7") == nil)
  }
}
