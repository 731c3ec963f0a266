import Foundation
import Records
import Store
import Testing

/// The files in `schemas/` say what the code does.
@Suite struct SchemaTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("schemas")

  @Test func theSQLFileIsTheSchemaOfAnAtlas() throws {
    let text = try String(contentsOf: Self.folder.appendingPathComponent("atlas.sql"), encoding: .utf8)
    #expect(text == AtlasSchema.sql, "write AtlasSchema.sql to schemas/atlas.sql")
    let workshop = try Workshop()
    var maker = SyntheticRuns(seed: 1)
    try workshop.atlas("a", maker.runs(2))
    let actual = try Atlas(path: workshop.file("a")).schemaStatements()
    #expect(Set(actual) == Set(AtlasSchema.tables + AtlasSchema.indexes))
    #expect(actual.count == AtlasSchema.tables.count + AtlasSchema.indexes.count)
  }

  @Test func everyKeyOfAnEntryIsInTheJSONSchema() throws {
    let bytes = try Data(contentsOf: Self.folder.appendingPathComponent("run-record.schema.json"))
    let schema = try CanonicalJSON.decode(JSONValue.self, from: bytes)
    var maker = SyntheticRuns(seed: 2)
    var entries = try maker.runs(60).map(JournalEntry.run)
    entries += [.dataset(SyntheticRuns.datasetCard()), .trainingProtocol(try SyntheticRuns.protocolCard())]
    var seen: Set<String> = []
    for entry in entries {
      let value = try CanonicalJSON.decode(JSONValue.self, from: CanonicalJSON.encode(entry))
      guard case .object(let object) = value, case .array(let kinds)? = schema["oneOf"] else {
        Issue.record("not an object")
        return
      }
      let fitting = kinds.filter { $0["required"] == .array(object.keys.map(JSONValue.string)) }
      let kind = try #require(fitting.first)
      check(value, kind, root: schema, path: "", &seen)
    }
    // Nothing in the schema that no entry has.
    for (name, definition) in schema["$defs"]?.members ?? [:] {
      for key in definition["properties"]?.members.keys ?? [:].keys {
        #expect(seen.contains(key), "\(name).\(key) is in no record")
      }
    }
  }

  private func check(
    _ value: JSONValue, _ schema: JSONValue, root: JSONValue, path: String, _ seen: inout Set<String>
  ) {
    if case .string(let reference)? = schema["$ref"] {
      let name = String(reference.dropFirst("#/$defs/".count))
      guard let definition = root["$defs"]?[name] else {
        Issue.record("\(reference) is not defined")
        return
      }
      return check(value, definition, root: root, path: path, &seen)
    }
    switch value {
    case .object(let members):
      guard let properties = schema["properties"] else { return }
      for (key, member) in members {
        seen.insert(key)
        guard let property = properties[key] else {
          Issue.record("\(path)/\(key) is not in the schema")
          continue
        }
        check(member, property, root: root, path: "\(path)/\(key)", &seen)
      }
      if case .array(let required)? = schema["required"] {
        for case .string(let key) in required { #expect(members[key] != nil, "\(path)/\(key) is required") }
      }
    case .array(let items):
      guard let item = schema["items"] else { return }
      for value in items { check(value, item, root: root, path: "\(path)[]", &seen) }
    default: return
    }
  }
}

extension JSONValue {
  fileprivate subscript(key: String) -> JSONValue? { members[key] }

  fileprivate var members: [String: JSONValue] {
    if case .object(let members) = self { members } else { [:] }
  }
}
