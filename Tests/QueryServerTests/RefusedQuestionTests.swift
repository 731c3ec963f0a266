import Benchmarks
import Foundation
import Records
import Store
import Testing

/// Questions that nothing answers are refused with what exists; places and bare integers mean the same as elsewhere.
@Suite struct RefusedQuestionTests {
  private let study = StudyAtlas.shared

  @Test func whatExistsNowhere() async throws {
    try await RunningServer.with([study.path]) { server in
      let get: [(String, String, String)] = [
        ("top?epoch=99", "benchmarks.unknown_epoch", "1 to 6"), ("top?seed=99", "benchmarks.unknown_seed", "1, 2"),
        ("top?where=seed%20%3D%2099", "benchmarks.no_run_passes", "seed 1, 2"),
        ("neighbors?place=0&epoch=99", "benchmarks.unknown_epoch", "1 to 6"),
        ("top?split=x-valid", "benchmarks.unknown_split", "called validation here"),
        ("top?metric=roc", "benchmarks.unknown_metric", "did you mean roc_auc?"),
        ("sample?dataset=synthetic", "benchmarks.unknown_dataset", "did you mean synthetic-events?"),
        ("pareto?objective=accuracy.validation&where=seed%20%3D%2099", "benchmarks.no_run_passes", "seed 1, 2"),
      ]
      for (target, code, listed) in get {
        let reply = try await server.wire.send("GET", "/v1/atlases/study/\(target)")
        let json = try reply.json()
        #expect(reply.status == 404 && json["code"] as? String == code, "\(target): \(reply.text)")
        #expect((json["detail"] as? String)?.contains(listed) == true, "\(target): \(reply.text)")
      }
      for query in ["epoch=99", "seed=99", "epoch=last&seed=99"] {
        for (path, body) in [
          ("values", "{\"architectures\":[0,1]}"), ("values", "{\"architectures\":[]}"),
          ("evaluate", "{\"architectures\":[0,1],\"predictions\":[1,2]}"),
        ] {
          let reply = try await server.wire.post("/v1/atlases/study/\(path)?\(query)", body)
          let code = try reply.json()["code"] as? String
          #expect(reply.status == 404 && code?.hasPrefix("benchmarks.unknown_") == true, "\(query): \(reply.text)")
        }
      }
      let mixed = try await server.wire.send(
        "GET", "/v1/atlases/study/top?where=\(encoded("seed = 1 or parameters < 9"))")
      #expect(try mixed.status == 422 && mixed.json()["code"] as? String == "benchmarks.filter_mixed")
    }
  }

  @Test func rankingsTellWhatIsLeftOut() async throws {
    try await RunningServer.with([study.path]) { server in
      for target in ["top?seed=1", "top?by=parameters"] {
        let reply = try await server.wire.send("GET", "/v1/atlases/study/\(target)")
        let omitted = try #require(try reply.json()["omitted"] as? [[String: Any]])
        let left = omitted.compactMap { $0["architectures"] as? Int }.reduce(0, +)
        #expect(try left + (reply.json()["candidates"] as? Int ?? 0) == study.entries().count)
      }
    }
  }

  @Test func placesAsTexts() async throws {
    try await RunningServer.with([study.path, StudyAtlas.cells]) { server in
      for route in ["value", "answer", "curve", "neighbors"] {
        let byText = try await server.wire.send("GET", "/v1/atlases/study/\(route)?architecture=place:7")
        let byPlace = try await server.wire.send("GET", "/v1/atlases/study/\(route)?place=7")
        #expect(byText.status == 200 && byText.text == byPlace.text, "\(route): \(byText.text)")
      }
      let described = try await server.wire.send("GET", "/v1/atlases/study/architectures/place:7")
      #expect(described.text.contains(try study.entries()[7].canonicalText))
      let batch = try await server.wire.post("/v1/atlases/study/values", "{\"architectures\":[\"place:7\",7]}")
      let values = try #require(try batch.json()["values"] as? [Double])
      #expect(values[0] == values[1])
      let wrong = try await server.wire.post("/v1/atlases/study/values", "{\"architectures\":[0,\"place:30\"]}")
      let detail = try #require(try wrong.json()["detail"] as? String)
      #expect(wrong.status == 404 && detail.contains("30 (architectures[1]) of study;") && detail.contains("0 to 29"))

      let cells = "/v1/atlases/nasbench201"
      for target in ["value?dataset=cifar10&architecture=6111", "architectures/6111"] {
        let bare = try await server.wire.send("GET", "\(cells)/\(target)")
        let json = try bare.json()
        #expect(bare.status == 422 && json["code"] as? String == "benchmarks.bare_integer", "\(bare.text)")
        #expect(json["allowed"] as? [String] == ["nats:6111", "place:6111"])
      }
      let text = try await server.wire.post("\(cells)/values?dataset=cifar10", "{\"architectures\":[\"6111\"]}")
      #expect(try text.status == 422 && text.json()["code"] as? String == "benchmarks.bare_integer")
      let number = try await server.wire.post("\(cells)/values?dataset=cifar10", "{\"architectures\":[6111]}")
      #expect(number.status == 200)
    }
  }
}
