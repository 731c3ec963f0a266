import Foundation
import Records
import Spaces
import Testing

@Suite struct SeqNASReleaseTests {
  @Test func readsTheFixture() throws {
    for entry in try ArchitectureFixture.load().architectures {
      let record = try SeqNASRelease(json: CanonicalJSON.encode(entry.release))
      #expect(record.architecture.canonicalText == entry.text)
      #expect(record.score == 0.5)
    }
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    let key: String, value: JSONValue?, error: SeqNASReleaseError
    var testDescription: String { "\(key) \(error.code)" }
  }

  static let kernels = "[1, 0, 0, 0] or [0, 1, 0, 0] or [0, 0, 1, 0] or [0, 0, 0, 1]"

  @Test(arguments: [
    Damage(key: "encoder", value: nil, error: .value(key: "encoder", found: "nothing", allowed: "0, 1")),
    Damage(key: "encoder", value: .integer(2), error: .value(key: "encoder", found: "2", allowed: "0, 1")),
    Damage(
      key: "encoder", value: .integer(0),
      error: .value(
        key: "encoder.layer.layers", found: "an unknown or inactive key", allowed: "the active choices")),
    Damage(
      key: "decoder", value: .bool(true), error: .value(key: "decoder", found: "something else", allowed: "0, 1")),
    Damage(
      key: "stem.linear_prep.1", value: nil,
      error: .value(key: "stem.linear_prep.1", found: "nothing", allowed: "an array of 0 and 1")),
    Damage(
      key: "stem.linear_prep.1", value: .array([.integer(1), .integer(1), .integer(0), .integer(0)]),
      error: .value(key: "stem.linear_prep.1", found: "[1, 1, 0, 0]", allowed: kernels)),
    Damage(
      key: "stem.linear_prep.1", value: .array([.integer(1), .number(0.5)]),
      error: .value(key: "stem.linear_prep.1", found: "something else", allowed: "an array of 0 and 1")),
    Damage(
      key: "unheard.of", value: .integer(1),
      error: .value(key: "unheard.of", found: "an unknown or inactive key", allowed: "the active choices")),
    Damage(key: "head.layers.1", value: .integer(0), error: .vector(slot: 118, stated: 1, derived: 0)),
  ])
  func namesTheKeyAndWhatIsAllowed(_ damage: Damage) throws {
    // One encoder layer, no decoder, spatial dropout on.
    let text = "stem:k1/time:on/encoder:att2/decoder:off/head:avg+spatial"
    let slots = try Architecture(canonicalText: text).architectureVector.map { JSONValue.integer(Int64($0)) }
    func unary(_ value: Int, _ count: Int) -> JSONValue { .array((0..<count).map { .integer($0 < value ? 1 : 0) }) }
    var arch: [String: JSONValue] = [
      "stem.linear_prep.1": unary(1, 4), "stem.linear_prep.2": .integer(0), "position_encoding": .integer(1),
      "encoder": .integer(1), "encoder.layer.layers": unary(1, 4), "encoder.layer.layers.ops.0": unary(1, 7),
      "encoder.layer.layers.ops.0.ops.0.split_layer.layers.0.heads": unary(2, 8), "decoder": .integer(0),
      "head.layers.1": .integer(1), "head.layers.2": unary(1, 3),
    ]
    func record() throws -> Data {
      try CanonicalJSON.encode(
        JSONValue.object(["arch": .object(arch), "score": .number(0.75), "arch_code": .array(slots)]))
    }
    #expect(try SeqNASRelease(json: record()).architecture.canonicalText == text)
    arch[damage.key] = damage.value
    #expect(throws: damage.error) { try SeqNASRelease(json: record()) }
  }

