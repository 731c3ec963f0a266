import Foundation
import Records
import Store

/// Takes every text for canonical but two: `alias of X` means X, and `unreadable` means nothing.
final class PlainReading: ArchitectureReading {
  private(set) var defined: [SpaceCard] = []

  struct Unreadable: Error, CustomStringConvertible {
    var description: String { "no architecture" }
  }

  func define(_ space: SpaceCard) throws { defined.append(space) }

  func canonicalText(space: String, of text: String) throws -> String {
    if text == "unreadable" { throw Unreadable() }
    return text.hasPrefix("alias of ") ? String(text.dropFirst(9)) : text
  }
}

/// A fresh folder, removed when released, with short ways to journals, working files and atlases in it.
final class Workshop {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
  func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: file(name))) }
  func write(_ bytes: Data, _ name: String) throws { try bytes.write(to: URL(fileURLWithPath: file(name))) }

  /// Writes a journal in one piece: the same bytes that a writer appends, without a sync for each.
  @discardableResult
  func journal(_ name: String, _ entries: [JournalEntry]) throws -> String {
    var bytes = JournalFormat.header
    for entry in entries { bytes += JournalFormat.frame(try JournalFormat.payload(entry)) }
    try write(Data(bytes), name)
    return file(name)
  }

  /// Writes entries as lines of the interchange.
  @discardableResult
  func lines(_ name: String, _ entries: [JournalEntry]) throws -> String {
    let names = Dictionary(
      entries.compactMap { entry in
        if case .trainingProtocol(let card) = entry { (card.digest, card.name) } else { nil }
      }, uniquingKeysWith: { first, _ in first })
    // Cards come before the lines that name them.
    let cards = entries.filter { if case .run = $0 { false } else if case .measurement = $0 { false } else { true } }
    let others = entries.filter { if case .run = $0 { true } else if case .measurement = $0 { true } else { false } }
    let text = try (cards + others).map { try $0.interchangeLine(protocols: names) + "\n" }.joined()
    try write(Data(text.utf8), name)
    return file(name)
  }

  /// An atlas of `runs` and `measurements` with all cards.
  @discardableResult
  func atlas(
    _ name: String, _ runs: [RunRecord], _ measurements: [ArchitectureMeasurement] = []
  ) throws -> AtlasManifest {
    let entries =
      try SyntheticRuns.cards() + runs.map(JournalEntry.run) + measurements.map(JournalEntry.measurement)
    let path = try journal(name + ".journal", entries)
    let store = try WorkingStore(path: file(name + ".working"))
    try store.ingest(files: [path], reading: PlainReading())
    return try store.publish(to: file(name), title: "Made up")
  }
}

extension JournalEntry {
  /// The line of the interchange that says the same. A measurement names its protocol by the name in `protocols`.
  func interchangeLine(protocols: [Digest256: String]) throws -> String {
    var entry = self
    var seed = Seed.recorded(0)
    if case .run(var record) = self {
      seed = record.key.seed
      record.key.seed = 0
      entry = .run(record)
    }
    guard case .object(var line) = try CanonicalJSON.decode(JSONValue.self, from: CanonicalJSON.encode(entry)) else {
      return ""
    }
    func change(_ member: String, _ body: (inout [String: JSONValue]) -> Void) {
      guard case .object(var members)? = line[member] else { return }
      body(&members)
      line[member] = .object(members)
    }
    change("protocol") { $0["digest"] = nil }
    change("measurement") { measurement in
      guard case .object(var quantity)? = measurement["quantity"] else { return }
      measurement["quantity"] = quantity.removeValue(forKey: "name")
      if case .string(let hex)? = quantity.removeValue(forKey: "protocolDigest"), let digest = Digest256(hex: hex) {
        quantity["protocol"] = .string(protocols[digest] ?? hex)
      }
      measurement.merge(quantity) { $1 }
    }
    // `JSONValue` has neither a zero below zero nor integers as large as a seed may be.
    var text = try CanonicalJSON.text(JSONValue.object(line))
    if case .measurement(let measurement) = self, measurement.value.sign == .minus {
      text = text.replacingOccurrences(of: #""value":0}"#, with: #""value":-0.0}"#)
    }
    return
      try text
      .replacingOccurrences(of: #""seed":0"#, with: #""seed":\#(CanonicalJSON.text(seed))"#)
  }
}

extension Atlas {
  /// The setting and number of the run with this key.
  func find(_ key: RunKey) throws -> (setting: Setting, run: Int)? {
    guard
      let setting = settings.first(where: {
        $0.space == key.space && $0.dataset == key.dataset && $0.datasetDigest == key.datasetDigest
          && $0.protocolDigest == key.protocolDigest
      }), let row = try row(of: key.architectureID)
    else { return nil }
    return try setting.runs(ofArchitecture: row).first { try setting.seed(ofRun: $0) == key.seed }.map { (setting, $0) }
  }

  func find(_ measurement: ArchitectureMeasurement) throws -> (value: Double?, cost: Double?)? {
    guard
      let quantity = quantities.first(where: { $0.space == measurement.space && $0.quantity == measurement.quantity }),
      let row = try row(of: ArchitectureID(space: measurement.space, canonicalText: measurement.architecture))
    else { return nil }
    return (try quantity.value(ofArchitecture: row), try quantity.costSeconds(ofArchitecture: row))
  }
}
