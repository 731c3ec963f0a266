import Foundation
import Records
import Testing

/// Published tables on the command line: several data sets, ragged seeds, means, measurements.
@Suite struct TableCommandTests {
  let tiny: TinyAtlas
  let atlas: String

  init() throws {
    tiny = try TinyAtlas()
    atlas = try tiny.atlas(TinyTables.first(), as: "first")
  }

  private struct Ranking: Decodable {
    struct Place: Decodable {
      let value: Double
      let runs: Int
      let fields: [String: Double]
    }
    let places: [Place]
  }

  @Test func aDataSetMustBeChosen() throws {
    let open = try CommandRun("top", atlas, "--json")
    #expect(open.status == 64)
    let report = try FailureReport(open)
    #expect(report.code == "benchmarks.ambiguous_dataset" && report.message.contains("blue, red"))
    let red = try CommandRun("top", atlas, "--dataset", "red", "--json").json(Ranking.self)
    #expect(red.places.map(\.value) == [92.5, 92, 10] && red.places.map(\.runs) == [1, 2, 1])
  }

  @Test func raggedSeedsAndPublishedMeansAreTold() throws {
    let red = try CommandRun("query", atlas, "-a", "nats:6111", "--dataset", "red")
    #expect(red.output.contains("92.0000 ± 1.4142 percent") && red.output.contains("777, 888"))
    #expect(red.output.contains("nats") && red.output.contains("6111") && red.output.contains("measured, tiny"))
    #expect(red.output.contains("30.0 s up to this epoch"))
    let blue = try CommandRun("query", atlas, "-a", "nats:6111", "--dataset", "blue")
    #expect(blue.output.contains("70.0000 percent, published as a mean of 3 runs"))
    let early = try CommandRun("query", atlas, "-a", "nats:6111", "--dataset", "blue", "--epoch", "1")
    #expect(early.output.contains("10.0 s up to this epoch") && early.output.contains("derived from the total"))
  }

  @Test func measurementsFilterRankAndTradeOff() throws {
    let fast = try CommandRun(
      "top", atlas, "--dataset", "red", "--where", "latency[pi] <= 5", "--show", "latency[pi]", "--json"
    ).json(Ranking.self)
    #expect(fast.places.map(\.value) == [92.5, 10])
    #expect(fast.places.map { $0.fields["latency[pi]"] } == [4.25, 1])
    let slowest = try CommandRun("top", atlas, "--dataset", "red", "--by", "latency[phone]:max", "--json")
      .json(Ranking.self)
    #expect(slowest.places.map(\.value) == [4.75, 2.125, 0.5])
    let unclear = try CommandRun("top", atlas, "--dataset", "red", "--by", "latency", "--json")
    #expect(try unclear.status == 64 && FailureReport(unclear).message.contains("latency[phone], latency[pi]"))

    struct Front: Decodable {
      struct Point: Decodable { let values: [Double] }
      struct Objective: Decodable { let direction: String }
      let front: [Point]
      let objectives: [Objective]
    }
    let front = try CommandRun(
      "pareto", atlas, "--dataset", "red", "--objective", "accuracy_percent.validation", "--objective", "latency[pi]",
      "--json"
    ).json(Front.self)
    #expect(front.objectives.map(\.direction) == ["maximise", "minimise"])
    #expect(front.front.map(\.values) == [[92.5, 4.25], [10, 1]])
    let turned = try CommandRun(
      "pareto", atlas, "--dataset", "red", "--objective", "accuracy_percent.validation:min", "--objective",
      "latency[pi]:max")
    #expect(turned.output.contains("small accuracy_percent.validation, large latency[pi]"))
    #expect(turned.lines.allSatisfy { $0.count <= 80 })
  }

  private struct FilteredRanking: Decodable {
    let places: [Ranking.Place]
    let candidates: Int
    let filter: String?
  }

