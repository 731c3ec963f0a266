import Benchmarks
import Foundation
import Records
import Store
import Testing

/// What is known beside metrics comes over the socket as the benchmark has it, and cards say how it was measured.
@Suite struct FieldTests {
  @Test func namedFields() async throws {
    let cells = try Benchmark(path: StudyAtlas.cells)
    try await RunningServer.with([StudyAtlas.cells]) { server in
      let fields = ["train_seconds", "accuracy_percent.validation", "epochs"]
      let query = fields.map { "&field=\(encoded($0))" }.joined()
      let text = try #require(try cells.atlas.architecture(row: 12)).canonicalText
      let reply = try await server.wire.post(
        "/v1/atlases/nasbench201/fields?dataset=cifar10\(query)", "{\"architectures\":[3,\"\(text)\",\"00000000\"]}")
      let setting = try cells.setting(Question(dataset: "cifar10"))
      let table = try cells.table(of: fields.map { try FilterField(parsing: $0) }, rows: [4, 12, nil], in: setting)
      #expect(reply.status == 200)
      #expect(try reply.decoded(FieldTable.self) == table)
      #expect(table.values[0].allSatisfy { $0 != nil } && table.values[2].allSatisfy { $0 == nil })
      #expect(table.fields[0].unit == "second")
      #expect(try table.values[0][1] == cells.lookup(Question(dataset: "cifar10")).value(ofArchitecture: 4))
    }
  }

  @Test func quantitiesWithTheirConditionsAndSources() async throws {
    let cells = try Benchmark(path: StudyAtlas.cells)
    let sources = Set(cells.atlas.sourceCards.map(\.name))
    try await RunningServer.with([StudyAtlas.cells]) { server in
      let card = try await server.wire.send("GET", "/v1/atlases/nasbench201").json()
      let told = try #require(card["quantities"] as? [[String: Any]])
      #expect(told.count == cells.atlas.quantities.count && !told.isEmpty)
      for (number, (own, measured)) in zip(told, cells.atlas.quantities).enumerated() {
        #expect(own["conditions"] as? [String: String] == measured.quantity.conditions)
        #expect(own["protocolDigest"] as? String == measured.quantity.protocolDigest?.hex)
        #expect(sources.contains(try #require(own["source"] as? String)))
        let reply = try await server.wire.send("GET", "/v1/atlases/nasbench201/quantities/\(number)")
        let json = try reply.json()
        let places = try #require(json["places"] as? [Int])
        let values = try #require(json["values"] as? [Any]).map { $0 as? Double ?? ($0 as? Int).map(Double.init) }
        #expect(places.count == measured.count && values.count == measured.count)
        for index in stride(from: 0, to: places.count, by: 997) {
          #expect(try values[index] == measured.value(ofArchitecture: places[index] + 1))
        }
      }
    }
  }

  @Test func spacesAsConfigurations() async throws {
    try await RunningServer.with([StudyAtlas.shared.path, StudyAtlas.cells]) { server in
      let plain = try await server.wire.send("GET", "/v1/atlases/nasbench201/spaces/nasbench201/configspace").json()
      #expect((plain["hyperparameters"] as? [Any])?.count == 6 && (plain["conditions"] as? [Any])?.isEmpty == true)
      #expect(
        (plain["meta"] as? [String: Any])?["architecture"] as? String
          == "|{edge_0_1}~0|+|{edge_0_2}~0|{edge_1_2}~1|+|{edge_0_3}~0|{edge_1_3}~1|{edge_2_3}~2|")
      let reply = try await server.wire.send("GET", "/v1/atlases/study/spaces/seqnas/configspace")
      #expect(reply.status == 200)
      let told = try reply.json()
      let conditions = try #require(told["conditions"] as? [[String: Any]])
      let depth = try #require(conditions.first { $0["child"] as? String == "encoder_depth" })
      #expect(depth["type"] as? String == "IN" && depth["parent"] as? String == "encoder")
      #expect(depth["values"] as? [String] == ["on"])
      let words = try #require((told["meta"] as? [String: Any])?["words"] as? [String: [String: String]])
      #expect(words["encoder_depth"]?["2"] == "{encoder_1_operations},{encoder_2_operations}")
      let none = try await server.wire.send("GET", "/v1/atlases/study/spaces/nasbench201/configspace")
      #expect(try none.json()["code"] as? String == "benchmarks.unknown_space")
    }
  }
}