  @Test func checksScoreVectorAndUnknownKeys() throws {
    let entry = try #require(ArchitectureFixture.load().architectures.first)
    guard case .object(let record) = entry.release else {
      Issue.record("the fixture holds no record")
      return
    }
    func refusal(_ key: String, _ value: JSONValue?) throws -> SeqNASReleaseError? {
      var damaged = record
      damaged[key] = value
      let bytes = try CanonicalJSON.encode(JSONValue.object(damaged))
      return #expect(throws: SeqNASReleaseError.self) { try SeqNASRelease(json: bytes) }
    }
    let noScore = SeqNASReleaseError.value(key: "score", found: "no number", allowed: "a finite number")
    #expect(try refusal("score", nil) == noScore)
    #expect(try refusal("score", .string("high")) == noScore)
    let noVector = SeqNASReleaseError.value(key: "arch_code", found: "nothing", allowed: "an array of 0 and 1")
    #expect(try refusal("arch_code", nil) == noVector)
    #expect(try refusal("arch_code", .array([])) == .vector(slot: 0, stated: nil, derived: 0))
    #expect(
      try refusal("extra", .null)
        == .value(key: "extra", found: "an unknown key", allowed: "arch, score, arch_code"))
  }

  @Test func refusesWhatIsNoRecord() {
    let noArch = SeqNASReleaseError.value(key: "arch", found: "no object", allowed: "an object")
    #expect(throws: noArch) { try SeqNASRelease(json: Data("{}".utf8)) }
    for text in ["", "[]", "{\"arch\":", "\u{0}", "{\"arch\":\(String(repeating: "[", count: 9_000))"] {
      let bytes = Data(text.utf8)
      #expect(
        throws: SeqNASReleaseError.value(key: "record", found: "\(bytes.count) bytes", allowed: "one JSON object")
      ) {
        try SeqNASRelease(json: bytes)
      }
    }
    #expect(throws: SeqNASReleaseError.size(found: 65_537, maximum: 65_536)) {
      try SeqNASRelease(json: Data(count: 65_537))
    }
  }

  @Test func readsFileNames() throws {
    let digest = Digest256(of: "an architecture")
    let name = try SeqNASRelease.FileName("epoch_5_arch_FlexibleTransformer_1234_params_\(digest).json")
    #expect(name.epochs == 5)
    #expect(name.supernetParameters == 1_234)
    #expect(name.digest == digest)
    for broken in [
      "", "epoch_5.json", "epoch_0_arch_FlexibleTransformer_1_params_\(digest).json",
      "epoch_5_arch_FlexibleTransformer_1_params_\(digest)", "epoch_5_arch_Other_1_params_\(digest).json",
      "epoch_5_arch_FlexibleTransformer_x_params_\(digest).json", "epoch_5_arch_FlexibleTransformer_1_params_ab.json",
    ] {
      #expect(throws: SeqNASReleaseError.fileName(found: broken)) { try SeqNASRelease.FileName(broken) }
    }
  }
}

/// The whole published benchmark, where a copy of it is beside the project.
@Suite struct ReleasedBenchmarkTests {
  static let zip: URL = {
    let shared = ProcessInfo.processInfo.environment["NASATLAS_SHARED"].map { URL(fileURLWithPath: $0) }
    let package = ArchitectureFixture.testFolder.deletingLastPathComponent().deletingLastPathComponent()
    return (shared ?? package.deletingLastPathComponent().appendingPathComponent("shared"))
      .appendingPathComponent("data/benchmarks/seqnas/nas-bench-event-sequences.zip")
  }()

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: zip.path),
      "needs data/benchmarks/seqnas/nas-bench-event-sequences.zip in ../shared or $NASATLAS_SHARED"))
  func allReleasedFilesAreReproduced() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let unpack = Process()
    unpack.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    unpack.arguments = ["python3", "-m", "zipfile", "-e", Self.zip.path, folder.path]
    try unpack.run()
    unpack.waitUntilExit()
    try #require(unpack.terminationStatus == 0)

    var read: [String: Int] = [:]
    var ids: [String: Set<ArchitectureID>] = [:]
    for configuration in ReleasedConfiguration.all {
      for source in ["seqnas", "random_sampling"] {
        let place = "\(source)/\(configuration.name)"
        let directory = folder.appendingPathComponent("dataset/\(place)")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        for file in files where file.hasSuffix(".json") {
          let name = try SeqNASRelease.FileName(file)
          // Reading derives the vector and compares it with the stated one, slot by slot.
          let record = try SeqNASRelease(json: Data(contentsOf: directory.appendingPathComponent(file)))
          let architecture = record.architecture
          let space = EventSequenceSpace(for: configuration.dimensions)
          let counts = try EventSequenceCounts.counts(architecture, configuration.dimensions)
          guard counts.supernetParameters == name.supernetParameters,
            counts.parameters ?? .max < name.supernetParameters, counts.flops ?? 0 > 0,
            (0...1).contains(record.score),
            try space.decode(architecture.architectureVector) == architecture,
            try Architecture(packedVector: architecture.packedVector) == architecture,
            try space.parse(architecture.canonicalText) == architecture
          else {
            Issue.record("\(place)/\(file) is not reproduced")
            continue
          }
          read[place, default: 0] += 1
          ids[place, default: []].insert(space.id(of: architecture))
        }
      }
    }
    #expect(
      read == [
        "seqnas/ABank": 400, "seqnas/AGE": 397, "seqnas/Amex": 400, "seqnas/RBchurn": 400, "seqnas/TaoBao": 397,
        "seqnas/VBank": 400, "random_sampling/ABank": 400, "random_sampling/RBchurn": 400,
      ])
    #expect(read.values.reduce(0, +) == 3_194)
    #expect(ids.mapValues(\.count) == read)
  }
}
