import Foundation
import Testing

/// What `train` says about a folder, before any trainer starts.
@Suite(.enabled(if: churnIsPrepared, "cdnow-churn is absent: run tools/setup"))
struct TrainCommandTests {
  private static func train(_ folder: String, _ arguments: String...) throws -> CommandRun {
    try CommandRun(["train", "--dataset", "cdnow-churn", "--out", folder, "--json"] + arguments)
  }

  @Test func aSecondTrainingInOneFolderIsTemporary() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("train-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lock = open(folder + "/train.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let run = try Self.train(folder, "--count", "1")
    flock(lock, LOCK_UN)
    close(lock)
    #expect(run.status == 75)
    let report = try FailureReport(run)
    #expect(report.code == "training.in_use")
    #expect(report.message == "process \(ProcessInfo.processInfo.processIdentifier) trains in \(folder)")
  }

  @Test func partsOfAPlanAreTrainedInFoldersOfTheirOwn() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("train-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let options = ["--count", "3", "--epochs", "1", "--without", "gru", "--keep-weights"]
    func shard(_ text: String, _ more: [String] = []) throws -> CommandRun {
      try CommandRun(
        ["train", "--dataset", "cdnow-churn", "--out", folder, "--json", "--shard", text] + options + more)
    }
    let refused = try shard("2/2")
    #expect(refused.status == 64)
    #expect(try FailureReport(refused).code == "training.setting")
    #expect(!FileManager.default.fileExists(atPath: folder))
    let first = try shard("1/2", ["--no-distillation"])
    #expect(first.status == 0 && first.output.split(separator: "\n").count == 2)
    #expect(!first.output.contains("gru"))
    #expect(try shard("2/2", ["--no-distillation"]).output.split(separator: "\n").count == 1)
    // A run whose weights are gone is trained again, and counts once.
    let checkpoints = folder + "/shard-2-of-2/checkpoints"
    for name in try FileManager.default.contentsOfDirectory(atPath: checkpoints) {
      try FileManager.default.removeItem(atPath: checkpoints + "/" + name)
    }
    let again = try shard("2/2", ["--no-distillation"])
    #expect(again.errors.contains("run 1 was trained again for what was missing of it"))
    #expect(again.errors.contains("1 runs recorded in "))
    let folders = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(folders == ["shard-1-of-2", "shard-2-of-2"])
    let kept = try FileManager.default.contentsOfDirectory(atPath: folder + "/shard-1-of-2/checkpoints")
    #expect(kept.count == 2)
  }

  @Test func aFileInPlaceOfTheFolderIsRefused() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("train-\(UUID().uuidString)").path
    try Data("mine".utf8).write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    let run = try Self.train(file, "--count", "1")
    #expect(run.status == 73)
    #expect(FileManager.default.contents(atPath: file) == Data("mine".utf8))
  }
}

private let churnIsPrepared = (try? CommandRun("sample", "--dataset", "cdnow-churn"))?.status == 0
