import Benchmarks
import Foundation
import Oracles
import Records
import Store
import Testing

/// What comes over the socket is, bit for bit, what the benchmark says in process.
@Suite struct AnswerTests {
  private let study = StudyAtlas.shared

  @Test func valuesAnswersAndCurves() async throws {
    let study = study
    try await RunningServer.with([study.path]) { server in
      for (index, entry) in try study.entries().prefix(6).enumerated() {
        let split = ["train", "validation", "test"][index % 3]
        let epoch = ["best", "last", "3", "best-so-far:4"][index % 4]
        let query = "architecture=\(encoded(entry.canonicalText))&split=\(split)&epoch=\(epoch)&metric=accuracy"
        let lookup = try study.benchmark.lookup(
          Question(metric: .accuracy, split: try #require(Split(rawValue: split)), epoch: EpochChoice(epoch)))
        let value = try await server.wire.send("GET", "/v1/atlases/study/value?\(query)")
        #expect(value.status == 200)
        let number = try #require(try value.json()["value"] as? Double)
        #expect(try number.bitPattern == lookup.value(ofArchitecture: entry.row)?.bitPattern)
        let answer = try await server.wire.send("GET", "/v1/atlases/study/answer?\(query)")
        #expect(answer.text == (try CanonicalJSON.text(lookup.answer(entry))) + "\n")
        let curve = try await server.wire.send(
          "GET", "/v1/atlases/study/curve?architecture=\(entry.id)&split=\(split)&metric=accuracy&seed=2")
        let own = try study.benchmark.lookup(
          Question(metric: .accuracy, split: lookup.split, seeds: .one(.recorded(2))))
        #expect(curve.text == (try CanonicalJSON.text(own.curves(entry))) + "\n")
      }
    }
  }

  @Test func batchesInEveryForm() async throws {
    let study = study
    try await RunningServer.with([study.path]) { server in
      let entries = try study.entries()
      let lookup = try study.benchmark.lookup(Question(split: .test))
      let values = try entries.map { try #require(try lookup.value(ofArchitecture: $0.row)) }
      let keys = entries.enumerated().map { index, entry in
        ["\"\(entry.canonicalText)\"", "\"\(entry.id)\"", "\(entry.row - 1)"][index % 3]
      }
      let body =
        "{\"architectures\": [\(keys.joined(separator: ", ")), \"00000000\", \"\(String(repeating: "0", count: 32))\"]}"
      let target = "/v1/atlases/study/values?split=test"
      let reply = try await server.wire.post(target, body)
      let found = try #require(try reply.json()["values"] as? [Any])
      #expect(found.count == values.count + 2 && found.suffix(2).allSatisfy { $0 is NSNull })
      #expect(found.prefix(values.count).map { ($0 as? Double)?.bitPattern } == values.map(\.bitPattern))

      let lines = try await server.wire.post(target, body, headers: ["Accept": "application/x-ndjson"])
      #expect(lines.headers["content-type"] == "application/x-ndjson")
      let told = try lines.text.split(separator: "\n").map { line in
        try (plain(JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))) as? [String: Any])?["value"] as? Double
      }
      #expect(told == values + [nil, nil])

      var places: [UInt8] = []
      for entry in entries { withUnsafeBytes(of: UInt32(entry.row - 1).littleEndian) { places += $0 } }
      let binary = try await server.wire.send(
        "POST", target, headers: ["Content-Type": "application/vnd.nasatlas.batch"], body: places)
      let numbers = binary.body.withUnsafeBytes { bytes in
        (0..<bytes.count / 8).map { Double(bitPattern: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)) }
      }
      #expect(numbers.map(\.bitPattern) == values.map(\.bitPattern))
    }
  }

  @Test func batchesByTextAreThoseByPlace() async throws {
    try await RunningServer.with([StudyAtlas.cells]) { server in
      let target = "/v1/atlases/nasbench201/values?dataset=cifar100"
      let entries = try Benchmark(path: StudyAtlas.cells).atlas.architectures(rows: 1..<5_001)
      let places = entries.map { "\($0.row - 1)" }
      // A bar is U+007C; a writer of JSON may spell any letter by its number.
      let texts = entries.enumerated().map { index, entry in
        "\"" + (index % 7 == 0 ? entry.canonicalText.replacing("|", with: "\\u007c") : entry.canonicalText) + "\""
      }
      let byPlace = try await server.wire.post(target, "{\"architectures\":[\(places.joined(separator: ","))]}")
      let byText = try await server.wire.post(target, "{\"architectures\":[\(texts.joined(separator: ","))]}")
      #expect(byPlace.status == 200 && byText.text == byPlace.text && !byText.text.contains("null"))

      // Two spellings of one text, a member spelled by numbers, and what no space can read.
      let lines = try await server.wire.post(
        target, "{\"\\u0061rchitectures\":[\(texts[0]), \(texts[1])]}", headers: ["Accept": "application/x-ndjson"])
      let told = lines.text.split(separator: "\n").map { $0.split(separator: "\"")[3] }
      #expect(told == entries.prefix(2).map { $0.canonicalText[...] })
      let strange = try await server.wire.post(target, "{\"architectures\":[\"|né~0|\"]}")
      #expect(try strange.json()["code"] as? String == "benchmarks.unreadable_architecture")
    }
  }

