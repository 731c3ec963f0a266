import Records
import Spaces
import Store
public import Surrogates

extension Lookup {
  /// The curves of the architectures of `data`: means over the completed runs that pass `filter`, at the epochs that all
  /// of these have. Runs without a curve, or with values that are not finite, are left out.
  ///
  /// Throws `noCommonEpochs` where no epoch is in all of them.
  public func curveData(of data: SurrogateData, where filter: FilterExpression? = nil) throws -> CurveData {
    let reader = try FieldReader(filter?.fields ?? [], benchmark: benchmark, setting: setting)
    let choice = try RunFilter(seeds: seeds, filter: filter, reader: reader)
    var found: [(text: String, curves: [Curve])] = []
    for text in data.architectures {
      let id = ArchitectureID(space: setting.space, canonicalText: text)
      guard let row = try benchmark.atlas.row(of: id) else { continue }
      let curves = try usableCurves(choice.runs(ofArchitecture: row))
      if !curves.isEmpty { found.append((text, curves)) }
    }
    let epochs = Self.common(found.flatMap(\.curves))
    guard !epochs.isEmpty else { throw BenchmarkError.noCommonEpochs(setting: benchmark.name(setting)) }
    var means: [[Double]] = []
    var repeated: [[[Double]]] = []
    for (_, curves) in found {
      let runs = curves.map { curve in epochs.compactMap { curve.value(at: $0) } }
      means.append(epochs.indices.map { epoch in runs.reduce(0) { $0 + $1[epoch] } / Double(runs.count) })
      if runs.count > 1 { repeated.append(runs) }
    }
    return CurveData(
      architectures: found.map(\.text), epochs: epochs, means: means, runs: found.reduce(0) { $0 + $1.curves.count },
      repeated: repeated)
  }

  /// The mean curve of each architecture of `data`, from the first epoch to the last that all its completed runs have;
  /// nil where there is none.
  ///
  /// Throws `noCurves` where no architecture has one of two epochs or more, and `sparseCurves` where epochs are missing.
  public func meanCurves(of data: SurrogateData, where filter: FilterExpression? = nil) throws -> [[Double]?] {
    let reader = try FieldReader(filter?.fields ?? [], benchmark: benchmark, setting: setting)
    let choice = try RunFilter(seeds: seeds, filter: filter, reader: reader)
    var longest = 0
    let found: [[Double]?] = try data.architectures.map { text in
      let id = ArchitectureID(space: setting.space, canonicalText: text)
      guard let row = try benchmark.atlas.row(of: id) else { return nil }
      let curves = try usableCurves(choice.runs(ofArchitecture: row))
      let epochs = Self.common(curves)
      guard epochs.count > 1 else { return nil }
      guard epochs.elementsEqual(1...epochs.count) else {
        throw BenchmarkError.sparseCurves(measure: measureName, setting: benchmark.name(setting), known: epochs)
      }
      longest = max(longest, epochs.count)
      return epochs.map { epoch in
        curves.compactMap { $0.value(at: epoch) }.reduce(0, +) / Double(curves.count)
      }
    }
    guard longest > 1 else {
      throw BenchmarkError.noCurves(
        measure: measureName, setting: benchmark.name(setting), known: try benchmark.measuresWithCurves())
    }
    return found
  }

  /// The curves of completed runs, whole and finite; published means as ``RunMean`` counts them.
  private func usableCurves(_ runs: [Int]) throws -> [Curve] {
    var found: [(run: Int, curve: Curve)] = []
    for run in runs where try setting.status(ofRun: run) == .completed {
      guard let curve = try setting.curve(ofRun: run, metric, split), !curve.values.isEmpty,
        curve.values.allSatisfy(\.isFinite)
      else { continue }
      found.append((run, curve))
    }
    return try setting.leavingOutMeans(found) { $0.run }.map(\.curve)
  }

  /// The epochs that every curve has, ascending.
  private static func common(_ curves: [Curve]) -> [Int] {
    var dense = Int.max
    var sparse: Set<Int>?
    var last: [Int]?
    for curve in curves {
      guard let epochs = curve.at else {
        dense = min(dense, curve.values.count)
        continue
      }
      // Most curves have the epochs of the one before.
      if epochs != last { sparse = sparse.map { $0.intersection(epochs) } ?? Set(epochs) }
      last = epochs
    }
    if let sparse { return sparse.filter { $0 >= 1 && $0 <= dense }.sorted() }
    return curves.isEmpty ? [] : Array(1..<dense + 1)
  }

  /// What values of the metric cannot leave; nil where its unit does not tell.
  public var valueLimits: ClosedRange<Double>? {
    switch card.unit {
    case "percent": 0...100
    case "fraction": 0...1
    default: nil
    }
  }

  /// Which values of the metric are the better ones.
  public var curveDirection: CurveSet.Direction { card.largerIsBetter ? .largerIsBetter : .smallerIsBetter }
}

extension Benchmark {
  /// Metrics and splits with values of several epochs, by setting, in words; looks at the first runs of each.
  func measuresWithCurves() throws -> [String] {
    try atlas.settings.flatMap { setting in
      let rows = try setting.spaceRows.lazy.filter { try !setting.runs(ofArchitecture: $0).isEmpty }.prefix(5)
      let runs = try rows.flatMap { try setting.runs(ofArchitecture: $0) }
      return try setting.measures.filter { measure in
        try runs.contains { try (setting.curve(ofRun: $0, measure.metric, measure.split)?.values.count ?? 0) > 1 }
      }.map { "\($0.metric.name) on \($0.split.rawValue) of \(name(setting))" }
    }
  }
}