  @Test func measurementsAloneAreRankedByThem() throws {
    let lines = TinyTables.first().split(separator: "\n").filter { !$0.hasPrefix(#"{"run""#) }
    let bare = try tiny.atlas(lines.joined(separator: "\n") + "\n", as: "bare")
    let ranking = try CommandRun("top", bare, "--by", "latency[pi]", "--show", "latency[phone]", "--json")
      .json(Ranking.self)
    #expect(ranking.places.map(\.value) == [1, 4.25, 9.5] && ranking.places[0].fields == ["latency[phone]": 0.5])
    let refused = try CommandRun("top", bare, "--json")
    #expect(try refused.status == 65 && FailureReport(refused).code == "benchmarks.no_runs")
    let chosen = try CommandRun(
      "top", bare, "--by", "latency[pi]", "--where", "latency[phone] > 0.5 and count(none) < 6", "--json"
    ).json(FilteredRanking.self)
    #expect(chosen.places.map(\.value) == [4.25, 9.5] && chosen.candidates == 2)
    #expect(chosen.filter == "latency[phone] > 0.5 AND count[none] < 6")
    let deep = try CommandRun("top", bare, "--by", "depth:max", "-k", "1", "--json").json(Ranking.self)
    #expect(deep.places.map(\.value) == [3])
    struct Front: Decodable {
      struct Point: Decodable { let values: [Double] }
      let dataset: String?
      let front: [Point]
    }
    let front = try CommandRun(
      "pareto", bare, "--objective", "latency[pi]", "--objective", "depth:max", "--json"
    ).json(Front.self)
    #expect(front.dataset == nil && front.front.first?.values.first == 1)
    let words = try CommandRun("pareto", bare, "--objective", "latency[pi]", "--objective", "latency[phone]")
    #expect(words.output.contains("small latency[pi], small latency[phone] of nasbench201"), "\(words.output)")
    for mistake in [["--where", "parameters > 1"], ["--where", "seed = 1"]] {
      let run = try CommandRun(["top", bare, "--by", "latency[pi]", "--json"] + mistake)
      #expect(try run.status == 64 && FailureReport(run).message.contains("latency"))
    }
    let part = try CommandRun("extract", bare, "--where", "latency[pi] < 5", "--out", tiny.path("part.atlas"))
    #expect(part.status == 0 && part.output.contains("2 of 3"), "\(part.output + part.errors)")
    let unknown = try CommandRun("top", bare, "--by", "energy", "--json")
    #expect(try unknown.status == 64 && FailureReport(unknown).message.contains("latency[phone]"))
  }

  @Test func neighborsAreToldForAnyArchitecture() throws {
    struct Neighbors: Decodable {
      let value: Double?
      let neighbors: Int
      let places: [Ranking.Place]
    }
    let known = try CommandRun("neighbors", atlas, "-a", "nats:6111", "--dataset", "red", "--json").json(
      Neighbors.self)
    #expect(known.value == 92 && known.neighbors == 24 && known.places.map(\.value) == [92.5])
    // A cell that differs from the optimum on one edge, and is not in the table.
    let absent = try CommandRun("neighbors", atlas, "-a", "digits:033132", "--dataset", "red", "--json")
      .json(Neighbors.self)
    #expect(absent.value == nil && absent.places.map(\.value) == [92])
    let text = try CommandRun("neighbors", atlas, "-a", "nats:6111", "--dataset", "red")
    #expect(text.output.contains("+0.5000") && text.output.contains("1 of 24"))
    #expect(text.lines.allSatisfy { $0.count <= 80 })
  }

  @Test func correlationsBetweenDataSetsAndEpochs() throws {
    struct Report: Decodable {
      struct Row: Decodable {
        let count: Int
        let kendallTauB: Double?
      }
      struct Setting: Decodable {
        let name: String
        let rows: [Row]
      }
      let settings: [Row]
      let epochs: [Setting]
    }
    let between = try CommandRun("stats", atlas, "--json").json(Report.self)
    #expect(between.settings.map(\.count) == [3] && between.epochs.isEmpty)
    #expect(abs(try #require(between.settings[0].kendallTauB) - 1 / 3) < 1e-12)
    let random = try CommandRun("stats", atlas, "--where", "origin = 'random'", "--json").json(Report.self)
    #expect(random.settings.map(\.count) == [1] && random.settings[0].kendallTauB == nil)
    let early = try CommandRun("stats", atlas, "--epochs", "--dataset", "blue", "--json").json(Report.self)
    #expect(early.epochs.map(\.name) == ["blue"] && early.epochs[0].rows.map(\.count) == [3, 3])
    let text = try CommandRun("stats", atlas)
    #expect(text.output.contains("tau-b") && text.lines.allSatisfy { $0.count <= 80 })
  }

  @Test func cardsAsMarkdownJSONAndCroissant() throws {
    let text = try CommandRun("cards", atlas)
    for part in ["# first", "## Source tiny", "CC0-1.0", "## Data set red", "## Protocol three", "## Metric accuracy"] {
      #expect(text.output.contains(part), "\(part) is missing")
    }
    #expect(text.lines.allSatisfy { $0.count <= 80 })
    struct Croissant: Decodable {
      struct File: Decodable {
        let sha256: String
        let contentUrl: String
      }
      struct Records: Decodable { let field: [Field] }
      struct Field: Decodable { let name: String }
      let type: String
      let conformsTo: String
      let license: String
      let citeAs: String
      let distribution: [File]
      let recordSet: [Records]
      private enum CodingKeys: String, CodingKey {
        case type = "@type"
        case conformsTo, license, citeAs, distribution, recordSet
      }
    }
    let croissant = try CommandRun("cards", atlas, "--croissant").json(Croissant.self)
    #expect(croissant.type == "sc:Dataset" && croissant.conformsTo == "http://mlcommons.org/croissant/1.0")
    #expect(croissant.license == "CC0-1.0" && croissant.citeAs == "none")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: atlas))
    #expect(croissant.distribution.map(\.sha256) == [Digest256(of: bytes).hex])
    #expect(croissant.distribution[0].contentUrl == "first.atlas")
    #expect(croissant.recordSet.count == 3)
    #expect(croissant.recordSet[1].field.map(\.name).contains("accuracy_percent.validation"))
  }

  @Test func atlasesAreComparedAndMerged() throws {
    struct Difference: Decodable {
      struct Inner: Decodable {
        struct Setting: Decodable {
          struct Tally: Decodable {
            let equal: Int
            let different: Int
            let onlyInFirst: Int
            let onlyInSecond: Int
          }
          let dataset: String
          let runs: Tally
        }
        let settings: [Setting]
      }
      let equal: Bool
      let difference: Inner
    }
    let same = try CommandRun("diff", atlas, atlas)
    #expect(same.status == 0 && same.output.hasSuffix("no difference\n"))
    let changed =
      TinyTables.first().replacingOccurrences(of: "[85.0, 86.0, 92.5]", with: "[85.0, 86.0, 92.25]")
      + TinyTables.run("nats:1", "red", "777", [1, 2, 3]) + "\n"
    let other = try tiny.atlas(changed, as: "changed")
    let run = try CommandRun("diff", atlas, other, "--json")
    #expect(run.status == 1)
    let difference = try run.json(Difference.self)
    let red = try #require(difference.difference.settings.first { $0.dataset == "red" }).runs
    #expect(!difference.equal && red.equal == 3 && red.different == 1 && red.onlyInFirst == 0 && red.onlyInSecond == 1)
    let text = try CommandRun("diff", atlas, other)
    let unbroken = text.output.replacingOccurrences(of: "\n    ", with: " ")
    #expect(unbroken.contains("accuracy_percent.validation at epoch 3: 92.5, 92.25"), "\(text.output)")
    #expect(text.lines.dropFirst(2).allSatisfy { $0.count <= 80 })

    let second = try tiny.atlas(TinyTables.second(), as: "second")
    let merged = tiny.path("both.atlas")
    #expect(try CommandRun("merge", second, atlas, "--out", merged).status == 0)
    #expect(try CommandRun("verify", merged).status == 0)
    let told = try CommandRun("diff", atlas, merged)
    #expect(told.status == 1 && told.output.contains("2 only in the second"))
    #expect(try !FileManager.default.contentsOfDirectory(atPath: tiny.folder.path).contains { $0.contains("merging") })
    // One atlas alone gives the same bytes, and so does another order.
    let again = tiny.path("again.atlas")
    #expect(try CommandRun("merge", atlas, "-o", again).status == 0)
    #expect(FileManager.default.contentsEqual(atPath: atlas, andPath: again))
    #expect(try CommandRun("merge", atlas, second, "--out", tiny.path("turned.atlas")).status == 0)
    #expect(FileManager.default.contentsEqual(atPath: merged, andPath: tiny.path("turned.atlas")))
    // Runs that contradict each other.
    let conflict = try CommandRun("merge", atlas, other, "--into", tiny.path("conflict.sqlite"))
    #expect(conflict.status == 65 && conflict.output.isEmpty && conflict.errors.contains("--prefer SOURCE"))
    let undecided = tiny.path("undecided.atlas")
    #expect(try CommandRun("merge", atlas, other, "--out", undecided).status == 65)
    #expect(!FileManager.default.fileExists(atPath: undecided))
    #expect(try CommandRun("merge", atlas, other, "--out", undecided, "--prefer", "nobody").status != 0)
    #expect(
      try CommandRun("merge", atlas, other, "--out", undecided, "--prefer", "FIRST", "--skip-conflicts").status == 64)
    for (options, part) in [
      (["--prefer", "FIRST"], "decided by --prefer FIRST"), (["--prefer", "SECOND"], "decided by --prefer SECOND"),
      (["--skip-conflicts"], "left out by --skip-conflicts"),
    ] {
      let decided = try CommandRun(["merge", atlas, other, "--out", tiny.path(options.joined() + ".atlas")] + options)
      #expect(decided.status == 0 && decided.output.contains(part), "\(decided.output)\(decided.errors)")
      #expect(!decided.output.contains("-1 new"))
      let words = decided.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains("taken out by conflicts") == (options == ["--skip-conflicts"]), "\(words)")
    }
    let first = try CommandRun("diff", atlas, tiny.path("--preferFIRST.atlas"))
    #expect(first.output.contains("1 only in the second") && !first.output.contains("92.25"))
    #expect(try CommandRun("diff", other, tiny.path("--preferSECOND.atlas")).status == 0)
    #expect(try CommandRun("merge", atlas, "--out", atlas).status == 73)
    #expect(try CommandRun("merge", atlas).status == 64)
    #expect(try CommandRun("merge", tiny.path("none.atlas"), "--out", merged).status == 66)
  }

