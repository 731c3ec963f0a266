import Foundation
import Records
import Testing

@Suite struct InterchangeReaderTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Lines, counted from 1, with what stands in them.
  func read(
    _ bytes: some Sequence<UInt8>, protocols: [String: Digest256] = [:]
  ) throws -> [(line: Int, entry: JournalEntry?, reason: String?)] {
    let path = folder.file("lines.ndjson")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    var reader = try InterchangeReader(path: path, protocols: protocols)
    var found: [(Int, JournalEntry?, String?)] = []
    while let item = try reader.next() {
      switch item {
      case .entry(let entry): found.append((reader.line, entry, nil))
      case .bad(let reason): found.append((reader.line, nil, reason))
      case .follows: found.append((reader.line, nil, "follows"))
      }
    }
    return found
  }

  func read(_ text: String, protocols: [String: Digest256] = [:]) throws -> [(
    line: Int, entry: JournalEntry?, reason: String?
  )] {
    try read(Array(text.utf8), protocols: protocols)
  }

  static let protocolLine = #"{"protocol":{"name":"p200","settings":{"epochs":200,"rate":0.1}}}"#
  static let runLine =
    #"{"run":{"key":{"space":"nasbench201","architecture":"nats:6111","dataset":"cifar10","protocol":"p200","seed":777},"#
    + #""source":"s","origin":{"kind":"random"},"status":"completed","curves":[{"metric":"accuracy_percent","split":"validation","#
    + #""values":[85.1,"nan","-inf"],"at":[1,100,200]}],"counts":{"parameters":123},"costs":{"total":"#
    + #"{"evaluation_seconds":1.5},"perEpoch":{"train_seconds":[1.5,2.5]}},"attributes":{"firing_rates":[0.05]}}}"#
  static let measurementLine =
    #"{"measurement":{"space":"nasbench201","architecture":"nats:6111","source":"s","quantity":"latency","unit":"millisecond","#
    + #""device":"raspi4","conditions":{"batch":"1"},"dataset":"cifar10","protocol":"p200","value":6.1,"costSeconds":0.48}}"#

  static func protocolDigest() throws -> Digest256 {
    try CanonicalJSON.digest(JSONValue.object(["epochs": .integer(200), "rate": .number(0.1)]))
  }

  @Test func everyKindOfLineIsRead() throws {
    let lines = [
      #"{"source":{"name":"s","title":"S","version":"1","origin":"o","files":[{"name":"f","sha256":"\#(Digest256(of: "f"))"}],"#
        + #""license":"MIT","citation":"c","notes":["n"],"knownDefects":["k"],"madeUp":["m"]}}"#,
      #"{"space":{"name":"fcnet","kind":"grid","parameters":[{"name":"lr","kind":"ordinal","values":[0.0005,0.001]}]}}"#,
      #"{"metric":{"name":"accuracy_percent","unit":"percent","largerIsBetter":true,"meaning":"share"}}"#,
      #"{"dataset":{"name":"cifar10","title":"CIFAR-10","task":"t","source":"s","citation":"c","splitMeaning":"m","primaryMetric":"accuracy_percent"}}"#,
      Self.protocolLine, Self.runLine, Self.measurementLine,
    ]
    let found = try read(lines.joined(separator: "\n"))
    #expect(found.map(\.reason) == Array(repeating: nil, count: 7))
    #expect(found.map(\.line) == Array(1...7))
    let digest = try Self.protocolDigest()
    let grid: JSONValue = .object([
      "name": .string("fcnet"), "kind": .string("grid"),
      "parameters": .array([
        .object([
          "name": .string("lr"), "kind": .string("ordinal"), "values": .array([.number(0.0005), .number(0.001)]),
        ])
      ]),
    ])
    var run = RunRecord(
      key: RunKey(
        space: "nasbench201", architecture: "nats:6111", dataset: "cifar10", datasetDigest: nil, protocolDigest: digest,
        seed: 777),
      origin: .random, curves: [], counts: Counts(parameters: 123),
      costs: Costs(total: ["evaluation_seconds": 1.5], perEpoch: ["train_seconds": [1.5, 2.5]]), source: "s",
      attributes: ["firing_rates": .array([.number(0.05)])])
    let expected: [JournalEntry] = [
      .source(
        SourceCard(
          name: "s", title: "S", version: "1", origin: "o", files: [.init(name: "f", sha256: Digest256(of: "f"))],
          license: "MIT", citation: "c", notes: ["n"], knownDefects: ["k"], madeUp: ["m"])),
      .space(try #require(SpaceCard(definition: grid))),
      .metric(MetricCard(name: "accuracy_percent", unit: "percent", largerIsBetter: true, meaning: "share")),
      .dataset(
        DatasetCard(
          name: "cifar10", digest: nil, title: "CIFAR-10", task: "t", source: "s", license: nil, citation: "c",
          splitMeaning: "m", primaryMetric: .accuracyPercent, knownDefects: [])),
      .trainingProtocol(
        try ProtocolCard(name: "p200", settings: .object(["epochs": .integer(200), "rate": .number(0.1)]))),
    ]
    #expect(found.prefix(5).map(\.entry) == expected)
    guard case .run(var record)? = found[5].entry else {
      Issue.record("line 6 is a run")
      return
    }
    #expect(record.curves[0].values.map(\.bitPattern) == [85.1, .nan, -.infinity].map(\.bitPattern))
    #expect(record.curves[0].at == [1, 100, 200])
    record.curves = []
    run.curves = []
    #expect(record == run)
    let quantity = Quantity(
      name: "latency", unit: "millisecond", device: "raspi4", conditions: ["batch": "1"], dataset: "cifar10",
      protocolDigest: digest, source: "s")
    #expect(
      found[6].entry
        == .measurement(
          ArchitectureMeasurement(
            space: "nasbench201", architecture: "nats:6111", quantity: quantity, value: 6.1, costSeconds: 0.48)))
  }

  @Test func seedsAreNumbersOrSayWhatTheyAre() throws {
    for (json, seed) in [
      ("0", .recorded(0)), ("18446744073709551615", .recorded(.max)), (#"{"unnamed":2}"#, .unnamed(2)),
      (#"{"meanOf":0}"#, .mean(of: 0)),
    ] as [(String, Seed)] {
      let line = Self.runLine.replacingOccurrences(of: #""seed":777"#, with: #""seed":\#(json)"#)
      guard case .run(let record)? = try read(Self.protocolLine + "\n" + line).last?.entry else {
        Issue.record("\(json) was not read")
        continue
      }
      #expect(record.key.seed == seed)
    }
  }

  @Test func protocolsAreKnownByNameFromTheirCardOn() throws {
    let early = try read([Self.runLine, Self.protocolLine, Self.runLine].joined(separator: "\n"))
    #expect(early[0].reason == #"no protocol "p200" came before this line; no protocol is known"#)
    #expect(early[1].reason == nil && early[2].reason == nil)
    let given = Digest256(of: "given")
    guard case .run(let record)? = try read(Self.runLine, protocols: ["p200": given, "q": given]).first?.entry else {
      Issue.record("a known name was not found")
      return
    }
    #expect(record.key.protocolDigest == given)
    #expect(try read(Self.measurementLine, protocols: ["q": given])[0].reason?.hasSuffix("known: q") == true)
    let byDigest = Self.runLine.replacingOccurrences(
      of: #""protocol":"p200""#, with: #""protocolDigest":"\#(given)""#)
    guard case .run(let other)? = try read(byDigest).first?.entry else {
      Issue.record("a digest was not taken")
      return
    }
    #expect(other.key.protocolDigest == given)
  }

  /// Changes of a good line, each of which makes a bad one, with a part of what is said.
  static let mistakes: [(of: String, with: String, saying: String)] = [
    (#""status":"#, #""stauts":"#, #"run: the key "stauts" is unknown"#),
    (#""seed":777"#, #""seed":777,"sed":1"#, #"run.key: the key "sed" is unknown"#),
    (#""at":[1"#, #""epochs":[1"#, #"run.curves[0]: the key "epochs" is unknown"#),
    (#""parameters":123"#, #""Parameters":123"#, #"run: the count "Parameters" is no name"#),
    (#""total":"#, #""totals":"#, #"run.costs: the key "totals" is unknown"#),
    (#""evaluation_seconds":"#, #""evaluation seconds":"#, #"run: the cost "evaluation seconds" is no name"#),
    (#""evaluation_seconds":"#, #""train_seconds":"#, "run: train_seconds has a total and a list per epoch"),
    (#"[1.5,2.5]}"#, #"[1.5,2.5],"energy_joules":[1]}"#, "run: lists of costs per epoch have 1 and 2 numbers"),
    (#"{"kind":"random"}"#, #"{"kind":"random","name":"x"}"#, #"run.origin: the key "name" is unknown"#),
    (#""kind":"random""#, #""kind":"chance""#, "run.origin.kind: "),
    (#""split":"validation""#, #""split":"valid""#, "run.curves[0].split: "),
    (#""status":"completed""#, #""status":"done""#, "run.status: "),
    (#""status":"completed""#, #""status":null"#, "run: status is null; leave out unknown values"),
    (#""metric":"accuracy_percent","#, "", #"run.curves[0]: the key "metric" is missing"#),
    (#""seed":777"#, #""seed":-1"#, "run.key.seed: "),
    (#""seed":777"#, #""seed":{"unnamed":1,"x":2}"#, "run.key.seed: "),
    (#""seed":777"#, #""seed":{}"#, "run.key.seed: a seed is a number"),
    (#","seed":777"#, "", #"run.key: the key "seed" is missing"#),
    (#","protocol":"p200""#, "", "run.key: a key must have either protocol or protocolDigest"),
    (#""protocol":"p200""#, #""protocolDigest":"beef""#, "run.key.protocolDigest: beef is not a SHA-256 digest"),
    (#"85.1"#, #""a""#, "run.curves[0].values[0]: "), (#""nan""#, #""NaN""#, "run.curves[0].values[1]: "),
    (#""nan""#, "NaN", #"the line is not JSON: it has NaN; write "nan" as text"#),
    (#""nan""#, "nan", #"it has nan; write "nan" as text"#),
    (#""-inf""#, "-Infinity", #"it has -Infinity; write "-inf" as text"#),
    (#""nan""#, "Infinity", #"it has Infinity; write "inf" as text"#),
    (#""seed":777"#, #""seed":777,"seed":888"#, #"an object has the key "seed" twice; write it once"#),
    (#""seed":777"#, #""seed":777,"s\u0065ed":888"#, #"an object has the key "seed" twice"#),
    (#""firing_rates":[0.05]"#, #""a":[{"b":1,"c":[1],"b":2}]"#, #"an object has the key "b" twice"#),
    (#""firing_rates":[0.05]"#, #""é":1,"e\u0301":2"#, "twice; write it once"),
    (#""nan""#, "null", "run.curves[0].values[1]: "), ("85.1", "1e999", "the line is not JSON"),
    (#"{"run":"#, #"{"runs":"#, #""runs" is unknown; allowed: one of source"#),
    (#"{"run":"#, #"{"run":1,"measurement":"#, "a line must have exactly one of the keys"),
    (#""attributes":{"firing_rates":[0.05]}}}"#, #""attributes":{"firing_rates":[0.05]}}"#, "the line is not JSON"),
  ]

  @Test(arguments: mistakes.indices) func aMistakeIsToldWithItsPlace(index: Int) throws {
    let mistake = Self.mistakes[index]
    let line = Self.runLine.replacingOccurrences(of: mistake.of, with: mistake.with)
    try #require(line != Self.runLine)
    let found = try read([Self.protocolLine, Self.runLine, line, Self.runLine].joined(separator: "\n"))
    #expect(found.map { $0.reason == nil } == [true, true, false, true])
    let reason = try #require(found[2].reason)
    #expect(found[2].line == 3 && reason.contains(mistake.saying), "\(reason)")
  }

  @Test func unknownMembersOfCardsAndMeasurementsAreRefused() throws {
    for (line, saying) in [
      (
        #"{"source":{"name":"s","title":"S","origin":"o","licnece":"MIT","citation":"c"}}"#,
        #"source: the key "licnece""#
      ),
      (
        #"{"source":{"name":"s","title":"S","origin":"o","citation":"c","files":[{"name":"f","sha256":"\#(Digest256(of: ""))","size":1}]}}"#,
        #"source.files[0]: the key "size""#
      ),
      (
        #"{"metric":{"name":"m","unit":"1","largerIsBetter":true,"meaning":"x","best":1}}"#,
        #"metric: the key "best""#
      ),
      (
        #"{"dataset":{"name":"d","title":"D","task":"t","source":"s","citation":"c","splitMeaning":"m","primaryMetric":"loss","rows":5}}"#,
        #"dataset: the key "rows""#
      ),
      (#"{"protocol":{"name":"p","settings":{},"digest":"x"}}"#, #"protocol: the key "digest""#),
      (#"{"space":{"name":"x"}}"#, "space: a space needs the texts name and kind"),
      (
        Self.measurementLine.replacingOccurrences(of: #""device""#, with: #""devise""#),
        #"measurement: the key "devise""#
      ),
      (
        Self.measurementLine.replacingOccurrences(of: #","unit":"millisecond""#, with: ""),
        #"measurement: the key "unit" is missing"#
      ),
      ("[]", "an object is expected"), ("5", "an object is expected"), (#""run""#, "an object is expected"),
      ("{}", "a line must have exactly one"),
    ] {
      let found = try read(line)
      #expect(found.count == 1 && found[0].reason?.contains(saying) == true, "\(found[0].reason ?? "taken")")
    }
  }

  @Test func linesAreCountedAcrossEmptyOnesAndEndings() throws {
    let text = "\r\n\n  \t\n" + Self.protocolLine + "\r\n\r\n" + Self.runLine + "\r\nnot JSON"
    let found = try read(text)
    #expect(found.map(\.line) == [4, 6, 7])
    #expect(found.map { $0.reason == nil } == [true, true, false])
    #expect(try read("").isEmpty && read("\n\n").isEmpty)
    #expect(try read(Array(Self.protocolLine.utf8) + [0x0a, 0xff, 0xfe, 0x0a])[1].reason == "the line is not JSON")
  }

  @Test func linesThatCrossPiecesOfTheFileAreWhole() throws {
    let long =
      #"{"metric":{"name":"m","unit":"1","largerIsBetter":true,"meaning":"\#(String(repeating: "x", count: 700_000))"}}"#
    let found = try read(Array(repeating: long, count: 5).joined(separator: "\n"))
    #expect(found.count == 5 && found.allSatisfy { $0.reason == nil })
    #expect(Set(found.compactMap(\.entry)).count == 1)
  }

  @Test func aTooLongLineIsPassedOver() throws {
    let text =
      [UInt8](repeating: UInt8(ascii: " "), count: (64 << 20) + (3 << 20)) + [0x0a] + Array(Self.protocolLine.utf8)
    let found = try read(text)
    #expect(found.map(\.line) == [1, 2])
    #expect(found[0].reason == "the line is longer than 67108864 bytes")
    #expect(found[1].reason == nil)
  }

  @Test func deepNestingIsARefusalAndNoCrash() throws {
    for open in ["[", #"{"a":"#] {
      let line = #"{"protocol":{"name":"p","settings":"# + String(repeating: open, count: 100_000)
      #expect(try read(line)[0].reason != nil)
    }
  }

  @Test func noiseIsBadLinesAndNeverATrap() throws {
    var generator = SeededGenerator(seed: 6)
    let good = [Self.protocolLine, Self.runLine, Self.measurementLine].map { Array($0.utf8) }
    var lines: [UInt8] = []
    for index in 0..<4_000 {
      var line = good[index % 3]
      for _ in 0...generator.integer(below: 3) {
        let place = generator.integer(below: line.count)
        switch generator.integer(below: 4) {
        case 0: line[place] = UInt8(truncatingIfNeeded: generator.next())
        case 1: line.remove(at: place)
        case 2: line.removeSubrange(place...)
        default: line.insert(contentsOf: line[place...].prefix(9), at: generator.integer(below: line.count))
        }
        if line.isEmpty { line = [UInt8(ascii: "{")] }
      }
      lines += line.filter { $0 != 0x0a } + [0x0a]
    }
    let found = try read(lines, protocols: ["p200": Digest256(of: "p")])
    #expect(found.count { $0.reason != nil } > 3_000)
    #expect(found.allSatisfy { ($0.entry == nil) != ($0.reason == nil) && $0.reason != "" })
  }

  @Test func membersAreDoubledWithinOneObjectOnly() throws {
    let many = (0..<100).map { #""m\#($0)":{"m\#($0)":\#($0)}"# }.joined(separator: ",")
    func line(_ attributes: String) -> String {
      Self.runLine.replacingOccurrences(of: #""firing_rates":[0.05]"#, with: attributes)
    }
    let texts = #""a":"a\",\"a","b":[{"a":1},{"a":2}],"c":{"a":{"a":["a","a"]}}"#
    for good in [many, texts] {
      let found = try read(Self.protocolLine + "\n" + line(good))
      #expect(found[1].reason == nil, "\(found[1].reason ?? "")")
    }
    for (bad, name) in [(many + #","m73":0"#, "m73"), (texts + #","a":1"#, "a")] {
      #expect(try read(Self.protocolLine + "\n" + line(bad))[1].reason?.contains("\"\(name)\" twice") == true)
    }
  }

  @Test func linesThatNeedABadLineFollowIt() throws {
    let other = Self.runLine.replacingOccurrences(of: "p200", with: "p300")
    for bad in [
      #"{"protocol":{"name":"p200","settings":{},"digest":"x"}}"#, #"{"protocol":{"name":"p200","settings":{"#,
      #"{"protocol":{"name":"p200"}}"#,
    ] {
      let found = try read([bad, Self.runLine, other, Self.measurementLine].joined(separator: "\n"))
      #expect(found[0].reason != nil && found[0].reason != "follows" && found[1].reason == "follows")
      #expect(found[2].reason?.contains("p300") == true)
    }
    let space = #"{"space":{"kind":"grid","title":"no name first","name":"nasbench201","parameters":7,"kind":"grid"}}"#
    let found = try read([space, Self.protocolLine, Self.runLine].joined(separator: "\n"))
    #expect(found.map(\.reason)[1...] == [nil, "follows"])
  }
}
