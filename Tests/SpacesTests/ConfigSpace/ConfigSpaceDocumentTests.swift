import Foundation
import Records
import Spaces
import Testing

@Suite struct ConfigSpaceDocumentTests {
  private static func read(_ text: String) throws -> ConfigSpaceDocument {
    try ConfigSpaceDocument(reading: CanonicalJSON.decode(JSONValue.self, from: Data(text.utf8)))
  }

  @Test func ourOwnDocumentsAreReadBack() throws {
    var catalogue = SpaceCatalogue()
    try catalogue.define(SpaceCatalogueTests.definition(SpaceCatalogueTests.grid))
    var spaces = try catalogue.names.map { try catalogue.space($0) }
    spaces += [true, false].map { EventSequenceByText(hasNumericFeatures: $0) }
    for space in spaces {
      let document = ConfigSpaceDocument(name: space.name, choices: try #require(space.choices))
      #expect(try Self.read(CanonicalJSON.text(document.json)).json == document.json, "\(space.name)")
    }
  }

  /// As ConfigSpace 1.2.2 writes it.
  @Test func documentsOfThePackage() throws {
    let document = try Self.read(
      """
      {"name": "x", "hyperparameters": [
        {"type": "uniform_int", "name": "n", "lower": 1, "upper": 3, "default_value": 2, "log": false, "meta": null},
        {"type": "constant", "name": "k", "value": 3, "meta": null},
        {"type": "categorical", "name": "op", "choices": ["a", "b"], "weights": null, "default_value": "a", "meta": null},
        {"type": "ordinal", "name": "w", "sequence": [8, 16, 32], "default_value": 8, "meta": null}],
       "conditions": [{"type": "EQ", "child": "n", "parent": "op", "value": "a"}],
       "forbiddens": [{"type": "AND", "clauses": [{"type": "EQUALS", "name": "op", "value": "b"},
         {"type": "IN", "name": "w", "values": [16, 32]}]}],
       "python_module_version": "1.2.0", "format_version": 0.4}
      """)
    let choices = document.choices
    #expect(choices.choices.map(\.name) == ["k", "op", "w", "n"] && choices.forbidden.count == 2)
    let configuration: Configuration = [
      "k": .integer(3), "op": .string("a"), "w": .integer(16), "n": .integer(2),
    ]
    let text = try choices.text(of: configuration, in: "x")
    #expect(text == "k=3,op=a,n=2,w=16" && choices.configuration(spelledBy: text) == configuration)
    let conditional = #expect(throws: ConfigSpaceError.self) { try document.gridDefinition() }
    #expect(conditional?.code == "spaces.configspace_unsupported")
  }

  @Test func grids() throws {
    let definition = try SpaceCatalogueTests.definition(SpaceCatalogueTests.grid)
    let space = try definition.makeSpace()
    let document = ConfigSpaceDocument(name: "fcnet", choices: try #require(space.choices))
    let read = try Self.read(CanonicalJSON.text(document.json)).gridDefinition()
    #expect(try SpaceDefinition.grid(read).makeSpace().choices == space.choices)
  }

  /// As ConfigSpace 1.2.2 writes it.
  @Test func ranges() throws {
    let document = try Self.read(
      """
      {"name": "lcbench", "hyperparameters": [
        {"type": "uniform_float", "name": "lr", "lower": 0.0001, "upper": 0.1, "default_value": 0.003, "log": true,
         "meta": null},
        {"type": "uniform_float", "name": "dropout", "lower": 0.0, "upper": 1.0, "default_value": 0.5, "log": false,
         "meta": null},
        {"type": "uniform_int", "name": "width", "lower": 64, "upper": 1024, "default_value": 64, "log": true,
         "meta": null}], "conditions": [], "forbiddens": [], "python_module_version": "1.2.0", "format_version": 0.4}
      """)
    #expect(document.choices.choices.allSatisfy { $0.range != nil } && document.choices.configurationCount == nil)
    #expect(try Self.read(CanonicalJSON.text(document.json)).choices == document.choices)
    let definition = try document.gridDefinition()
    let space = try SpaceDefinition.grid(definition).makeSpace()
    let configuration: Configuration = ["lr": .number(0.01), "dropout": .integer(0), "width": .integer(96)]
    #expect(try space.canonicalText(of: configuration) == "lr=0.01,dropout=0,width=96")
    let outside: Configuration = ["lr": .number(0.01), "dropout": .number(1.5), "width": .integer(96)]
    #expect(
      throws: ConfigurationError.value(space: "lcbench", choice: "dropout", found: "1.5", allowed: ["0 to 1"])
    ) { try space.canonicalText(of: outside) }
  }

  @Test(arguments: [
    (#"{"type": "normal_float", "name": "a", "mu": 0, "sigma": 1}"#, "", "a normal_float"),
    (
      #"{"type": "uniform_float", "name": "a", "lower": 0, "upper": 1}"#,
      #"{"type": "EQ", "child": "a", "parent": "a", "value": 1}"#, "a condition on the range a"
    ),
    (#"{"type": "categorical", "name": "a", "choices": [1, 2], "weights": [1, 2]}"#, "", "weighted"),
    (#"{"type": "constant", "name": "a", "value": 1}"#, #"{"type": "OR", "child": "a"}"#, "a condition OR"),
  ])
  func unsupportedDocuments(_ hyperparameter: String, _ condition: String, _ found: String) throws {
    let error = #expect(throws: ConfigSpaceError.self) {
      try Self.read(#"{"name": "x", "hyperparameters": [\#(hyperparameter)], "conditions": [\#(condition)]}"#)
    }
    #expect(error?.code == "spaces.configspace_unsupported" && error?.message.contains(" is \(found);") == true)
  }

  @Test(arguments: [
    "[]", #"{"hyperparameters": 1}"#, #"{"hyperparameters": []}"#,
    #"{"hyperparameters": [{"type": "ordinal", "name": "a", "sequence": []}]}"#,
    #"{"hyperparameters": [{"type": "constant", "name": "a{", "value": 1}]}"#,
    #"{"hyperparameters": [{"type": "uniform_float", "name": "a", "lower": 1, "upper": 0}]}"#,
    #"{"hyperparameters": [{"type": "uniform_float", "name": "a", "lower": 0, "upper": 1, "log": true}]}"#,
    #"{"hyperparameters": [{"type": "constant", "name": "a", "value": 1}], "meta": {"architecture": "{b}"}}"#,
    #"""
    {"hyperparameters": [{"type": "constant", "name": "a", "value": 1}],
     "conditions": [{"type": "EQ", "child": "a", "parent": "a", "value": 1}]}
    """#,
    #"""
    {"hyperparameters": [{"type": "constant", "name": "a", "value": 1}],
     "meta": {"architecture": "{a}", "words": {"a": {"1": "{a}"}}}}
    """#,
  ])
  func malformedDocuments(_ text: String) throws {
    let error = #expect(throws: ConfigSpaceError.self) { try Self.read(text) }
    #expect(error?.code == "spaces.configspace_malformed")
  }
}