  @Test func rankingsFrontsAndNeighbors() async throws {
    try await RunningServer.with([StudyAtlas.shared.path, StudyAtlas.cells]) { server in
      let cells = try Benchmark(path: StudyAtlas.cells)
      let lookup = try cells.lookup(Question(dataset: "cifar100"))
      let top = try await server.wire.send("GET", "/v1/atlases/nasbench201/top?dataset=cifar100&count=7")
      #expect(top.text == (try CanonicalJSON.text(cells.top(7, lookup))) + "\n")
      let best = try cells.top(1, lookup).places[0].architecture
      let near = try await server.wire.send(
        "GET", "/v1/atlases/nasbench201/neighbors?dataset=cifar100&architecture=\(encoded(best.canonicalText))")
      #expect(near.text == (try CanonicalJSON.text(cells.neighbors(ofText: best.canonicalText, lookup))) + "\n")

      let study = StudyAtlas.shared.benchmark
      let setting = try study.setting(Question())
      let filter = "accuracy.validation > 0.6 and seed = 1"
      let filtered = try await server.wire.send(
        "GET", "/v1/atlases/study/top?split=test&where=\(encoded(filter))&show=epochs&show=parameters")
      let expected = try study.top(
        10, study.lookup(Question(split: .test)), where: study.filter(filter, for: setting),
        fields: [FilterField(parsing: "epochs"), FilterField(parsing: "parameters")])
      #expect(filtered.text == (try CanonicalJSON.text(expected)) + "\n")
      #expect(!expected.places.isEmpty)
      let objectives = ["accuracy.validation", "loss.train:max"]
      let front = try await server.wire.send(
        "GET", "/v1/atlases/study/pareto?" + objectives.map { "objective=\(encoded($0))" }.joined(separator: "&"))
      let own = try study.paretoFront(objectives.map { try study.objective($0, in: setting) }, in: setting)
      #expect(front.text == (try CanonicalJSON.text(own)) + "\n")
      let by = try await server.wire.send("GET", "/v1/atlases/study/top?by=\(encoded("roc_auc.test:min"))&count=3")
      let ranked = try study.top(3, by: FilterField(parsing: "roc_auc.test"), .minimise, in: setting)
      #expect(by.text == (try CanonicalJSON.text(ranked)) + "\n")
    }
  }

  /// Places name architectures wherever texts and ids do.
  @Test func onePlaceIsOneArchitecture() async throws {
    let study = StudyAtlas.shared
    try await RunningServer.with([study.path]) { server in
      let entry = try study.entries()[7]
      for route in ["value", "answer", "curve", "neighbors"] {
        let byPlace = try await server.wire.send("GET", "/v1/atlases/study/\(route)?place=7")
        let byText = try await server.wire.send(
          "GET", "/v1/atlases/study/\(route)?architecture=\(encoded(entry.canonicalText))")
        #expect(byPlace.status == 200 && byPlace.text == byText.text, "\(route): \(byPlace.text)")
      }
      let other = try await server.wire.send("GET", "/v1/atlases/study/value?place=7&space=nasbench201")
      #expect(try other.json()["code"] as? String == "benchmarks.unknown_space")
      let wrong = try await server.wire.post("/v1/atlases/study/values", "{\"architectures\":[3,30]}")
      let detail = try #require(try wrong.json()["detail"] as? String)
      #expect(wrong.status == 404 && detail.contains("30 (architectures[1])") && detail.contains("0 to 29"))
    }
  }

  @Test func equalValuesStandInTheOrderOfPlaces() async throws {
    try await RunningServer.with([StudyAtlas.cells]) { server in
      let reply = try await server.wire.send("GET", "/v1/atlases/nasbench201/top?dataset=cifar100&count=400")
      let top = try reply.decoded(Ranking.self).places
      let rows = try top.map { try #require(try Benchmark(path: StudyAtlas.cells).atlas.row(of: $0.architecture.id)) }
      let ties = zip(zip(top, top.dropFirst()), zip(rows, rows.dropFirst())).filter { $0.0.0.value == $0.0.1.value }
      #expect(!ties.isEmpty && ties.allSatisfy { $0.1.0 < $0.1.1 })
    }
  }

  @Test func everyArchitectureOnceByPages() async throws {
    let study = study
    try await RunningServer.with([study.path]) { server in
      var found: [String] = []
      var page = ""
      repeat {
        let reply = try await server.wire.send("GET", "/v1/atlases/study/architectures?limit=7\(page)")
        let json = try reply.json()
        found += (json["architectures"] as? [[String: Any]] ?? []).compactMap { $0["canonicalText"] as? String }
        page = (json["nextPage"] as? String).map { "&page=\(encoded($0))" } ?? ""
      } while !page.isEmpty
      #expect(found == (try study.entries().map(\.canonicalText)))

      let sample = "/v1/atlases/study/sample?count=5&seed=3"
      let drawn = try await server.wire.send("GET", sample)
      let again = try await server.wire.send("GET", sample)
      #expect(drawn.text == again.text)
      let texts = (try drawn.json()["architectures"] as? [[String: Any]] ?? []).compactMap {
        $0["canonicalText"] as? String
      }
      #expect(texts.count == 5 && Set(texts).isSubset(of: found))

      let entry = try study.entries()[4]
      let one = try await server.wire.send(
        "GET", "/v1/atlases/study/architectures/\(encoded(entry.canonicalText))")
      #expect((try one.json()["architecture"] as? [String: Any])?["id"] as? String == entry.id.hex)
    }
  }
}
