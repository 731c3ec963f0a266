import Benchmarks
import Foundation
import Records
import Store
import Testing

@Suite struct StatisticsTests {
  let table: GridTable
  var benchmark: Benchmark { table.benchmark }

  init() throws { table = try GridTable.shared() }

  private func lookup(_ dataset: String, _ split: Split, _ epoch: EpochChoice = .last) throws -> Lookup {
    try benchmark.lookup(Question(dataset: dataset, split: split, epoch: epoch))
  }

  /// Kendall's tau-b over all pairs, with ties counted one by one.
  private func tauB(_ x: [Double], _ y: [Double]) -> Double {
    var (balance, onlyX, onlyY) = (0.0, 0.0, 0.0)
    for i in x.indices {
      for j in x.indices where j > i {
        let product = (x[i] - x[j]) * (y[i] - y[j])
        balance += product > 0 ? 1 : product < 0 ? -1 : 0
        onlyX += x[i] != x[j] ? 1 : 0
        onlyY += y[i] != y[j] ? 1 : 0
      }
    }
    return balance / (onlyX * onlyY).squareRoot()
  }

  private func pearson(_ x: [Double], _ y: [Double]) -> Double {
    let count = Double(x.count)
    let (mx, my) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let xy = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    let xx = x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
    let yy = y.reduce(0) { $0 + ($1 - my) * ($1 - my) }
    return xy / (xx * yy).squareRoot()
  }

  private func ranks(_ x: [Double]) -> [Double] {
    x.map { one in Double(x.count { $0 < one }) + (Double(x.count { $0 == one }) + 1) / 2 }
  }

  private func check(_ row: CorrelationRow, _ x: [Double], _ y: [Double]) throws {
    #expect(row.count == x.count)
    #expect(abs(try #require(row.kendallTauB) - tauB(x, y)) < 1e-12)
    #expect(abs(try #require(row.spearman) - pearson(ranks(x), ranks(y))) < 1e-12)
    #expect(abs(try #require(row.pearson) - pearson(x, y)) < 1e-12)
  }

  @Test func betweenDataSets() throws {
    let rows = try benchmark.correlations(between: [
      ("first", lookup("first", .test)), ("second", lookup("second", .test)),
      ("first validation", lookup("first", .validation)),
    ])
    #expect(
      rows.map { "\($0.first) and \($0.second)" } == [
        "first and second", "first and first validation", "second and first validation",
      ])
    let both = table.rows.compactMap { row in row.mean { $0.test }.map { ($0, 100 - row.runs[0].test) } }
    try check(rows[0], both.map(\.0), both.map(\.1))
    #expect(rows[0].dropped == table.rows.count - both.count)
    #expect(try #require(rows[0].kendallTauB) < 0)
    let splits = table.rows.compactMap { row in
      row.mean { $0.test }.flatMap { test in row.mean { $0.validation[4] }.map { (test, $0) } }
    }
    try check(rows[1], splits.map(\.0), splits.map(\.1))
    #expect(rows[0].firstContext.dataset == "first" && rows[0].secondContext.dataset == "second")
    #expect(rows.allSatisfy { $0.firstContext.atlasDigest == benchmark.atlas.digest })
  }

  @Test func betweenDataSetsWhereAFilterHolds() throws {
    let rows = try benchmark.correlations(
      between: [("test", lookup("first", .test)), ("validation", lookup("first", .validation))],
      where: "origin = 'random'")
    let pairs = table.rows.compactMap { row in
      row.mean({ $0.test }, where: { $0.isRandom }).flatMap { test in
        row.mean({ $0.validation[4] }, where: { $0.isRandom }).map { (test, $0) }
      }
    }
    try check(rows[0], pairs.map(\.0), pairs.map(\.1))
  }

  @Test func betweenEpochsAndTheLast() throws {
    let lookup = try lookup("first", .validation)
    let rows = try benchmark.correlationsWithFinal(lookup)
    #expect(rows.map(\.first) == ["epoch 1", "epoch 2", "epoch 3", "epoch 4"])
    #expect(rows.map(\.firstContext.epoch) == ["1", "2", "3", "4"])
    #expect(rows.allSatisfy { $0.secondContext.epoch == "last" })
    let runs = table.rows.flatMap(\.runs).filter { $0.status == .completed }
    for (index, row) in rows.enumerated() {
      try check(row, runs.map { $0.validation[index] }, runs.map { $0.validation[4] })
    }
    let random = try benchmark.correlationsWithFinal(lookup, epochs: [3], where: "origin = 'random'")
    let chosen = runs.filter(\.isRandom)
    try check(random[0], chosen.map { $0.validation[2] }, chosen.map { $0.validation[4] })
    #expect(
      try failure { try benchmark.correlationsWithFinal(lookup, epochs: [2, 9]) }
        == .unknownEpoch(epoch: 9, run: "first under short", known: [1, 2, 3, 4, 5]))
  }

  /// Only epochs that curves have are chosen.
  @Test func sparseCurves() throws {
    let tiny = try TinyTable.shared()
    let lookup = try tiny.benchmark.lookup(
      Question(dataset: "cifar10", trainingProtocol: "short", split: .test))
    let rows = try tiny.benchmark.correlationsWithFinal(lookup)
    #expect(rows.map(\.first) == ["epoch 2"])
    try check(rows[0], [57.3, 56.1, 55.0], [58.9, 59.3, 59.0])
  }
}
