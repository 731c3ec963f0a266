package import Benchmarks
package import Foundation
import NIOCore

/// The lines of `/export` without a server, a piece at a time.
package struct AtlasExport {
  private var cursor: ExportLines.Cursor

  /// All of an atlas; or one setting, where `question` names its space, data set or protocol. Throws what exists where the
  /// names leave none or several.
  package init(of benchmark: Benchmark, _ question: Question) throws {
    // One piece is in memory at a time, whatever the limit.
    cursor = try ExportLines(of: benchmark, question, memory: AnswerMemory(limit: .max)).makeCursor()
  }

  /// NDJSON; nil at the end.
  package mutating func next() throws -> Data? {
    try cursor.next().map { Data($0.lines.readableBytesView) }
  }
}
