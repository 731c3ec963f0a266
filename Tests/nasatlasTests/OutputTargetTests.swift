import Foundation
import Testing

/// Every command that writes a file, against files that are there already (R30).
@Suite struct OutputTargetTests {
  /// A command that writes a file.
  enum Writer: String, CaseIterable {
    case fit, csv, json, latex, text, splits, publish, mergeOut, mergeInto, ingest
  }

  private struct Made {
    let small: SmallAtlas
    let other: SmallAtlas
    let thesis: Data

    init() throws {
      small = try SmallAtlas(architectures: 12)
      other = try SmallAtlas(architectures: 10)
      thesis = Data("\\documentclass{book}\n\\begin{document}\n".utf8)
      try thesis.write(to: URL(fileURLWithPath: small.path("thesis.tex")))
      let fit = try CommandRun(Self.fit + [other.atlas, "--into", small.path("other.surrogate")])
      guard fit.status == 0 else { throw SmallAtlasError.failed(arguments: Self.fit, errors: fit.errors) }
    }

    static let fit = ["fit", "--predictor", "ridge", "--folds", "2"]

    func command(_ writer: Writer, to target: String) -> [String] {
      let trial = ["--predictor", "ridge", "--train-size", "5", "--trials", "1", "--test", "5"]
      let evaluate = ["evaluate", "predictors", small.atlas] + trial
      return switch writer {
      case .fit: Self.fit + [small.atlas, "--into", target]
      case .csv, .json, .latex, .text: evaluate + ["--format", writer.rawValue, "--output", target]
      case .splits: evaluate + ["--export-splits", target]
      case .publish: ["publish", small.working, target]
      case .mergeOut: ["merge", small.atlas, other.atlas, "--out", target]
      case .mergeInto: ["merge", small.atlas, other.atlas, "--into", target]
      case .ingest: ["ingest", small.journal, "--into", target]
      }
    }

    func input(of writer: Writer) -> String {
      switch writer {
      case .publish: small.working
      case .ingest: small.journal
      default: small.atlas
      }
    }
  }

