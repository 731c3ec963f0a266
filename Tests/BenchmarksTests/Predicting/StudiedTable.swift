import Benchmarks
import Foundation
import Records
import Spaces
import Surrogates

/// A table with two seeds of 120 of NAS-Bench-201's cells, whose values follow from what is live in them, and a surrogate
/// of it.
struct StudiedTable {
  let atlas: PublishedAtlas
  /// Numbers of the cells in the published order.
  let cells: [Int]
  var benchmark: Benchmark { atlas.benchmark }

  static func shared() throws -> StudiedTable { try made.get() }

  private static let made = Result {
    let table = try StudiedTable()
    _ = table.atlas.withoutFiles()
    return table
  }

  init() throws {
    var generator = SeededGenerator(seed: 11)
    var numbers = Array(0..<15_625)
    generator.shuffle(&numbers)
    let cells = numbers.prefix(120).sorted()
    var lines = [
      CardLine.source("study"), CardLine.metric("accuracy_percent", unit: "percent", largerIsBetter: true),
      CardLine.metric("loss", unit: "nats", largerIsBetter: false), CardLine.dataset("cifar10"),
      CardLine.trainingProtocol("short", epochs: 3),
    ]
    for cell in cells {
      let value = try Self.expected(cell)
      for seed in [777, 888] {
        let noise = 0.2 * (generator.uniform() - 0.5)
        let values = [0.5, 0.8, 1].map { "\(value * $0 + noise)" }.joined(separator: ",")
        lines.append(
          #"{"run":{"key":{"space":"nasbench201","architecture":"nats:\#(cell)","dataset":"cifar10","#
            + #""protocol":"short","seed":\#(seed)},"source":"study","status":"completed","#
            + #""curves":[{"metric":"accuracy_percent","split":"validation","values":[\#(values)]},"#
            + #"{"metric":"loss","split":"validation","values":[3,2,1]}],"#
            + #""counts":{"parameters":\#(1000 + cell)}}}"#)
      }
    }
    self.cells = cells
    atlas = try PublishedAtlas(lines: lines)
  }

  /// What a cell would reach without noise.
  static func expected(_ cell: Int) throws -> Double {
    let summary = try NASBench201Space().byText.encode("nats:\(cell)", as: "live-path-summary")
    return 40 + 6 * summary[1] + 2 * summary[0] + 3 * summary[3]
  }

  /// A cell that the table does not have.
  var unseen: Int { (0..<15_625).first { !cells.contains($0) && $0 > 6000 } ?? 0 }

  var lookup: Lookup {
    get throws { try benchmark.lookup(Question(metric: Metric("accuracy_percent"))) }
  }

  func surrogate(
    _ predictor: String = "random-forest", encoding: [EncodingChoice] = [], folds: Int = 4
  ) throws -> Surrogate {
    let lookup = try lookup
    var method = try PredictorCatalogue.method(predictor)
    if !encoding.isEmpty { method = try method.seeing(encoding) }
    let data = try lookup.surrogateData()
    return try Surrogate.fit(
      method, to: data.architectures, values: data.values, runs: data.runs, subject: lookup.surrogateSubject,
      space: NASBench201Space().byText, encoder: lookup.encoder(method.encodings), folds: folds, seed: 5)
  }

  /// With curves, learnt by few trees for speed.
  func curveSurrogate(where filter: FilterExpression? = nil) throws -> Surrogate {
    let lookup = try lookup
    var trees = RandomForest.extraTrees
    trees.trees = 20
    let method = CurveModelMethod(trees, components: 3)
    let curves = try SurrogateCurves.fit(
      method, to: lookup.curveData(of: lookup.surrogateData(where: filter), where: filter),
      direction: lookup.curveDirection, encoder: lookup.encoder(method.encodings), limits: lookup.valueLimits, folds: 3,
      seed: 5)
    return try surrogate("random-forest-smac").with(curves)
  }
}
