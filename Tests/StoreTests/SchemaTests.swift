import Foundation
import Records
import Store
import Testing

/// The files in `schemas/` say what the code does.
@Suite struct SchemaTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("schemas")

  @Test func theSQLFileIsTheSchemaOfAnAtlas() throws {
    let file = Self.folder.appendingPathComponent("atlas.sql")
    if ProcessInfo.processInfo.environment["NASATLAS_SNAPSHOTS"] == "write" {
      try Data(AtlasSchema.sql.utf8).write(to: file)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == AtlasSchema.sql, "NASATLAS_SNAPSHOTS=write writes it anew")
    let workshop = try Workshop()
    var maker = SyntheticRuns(seed: 1)
    try workshop.atlas("a", maker.runs(2))
    let actual = try Atlas(path: workshop.file("a")).schemaStatements()
    #expect(Set(actual) == Set(AtlasSchema.tables + AtlasSchema.indexes))
    #expect(actual.count == AtlasSchema.tables.count + AtlasSchema.indexes.count)
  }

  private static func schema() throws -> JSONValue {
    let bytes = try Data(contentsOf: folder.appendingPathComponent("interchange.schema.json"))
    return try CanonicalJSON.decode(JSONValue.self, from: bytes)
  }

  @Test func theJSONSchemaHasTheMembersThatTheReaderKnows() throws {
    let schema = try Self.schema()
    for (name, members) in InterchangeMembers.all {
      let definition = try #require(schema["$defs"]?[name], "\(name) is not defined")
      #expect(definition["properties"]?.members.keys.sorted() == members.sorted(), "\(name)")
      #expect(definition["additionalProperties"] == .bool(false), "\(name)")
    }
    // Every object of closed members is one that the reader knows.
    for (name, definition) in schema["$defs"]?.members ?? [:] where definition["additionalProperties"] == .bool(false) {
      #expect(InterchangeMembers.all[name] != nil, "\(name)")
    }
  }

  /// One line of each kind, with every member that there is.
  private static let fullLines = [
    #"{"source":{"name":"s","title":"S","version":"1","origin":"o","files":[{"name":"f","sha256":"\#(digest)"}],"license":"MIT","citation":"c","notes":["n"],"knownDefects":["k"],"madeUp":["m"]}}"#,
    #"{"space":{"name":"g","kind":"grid","title":"G","citation":"c","parameters":[{"name":"lr","kind":"ordinal","values":[0.1]}]}}"#,
    #"{"metric":{"name":"m","unit":"1","largerIsBetter":true,"meaning":"x","range":{"minimum":0,"maximum":1},"target":"t"}}"#,
    #"{"dataset":{"name":"d","digest":"\#(digest)","title":"D","task":"t","about":"a","source":"s","license":"l","citation":"c","input":{"kind":"table","shape":{"length":3},"features":[{"name":"x","kind":"numeric"}]},"targets":[{"name":"y","kind":"class","classNames":["a"],"classCounts":{"train":[1]}}],"splitMeaning":"m","primaryMetric":"loss","knownDefects":["k"]}}"#,
    #"{"protocol":{"name":"p","settings":{"epochs":1},"fidelity":{"name":"step","unit":"step","levels":[1,2]}}}"#,
    #"{"run":{"key":{"space":"s","architecture":"a","dataset":"d","datasetDigest":"\#(digest)","protocol":"p","seed":1},"status":"failed","statusDetail":"x","origin":{"kind":"search","arm":"tpe","step":1},"curves":[{"metric":"m","split":"valtest","values":[1,"nan"],"at":[1,5]}],"score":{"metric":"m","epoch":1,"validation":1,"test":2},"counts":{"parameters":1,"supernet_parameters":2,"flops":3},"costs":{"total":{"latency_milliseconds[batch=1]":1},"perEpoch":{"train_seconds":[1],"energy_joules":[2]}},"teachers":["\#(digest)"],"provenance":{"version":"1","commit":"c","device":{"name":"n","cpu":"c","instructionSet":"AVX2","cores":2,"memoryBytes":3,"operatingSystem":"o","blas":"b","gpu":"g","driver":"d"},"planDigest":"\#(digest)","startedAt":"t","finishedAt":"t"},"source":"s","attributes":{"x":1}}}"#,
    #"{"measurement":{"space":"s","architecture":"a","quantity":"q","unit":"1","device":"d","conditions":{"batch":"1"},"dataset":"d","protocol":"p","source":"s","value":1,"costSeconds":2}}"#,
  ]
  private static let digest = Digest256(of: "x").hex

  /// The page of the file format names the numbers that the code uses.
  @Test func theFileFormatSaysTheNumbersInUse() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: root.appendingPathComponent("docs/file-format.md"), encoding: .utf8)
    #expect(AtlasFormat.pageBytes == 8_192 && page.contains("8,192-byte pages"))
    #expect(page.contains("null for each of \(AtlasFormat.runsPerDetailBlock) runs"))
    #expect(page.contains("lists the \(AtlasFormat.topCount) best architectures"))
    #expect(AtlasFormat.workingBatchBytes == 16 << 20 && page.contains("of up to 16 MiB"))
    #expect(AtlasFormat.longestFrame == 4_194_304 && page.contains("at most 4,194,304"))
  }

  /// The reader wants exactly the members that the schema requires.
  @Test func requiredMembersAreThoseThatTheReaderMisses() throws {
    let schema = try Self.schema()
    let workshop = try Workshop()
    var seen: Set<String> = []
    for line in Self.fullLines {
      let value = try CanonicalJSON.decode(JSONValue.self, from: Data(line.utf8))
      #expect(try Self.isRead(value, workshop), "\(line)")
      let definition = try #require(schema["$defs"]?["line"])
      // What the parameters of a grid must have is for its space to say.
      for less in Self.lessOneMember(value, definition, root: schema, path: "", &seen)
      where !less.path.hasPrefix("/space/parameters/") {
        #expect(try Self.isRead(less.value, workshop) == !less.isRequired, "without \(less.path)")
      }
    }
    for name in ["/run/key/seed", "/run/curves/at", "/source/files/sha256", "/measurement/costSeconds"] {
      #expect(seen.contains(name))
    }
    #expect(seen.count > 90)
  }

  private static func isRead(_ line: JSONValue, _ workshop: Workshop) throws -> Bool {
    try workshop.write(CanonicalJSON.encode(line), "line")
    var reader = try InterchangeReader(path: workshop.file("line"), protocols: ["p": Digest256(of: "p")])
    if case .entry? = try reader.next() { return true }
    return false
  }

  private struct Less {
    let value: JSONValue
    let path: String
    let isRequired: Bool
  }

  /// `value` without one of its members, for each that its schema names.
  private static func lessOneMember(
    _ value: JSONValue, _ schema: JSONValue, root: JSONValue, path: String, _ seen: inout Set<String>
  ) -> [Less] {
    if case .string(let reference)? = schema["$ref"] {
      let name = String(reference.dropFirst("#/$defs/".count))
      guard let definition = root["$defs"]?[name] else { return [] }
      return lessOneMember(value, definition, root: root, path: path, &seen)
    }
    switch value {
    case .object(let members):
      guard let properties = schema["properties"] else { return [] }
      var required: [JSONValue] = []
      if case .array(let names)? = schema["required"] { required = names }
      return members.flatMap { name, member -> [Less] in
        let path = path + "/" + name
        guard let property = properties[name] else { return [] }
        seen.insert(path)
        var rest = members
        rest[name] = nil
        // A key has one of two, and the example has the first; a line has one member.
        let isOneOfTwo = path == "/run/key/protocol" || !path.dropFirst().contains("/")
        let isRequired = required.contains(.string(name)) || isOneOfTwo
        let within = lessOneMember(member, property, root: root, path: path, &seen).map { less in
          var changed = members
          changed[name] = less.value
          return Less(value: .object(changed), path: less.path, isRequired: less.isRequired)
        }
        return [Less(value: .object(rest), path: path, isRequired: isRequired)] + within
      }
    case .array(let items):
      guard let item = schema["items"] else { return [] }
      return items.indices.flatMap { index in
        lessOneMember(items[index], item, root: root, path: path, &seen).map { less in
          var changed = items
          changed[index] = less.value
          return Less(value: .array(changed), path: less.path, isRequired: less.isRequired)
        }
      }
    default: return []
    }
  }
}

extension JSONValue {
  fileprivate subscript(key: String) -> JSONValue? { members[key] }

  fileprivate var members: [String: JSONValue] {
    if case .object(let members) = self { members } else { [:] }
  }
}
