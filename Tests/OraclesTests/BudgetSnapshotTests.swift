import Oracles
import Foundation
import Records
import Testing

@Suite struct BudgetSnapshotTests {
  private typealias Ledger = BudgetLedger<RunNumber>

  private func architecture(_ number: Int) -> ArchitectureID {
    ArchitectureID(space: "test", canonicalText: "\(number)")
  }

  private func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private func filled(order: [Int]) throws -> Ledger {
    var ledger = Ledger(seed: .max, limits: BudgetLimits(queries: 100, simulatedTrainingSeconds: 1e6))
    for number in order {
      try ledger.charge(
        run: RunNumber(high: UInt64(number), low: .max), epoch: number, secondsUpToEpoch: Double(number) / 4)
      _ = ledger.noisySeedIndex(architecture: architecture(number), context: .max, count: 3)
    }
    return ledger
  }

  @Test func aSnapshotGoesOnWhereTheLedgerWas() throws {
    var ledger = try filled(order: Array(1...20))
    var again = try JSONDecoder().decode(Ledger.self, from: Data(try encode(ledger).utf8))
    #expect(again == ledger)
    try ledger.charge(run: RunNumber(high: 3, low: .max), epoch: 10, secondsUpToEpoch: 10)
    try again.charge(run: RunNumber(high: 3, low: .max), epoch: 10, secondsUpToEpoch: 10)
    #expect(again == ledger)
    for _ in 0..<50 {
      let draw = ledger.noisySeedIndex(architecture: architecture(4), context: .max, count: 1_000)
      #expect(draw == again.noisySeedIndex(architecture: architecture(4), context: .max, count: 1_000))
    }
  }

  @Test func equalLedgersGiveEqualBytes() throws {
    #expect(try encode(filled(order: Array(1...20))) == encode(filled(order: Array((1...20).reversed()))))
  }

  @Test func runsMayBeDigests() throws {
    var ledger = BudgetLedger<Digest256>(seed: 1)
    try ledger.charge(run: Digest256(of: "a"), epoch: 2, secondsUpToEpoch: nil)
    let again = try JSONDecoder().decode(BudgetLedger<Digest256>.self, from: Data(try encode(ledger).utf8))
    #expect(again == ledger)
    #expect(again.epochs == 2 && again.untimedQueries == 1)
  }

  @Test(arguments: [
    ("\"version\":1", "\"version\":2"), ("\"queries\":2", "\"queries\":-1"), ("\"epochs\":3,", "\"epochs\":4,"),
    ("\"untimedQueries\":0", "\"untimedQueries\":3"), ("\"epochs\":2,", "\"epochs\":-2,"),
    ("\"seconds\":0.5", "\"seconds\":-0.5"), ("\"seconds\":0.5", "\"seconds\":50"),
    ("\"seconds\":0.5", "\"seconds\":1e300"), ("\"queries\":2", "\"queries\":\(Int.max)"),
    ("\"count\":1", "\"count\":\(Int.max)"), ("\"count\":1", "\"count\":0"),
    ("0000000000000002ffffffffffffffff", "0000000000000001ffffffffffffffff"),
  ])
  func aSnapshotThatCannotBeIsRefused(part: String, other: String) throws {
    let text = try encode(filled(order: [1, 2]))
    #expect(text.contains(part))
    let damaged = Data(text.replacingOccurrences(of: part, with: other).utf8)
    #expect {
      try JSONDecoder().decode(Ledger.self, from: damaged)
    } throws: { ($0 as? BudgetError)?.code == "oracles.budget_invalid_snapshot" }
  }

  @Test(arguments: [
    "", "00", String(repeating: "G", count: 32), String(repeating: "A", count: 32),
    "+" + String(repeating: "0", count: 31),
  ])
  func aRunNumberIs32Digits(text: String) throws {
    let data = Data(try encode([text]).utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([RunNumber].self, from: data) }
  }

  @Test func runNumbersAreWrittenInFullAndOrdered() throws {
    let numbers = [RunNumber(high: 0, low: 10), RunNumber(high: 0, low: .max), RunNumber(high: 1, low: 0)]
    #expect(numbers[0].description == "0000000000000000000000000000000a")
    #expect(numbers.reversed().sorted() == numbers)
    #expect(numbers.map(\.description).sorted() == numbers.map(\.description))
    #expect(try JSONDecoder().decode([RunNumber].self, from: Data(try encode(numbers).utf8)) == numbers)
  }
}
