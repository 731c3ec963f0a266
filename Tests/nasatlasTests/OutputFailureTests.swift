import Foundation
import Testing

/// Results that cannot be written are a failure of every command; diagnostics that cannot be written never are.
@Suite struct OutputFailureTests {
  private struct Made {
    let small: SmallAtlas
    let other: SmallAtlas
    let id: String
    let commands: [[String]]

    init() throws {
      small = try SmallAtlas(architectures: 12)
      other = try SmallAtlas(architectures: 10)
      id = try small.firstID()
      let atlas = small.atlas
      let predictors = ["evaluate", "predictors", atlas, "--predictor", "ridge", "--train-size", "5", "--trials", "1"]
      commands = [
        ["info"], ["info", atlas], ["datasets"], ["datasets", "nafld-age4"], ["sample", "--count", "3"],
        ["sample", "--space", "nasbench201", "--json"], ["verify", atlas], ["query", atlas, "-a", id],
        ["top", atlas, "-k", "3"], ["top", atlas, "--json"],
        ["pareto", atlas, "--objective", "accuracy.validation", "--objective", "parameters"],
        ["curve", atlas, "-a", id], ["neighbors", atlas, "-a", id], ["cards", atlas], ["cards", atlas, "--croissant"],
        ["stats", atlas], ["diff", atlas, other.atlas], ["config", "show"], ["config", "show", "--origin"], ["doctor"],
        predictors + ["--test", "5", "--format", "csv"], predictors + ["--test", "5", "--json"],
        ["publish", small.working, small.path("again.atlas")], ["ingest", small.journal, "--into", small.working],
        ["merge", atlas, other.atlas, "--out", small.path("merged.atlas"), "--force"],
        ["fit", atlas, "--predictor", "ridge", "--folds", "2", "--force"], ["--help"], ["--version"],
        ["top", "--help"],
        ["--generate-completion-script", "bash"],
      ]
    }
  }

  @Test func resultsThatCannotBeWrittenEndWith74() throws {
    let made = try Made()
    for arguments in made.commands {
      for output in [Redirected.Channel.file("/dev/full"), .closed] {
        let run = try Redirected(arguments, output: output, folder: made.small.folder)
        #expect(run.status == 74 && !run.wasSignal, "\(arguments), \(output): \(run.status) \(run.errors)")
        #expect(run.errors.contains("records.output_failed"), "\(arguments), \(output): \(run.errors)")
      }
    }
  }

  @Test func aReaderThatHasEnoughEndsTheCommandQuietly() throws {
    let made = try Made()
    for arguments in made.commands where !["fit", "evaluate"].contains(arguments[0]) {
      let run = try Redirected(arguments, output: .brokenPipe, folder: made.small.folder)
      #expect(run.wasSignal && run.status == SIGPIPE, "\(arguments): \(run.status)")
      #expect(!run.errors.contains("error"), "\(arguments): \(run.errors)")
    }
    // Standard output by its path is standard output too.
    let export = ["export", made.small.atlas, "--out", "/dev/stdout"]
    let run = try Redirected(export, output: .brokenPipe, folder: made.small.folder)
    #expect(run.wasSignal && run.status == SIGPIPE && run.errors.isEmpty, "\(run.errors)")
  }

  @Test func diagnosticsThatCannotBeWrittenChangeNothing() throws {
    let made = try Made()
    let talking: Set = ["fit", "evaluate", "publish", "ingest", "merge", "top"]
    for arguments in made.commands where talking.contains(arguments[0]) {
      let usual = try Redirected(arguments, folder: made.small.folder)
      for errors in [Redirected.Channel.file("/dev/full"), .closed, .brokenPipe] {
        let run = try Redirected(arguments, errors: errors, folder: made.small.folder)
        #expect(run.status == usual.status && !run.wasSignal, "\(arguments), \(errors)")
      }
    }
    let failing = try Redirected(
      ["top", made.small.path("none.atlas")], errors: .brokenPipe, folder: made.small.folder)
    #expect(failing.status == 66 && !failing.wasSignal)
  }

  /// A file that is opened after standard output was closed must not take its place.
  @Test func noFileGetsTheResults() throws {
    let small = try SmallAtlas()
    let working = small.path("fresh.sqlite")
    let run = try Redirected(["ingest", small.journal, "--into", working], output: .closed, folder: small.folder)
    #expect(run.status == 74)
    #expect(!FileManager.default.fileExists(atPath: working + ".lock"))
    #expect(try CommandRun("publish", working, small.path("fresh.atlas")).status == 0)
  }
}

private let churnIsPrepared =
  (try? CommandRun("datasets", "cdnow-churn"))?.lines.contains { $0.hasPrefix("state") && $0.hasSuffix(" prepared") }
  == true

/// Training goes on when its reports cannot be written.
@Suite(.enabled(if: churnIsPrepared, "cdnow-churn is not here: run tools/setup")) struct TrainingOutputTests {
  @Test func everyRunIsRecorded() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let cases: [(Redirected.Channel, Redirected.Channel?, Int32)] = [
      (.file("/dev/full"), nil, 74), (.brokenPipe, .file("/dev/full"), SIGPIPE), (.file("/dev/null"), .brokenPipe, 0),
    ]
    for (number, (output, errors, status)) in cases.enumerated() {
      let out = folder.appendingPathComponent("\(number)").path
      let run = try Redirected(
        [
          "train", "--dataset", "cdnow-churn", "--out", out, "--epochs", "1", "--no-distillation", "--workers", "1",
          "--architecture", "stem:k3/time:on/encoder:gru/decoder:off/head:avg", "--json",
        ], output: output, errors: errors, folder: folder)
      #expect(run.status == status, "\(number): \(run.status) \(run.errors)")
      let ingested = try CommandRun("ingest", out + "/journals/worker-0.journal", "--into", out + "/working.sqlite")
      #expect(ingested.output.contains("1 run,"), "\(number): \(ingested.output)")
    }
  }
}
