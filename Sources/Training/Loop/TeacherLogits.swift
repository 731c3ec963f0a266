public import Foundation
public import Records

/// The logits that a finished run gave the train split at its best epoch.
public struct TeacherLogits: Sendable, Hashable {
  /// Numerics digest of the run.
  public let run: Digest256
  /// N×C, row-major.
  public let values: [Float]

  public init(run: Digest256, values: [Float]) {
    self.run = run
    self.values = values
  }
}

/// The folder where trainers leave the logits of finished runs for those that learn from them: one file a run, named by
/// its numerics digest.
public struct LogitStore: Sendable {
  public let folder: URL

  public init(folder: URL) { self.folder = folder }

  private func file(_ run: Digest256) -> URL { folder.appendingPathComponent("\(run.hex).logits") }

  public func contains(_ run: Digest256) -> Bool { FileManager.default.fileExists(atPath: file(run).path) }

  /// Writes beside, then renames into place, so that a reader sees all or nothing.
  public func write(_ logits: TeacherLogits) throws {
    var archive = ArrayArchive(kind: "logits")
    archive.set("logits", logits.values)
    try makeFolder(folder)
    try SystemFile.replace(file(logits.run).path, with: ArrayFile.logits.encode(archive))
  }

  /// Reads the logits of a run over `count` values. Throws ``TrainingError/teacherLogits`` for a missing or damaged file.
  public func read(_ run: Digest256, count: Int) throws -> TeacherLogits {
    let path = file(run).path
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw TrainingError.teacherLogits(path: path, reason: "no such file")
    }
    do {
      return TeacherLogits(run: run, values: try ArrayFile.logits.decode(bytes).floats("logits", count: count))
    } catch let error as DamagedArchive {
      throw TrainingError.teacherLogits(path: path, reason: error.reason)
    }
  }

  /// Removes a damaged file, so that the run is trained anew.
  public func discard(_ run: Digest256) {
    try? FileManager.default.removeItem(at: file(run))
  }
}

/// The teachers' logits of one batch.
final class TeacherBatch {
  private let teachers: [TeacherLogits]
  private let classes: Int
  private let rooms: [UnsafeMutablePointer<Float>]
  private let pointers: [UnsafePointer<Float>]

  init(_ teachers: [TeacherLogits], rows: Int, classes: Int) {
    self.teachers = teachers
    self.classes = classes
    rooms = teachers.map { _ in .allocate(capacity: rows * classes) }
    pointers = rooms.map { UnsafePointer($0) }
  }

  deinit {
    for room in rooms { room.deallocate() }
  }

  /// For each teacher its logits of rows `order[first..<first + count]`.
  func gather(_ order: [Int32], _ first: Int, _ count: Int) -> [UnsafePointer<Float>] {
    for (teacher, room) in zip(teachers, rooms) {
      for row in 0..<count {
        let source = Int(order[first + row]) * classes
        for index in 0..<classes { room[row * classes + index] = teacher.values[source + index] }
      }
    }
    return pointers
  }
}