  @Test func cardsOfOneThingThatDifferAreRefused() throws {
    let text = TinyTables.second().replacingOccurrences(of: "Made-up tables", with: "Other tables")
    let other = try tiny.atlas(text, as: "other")
    let run = try CommandRun("merge", atlas, other, "--out", tiny.path("both.atlas"))
    #expect(run.status == 65 && run.errors.contains("card at 0 of ") && run.errors.contains("source tiny"))
    let decided = try CommandRun("merge", atlas, other, "--out", tiny.path("both.atlas"), "--prefer", "SECOND")
    #expect(decided.status == 0 && decided.output.contains("conflicting cards of source tiny"))
    #expect(try CommandRun("cards", tiny.path("both.atlas")).output.contains("Other tables"))
  }

  @Test func namesWithoutCardsAreRefusedAndTheNearestIsTold() throws {
    let typo = TinyTables.first(extra: [TinyTables.run("nats:0", "rde", "1", [1, 2, 3])])
    let file = try tiny.write(typo, as: "typo.ndjson")
    let run = try CommandRun("ingest", file, "--into", tiny.path("typo.sqlite"))
    #expect(run.status == 65 && run.output.isEmpty)
    #expect(run.errors.contains(#"data set "rde"; did you mean "red"?"#), "\(run.errors)")
    let unknown = TinyTables.first().replacingOccurrences(of: #""metric":"accuracy_percent""#, with: #""metric":"nll""#)
    let metric = try CommandRun(
      "ingest", tiny.write(unknown, as: "nll.ndjson"), "--into", tiny.path("nll.sqlite"), "--json")
    #expect(try FailureReport(metric).code == "store.missing_cards")
  }

  @Test func cardsAreCorrected() throws {
    let working = tiny.path("correct.sqlite")
    #expect(try CommandRun("ingest", tiny.path("first.ndjson"), "--into", working).status == 0)
    let line = TinyTables.first().split(separator: "\n")[0].replacingOccurrences(of: "CC0-1.0", with: "CC-BY-4.0")
    let file = try tiny.write(line + "\n", as: "cards.ndjson")
    #expect(try CommandRun("ingest", file, "--into", working).status == 65)
    let run = try CommandRun("ingest", file, "--into", working, "--replace-cards")
    #expect(run.status == 0 && run.output.contains("card of source tiny"), "\(run.output)")
    #expect(try CommandRun("publish", working, tiny.path("correct.atlas")).status == 0)
    #expect(try CommandRun("cards", tiny.path("correct.atlas")).output.contains("CC-BY-4.0"))
    let manifest = try String(contentsOfFile: tiny.path("correct.atlas.manifest.json"), encoding: .utf8)
    #expect(manifest.contains(#""cardHistory":[{"#) && manifest.contains("CC0-1.0"))
  }

  @Test func badLinesAreTold() throws {
    let text = TinyTables.first(extra: ["{", TinyTables.run("nats:99999", "red", "1", [1])])
    let file = try tiny.write(text, as: "bad.ndjson")
    let count = text.split(separator: "\n").count
    let run = try CommandRun("ingest", file, "--into", tiny.path("bad.sqlite"))
    #expect(run.status == 65 && run.errors.contains("2 lines of") && run.errors.contains("store.bad_lines"))
    #expect(run.errors.contains("line \(count - 1): ") && run.errors.contains("line \(count): "))
    #expect(try CommandRun("publish", tiny.path("bad.sqlite"), tiny.path("bad.atlas")).status == 66)
    let good = try CommandRun("ingest", tiny.path("first.ndjson"), "--into", tiny.path("bad.sqlite"))
    #expect(good.status == 0 && good.output.contains("recorded    7 runs, 6 measurements"))
  }

  @Test func infoTellsSeedsMeasuresAndQuantities() throws {
    let text = try CommandRun("info", atlas)
    for part in [
      "2 for 1 architecture, 1 for 2: 777, 888", "accuracy_percent.validation", "mean-of-3", "latency (millisecond)",
      "phone, pi", "CC0-1.0",
    ] {
      #expect(text.output.contains(part), "\(part) is missing from\n\(text.output)")
    }
    #expect(text.lines.filter { !$0.hasPrefix("atlas ") }.allSatisfy { $0.count <= 80 })
  }
}