  @Test(arguments: Writer.allCases)
  func nothingThatIsThereIsLost(writer: Writer) throws {
    let made = try Made()
    let small = made.small
    let input = made.input(of: writer)
    symlink(input, small.path("link"))
    link(input, small.path("hard"))
    var cases = [
      (input, "records.output_input"), (small.path("link"), "records.output_input"),
      (small.path("hard"), "records.output_input"), (small.path("thesis.tex"), "records.output_other_kind"),
      (small.folder.path, "records.output_cannot_create"), (small.path("none/x"), "records.output_cannot_create"),
    ]
    if input == small.atlas { cases.append((input + ".manifest.json", "records.output_input")) }
    let own = writer == .fit ? "surrogate" : [.publish, .mergeOut].contains(writer) ? "atlas" : ""
    for (path, kind) in [
      (made.other.atlas, "atlas"), (made.other.working, "working"), (made.other.journal, "journal"),
      (small.path("other.surrogate"), "surrogate"),
    ] {
      let isInput = path == made.other.atlas && [.mergeOut, .mergeInto].contains(writer)
      if kind == "working", [.mergeInto, .ingest].contains(writer) { continue }
      cases.append((path, "records.output_" + (isInput ? "input" : kind == own ? "exists" : "other_kind")))
    }
    for (path, code) in cases {
      let before = FileManager.default.contents(atPath: path)
      let listing = try Self.names(path, made)
      for force in code.hasSuffix("exists") ? [[]] : writer.takesForce ? [[], ["--force"]] : [[]] {
        let run = try CommandRun(made.command(writer, to: path) + force)
        #expect(run.status == 73, "\(path): \(run.errors)")
        #expect(run.errors.hasSuffix("code: \(code)\n"), "\(path): \(run.errors)")
        #expect(run.output.isEmpty && FileManager.default.contents(atPath: path) == before, "\(path)")
      }
      #expect(try Self.names(path, made) == listing, "\(path): something was left")
    }
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: small.path("link")) == input)
  }

  private static func names(_ path: String, _ made: Made) throws -> Set<String> {
    Set(
      try [made.small, made.other].flatMap { try FileManager.default.contentsOfDirectory(atPath: $0.folder.path) }
        // SQLite makes these when a working file is opened.
        .filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") })
  }

  @Test func whatIsOfTheSameKindIsReplacedAsDocumented() throws {
    let made = try Made()
    let small = made.small
    for writer in [Writer.csv, .json, .latex, .text, .splits] {
      let path = small.path("table-\(writer)")
      for _ in 0..<2 { #expect(try CommandRun(made.command(writer, to: path)).status == 0, "\(writer)") }
      for other in [Writer.csv, .json, .latex, .text] where other != writer && (writer, other) != (.splits, .csv) {
        #expect(try CommandRun(made.command(other, to: path)).status == 73, "\(other) over \(writer)")
      }
    }
    let surrogate = small.path("x.surrogate")
    #expect(try CommandRun(made.command(.fit, to: surrogate)).status == 0)
    #expect(try CommandRun(made.command(.fit, to: surrogate)).status == 73)
    #expect(try CommandRun(made.command(.fit, to: surrogate) + ["--force"]).status == 0)
    let merged = small.path("merged.atlas")
    #expect(try CommandRun(made.command(.mergeOut, to: merged)).status == 0)
    #expect(try CommandRun(made.command(.mergeOut, to: merged)).status == 73)
    #expect(try CommandRun(made.command(.mergeOut, to: merged) + ["--force"]).status == 0)
    #expect(try CommandRun(made.command(.publish, to: merged)).status == 73)
    #expect(try CommandRun(made.command(.publish, to: merged) + ["--force"]).status == 0)
    // Now the manifest names the working file.
    #expect(try CommandRun(made.command(.publish, to: merged)).status == 0)
    #expect(try CommandRun(made.command(.publish, to: small.atlas)).status == 0)
    #expect(try CommandRun("verify", small.atlas).status == 0)
  }

  @Test func modesLinksAndDevicesStay() throws {
    let made = try Made()
    let small = made.small
    chmod(small.atlas, 0o640)
    symlink("study.atlas", small.path("current.atlas"))
    #expect(try CommandRun(made.command(.publish, to: small.path("current.atlas"))).status == 0)
    var status = stat()
    #expect(stat(small.atlas, &status) == 0 && status.st_mode & 0o7777 == 0o640)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: small.path("current.atlas")) == "study.atlas")
    for name in ["study.atlas", "current.atlas"] { #expect(try CommandRun("verify", small.path(name)).status == 0) }
    for writer in [Writer.publish, .mergeOut, .mergeInto, .ingest] {
      #expect(try CommandRun(made.command(writer, to: "/dev/null")).status == 73)
    }
    for writer in [Writer.fit, .csv, .text, .splits] {
      #expect(try CommandRun(made.command(writer, to: "/dev/null")).status == 0, "\(writer)")
      #expect(try CommandRun(made.command(writer, to: "/dev/full")).status == 74, "\(writer)")
    }
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    let streamed = try CommandRun(made.command(.csv, to: "/dev/stdout"))
    #expect(streamed.status == 0 && streamed.output.hasPrefix("predictor,"))
    // Standard output in the middle of a file.
    let file = small.path("appended")
    try Data("before\n".utf8).write(to: URL(fileURLWithPath: file))
    let run = try Redirected(made.command(.splits, to: "/dev/stdout"), output: .appended(file), folder: small.folder)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(run.status == 0 && text.hasPrefix("before\ntrial,"))
    let surrogate = try Redirected(
      made.command(.fit, to: "/dev/stdout"), output: .file(small.path("y.surrogate")), folder: small.folder)
    #expect(surrogate.status == 0 && surrogate.errors.contains("ridge"))
    #expect(try CommandRun(made.command(.fit, to: small.path("z.surrogate"))).status == 0)
    #expect(
      FileManager.default.contents(atPath: small.path("y.surrogate"))
        == FileManager.default.contents(atPath: small.path("z.surrogate")))
  }
}

extension OutputTargetTests.Writer {
  var takesForce: Bool { [.fit, .publish, .mergeOut].contains(self) }
}
