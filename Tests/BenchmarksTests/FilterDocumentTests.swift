import Benchmarks
import Foundation
import Testing

/// The examples of `docs/filters.md`.
@Suite struct FilterDocumentTests {
  private static func blocks(_ kind: String) throws -> [[String]] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: root.appendingPathComponent("docs/filters.md"), encoding: .utf8)
    var blocks: [[String]] = []
    var isInside = false
    for line in page.components(separatedBy: "\n") {
      if line == "```\(kind)" {
        blocks.append([])
        isInside = true
      } else if line.hasPrefix("```") {
        isInside = false
      } else if isInside {
        blocks[blocks.count - 1].append(line)
      }
    }
    return blocks
  }

  @Test func everyExampleIsRead() throws {
    let examples = try Self.blocks("filter").flatMap { $0 }
    #expect(examples.count >= 10)
    for example in examples {
      #expect(throws: Never.self, "\(example)") { try FilterExpression(parsing: example) }
    }
  }

  @Test func everyMessageIsAsPrinted() throws {
    let lines = try Self.blocks("filter-errors").flatMap { $0 }
    #expect(lines.count >= 8 && lines.count.isMultiple(of: 2))
    for index in stride(from: 0, to: lines.count - 1, by: 2) {
      let error = try #require(throws: FilterError.self) { try FilterExpression(parsing: lines[index]) }
      #expect(error.message == lines[index + 1])
    }
  }

  @Test func theThreeLatencyExamplesDoAsTheySay() throws {
    let examples = try #require(try Self.blocks("filter").last)
    let picked = try examples.map { try FilterExpression(parsing: $0).evaluate { _ in nil } }
    #expect(picked == [false, false, true])
  }
}
