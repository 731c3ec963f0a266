import Datasets
import Foundation
import Testing

@Suite struct CSVReaderTests {
  private func rows(_ text: String, _ columns: [String] = ["a", "b"]) throws -> [[String]] {
    var rows: [[String]] = []
    try CSVReader(file: "t.csv", columns: columns, remedy: "fix it").forEachRow(in: Data(text.utf8)) { row in
      rows.append(columns.indices.map { row.text($0) })
    }
    return rows
  }

  @Test(arguments: ["a,b\n1,x\n2,\n", "a,b\r\n1,x\r\n2,\r\n", "a,b\n1,x\n2,", "\"a\",b\r\n\"1\",\"x\"\r\n2,\"\""])
  func readsLinesOfEveryEnding(text: String) throws {
    #expect(try rows(text) == [["1", "x"], ["2", ""]])
  }

  @Test func readsQuotes() throws {
    let text = "a,b\n\"x,\"\"y\"\"\n z\",2\n\"\",\"\"\"\"\n"
    #expect(try rows(text) == [["x,\"y\"\n z", "2"], ["", "\""]])
  }

  @Test func aHeaderAloneIsAnEmptyTable() throws {
    #expect(try rows("a,b\n").isEmpty)
  }

  @Test(
    arguments: [
      ("", 1, nil), ("a\n", 1, nil), ("a,c\n1,2\n", 1, nil), ("a,b\n1\n", 2, nil), ("a,b\n1,2\n1,2,3\n", 3, nil),
      ("a,b\n1,2\n\n", 3, nil), ("a,b\n1,x\"y\n", 2, 2), ("a,b\n1,\"x\n", 2, 2), ("a,b\n\"x\"y,2\n", 2, 1),
      ("a,b\n\"x\n\",1\n1,x\ry\n", 4, 2),
    ] as [(String, Int, Int?)])
  func refusesWithLineAndColumn(text: String, line: Int, column: Int?) throws {
    let error = #expect(throws: DatasetError.self) { try rows(text) }
    guard case .malformedRow("t.csv", line, column, _, "fix it") = error else {
      Issue.record("got \(String(describing: error))")
      return
    }
  }

  @Test func readsNumbersToTheNearestDouble() throws {
    let texts = [
      "0", "-0.5", "12.25", "13682", "0.1", "123456789012345", "1234567890123456789", "1e-7", "3.4028235e38",
      "2.2250738585072014e-308", "0.30000000000000004", "00012",
    ]
    var values: [Double] = []
    try CSVReader(file: "t", columns: ["v"], remedy: "").forEachRow(
      in: Data(("v\n" + texts.joined(separator: "\n")).utf8)
    ) {
      values.append(try $0.number(0))
    }
    #expect(values == texts.compactMap { Double($0) })
  }

  @Test(arguments: ["x", "1.2.3", "-", ".", "nan", "inf", "1e999", "0x10", " 1", "1,000"])
  func refusesWhatIsNoNumber(text: String) {
    #expect(throws: DatasetError.self) {
      try CSVReader(file: "t", columns: ["v"], remedy: "").forEachRow(in: Data("v\n\(text)\n".utf8)) {
        _ = try $0.number(0)
      }
    }
  }
}
