import Foundation
import Records
import Testing

/// What is written as lines of the interchange is read back as the same entries.
@Suite struct InterchangeWritingTests {
  @Test func linesAreReadBackAsTheSameEntries() throws {
    let folder = try ScratchFolder()
    var random = RandomRecords(seed: 9)
    let settings = JSONValue.object(["epochs": .integer(3), "rate": .number(0.1)])
    var entries: [JournalEntry] = [
      .source(
        SourceCard(
          name: "s", title: "S", version: "1", origin: "o", files: [.init(name: "f", sha256: Digest256(of: "f"))],
          license: "MIT", citation: "c", notes: ["n"], knownDefects: ["k"], madeUp: ["m"])),
      .space(try #require(SpaceCard(definition: .object(["name": .string("x"), "kind": .string("opaque")])))),
      .metric(MetricCard(name: "m", unit: "1", largerIsBetter: false, meaning: "a cost")),
      .dataset(
        DatasetCard(
          name: "d", digest: Digest256(of: "d"), title: "D", task: "t", about: "q", source: "s", license: nil,
          citation: "c", input: .eventSequences(length: 4, categorical: ["k"], numeric: ["n"]),
          targets: [
            DatasetTarget(kind: "class", classNames: ["a"], classCounts: [.test: [3]]),
            DatasetTarget(name: "price", kind: "number"),
          ], splitMeaning: "m", primaryMetric: Metric("m"), knownDefects: ["b"])),
      .trainingProtocol(try ProtocolCard(name: "p", settings: settings)),
      .trainingProtocol(
        try ProtocolCard(
          name: "q", settings: settings,
          fidelity: FidelityAxis(name: "data_fraction", unit: "fraction", levels: [0.1, 0.5, 1]))),
    ]
    entries += (0..<300).map { _ in .run(random.next()) }
    for split in Split.allCases.map(Optional.some) + [nil] {
      for value in [0.1, -0.0, .infinity, .nan, .leastNonzeroMagnitude] {
        entries.append(
          .measurement(
            ArchitectureMeasurement(
              space: "x", architecture: "a", quantity: quantity(split), value: value,
              costSeconds: split == .test ? nil : 0.25)))
      }
    }
    let path = folder.file("lines.ndjson")
    try Data(entries.map { try $0.interchangeLine() + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: path))
    var reader = try InterchangeReader(path: path, protocols: [:])
    for entry in entries {
      guard case .entry(let read)? = try reader.next() else {
        Issue.record("line \(reader.line) was not read: \(try entry.interchangeLine())")
        continue
      }
      #expect(try CanonicalJSON.text(read) == CanonicalJSON.text(entry))
    }
    #expect(try reader.next() == nil)
  }

  private func quantity(_ split: Split?) -> Quantity {
    Quantity(
      name: "q", unit: "u", device: split == .train ? "board" : nil,
      conditions: split == .validation ? ["batch": "1"] : [:], dataset: "d", split: split,
      protocolDigest: split == nil ? nil : Digest256(of: "p"), source: split == .test ? "s" : nil)
  }

  @Test func aMeasurementHasOneProtocol() throws {
    let folder = try ScratchFolder()
    let path = folder.file("lines.ndjson")
    let line =
      #"{"measurement":{"space":"s","architecture":"a","quantity":"q","unit":"u","value":1,"protocol":"p","#
      + #""protocolDigest":"\#(Digest256(of: "p"))"}}"#
    try Data(line.utf8).write(to: URL(fileURLWithPath: path))
    var reader = try InterchangeReader(path: path, protocols: ["p": Digest256(of: "p")])
    guard case .bad(let reason)? = try reader.next() else {
      Issue.record("the line was read")
      return
    }
    #expect(reason.contains("either protocol or protocolDigest"))
  }
}
