import Foundation
import Records

/// Records with every part present, absent, empty and odd, all from a seed.
struct RandomRecords {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  private mutating func maybe<T>(_ make: (inout Self) -> T) -> T? { generator.chance(0.5) ? make(&self) : nil }

  private mutating func text() -> String {
    ["", "a", "stem:k3/time:on", "ß → \"quoted\"\n", String(repeating: "long ", count: 60)][generator.integer(below: 5)]
  }

  private mutating func digest() -> Digest256 { Digest256(of: "\(generator.next())") }

  mutating func value() -> Double {
    switch generator.integer(below: 8) {
    case 0: Double(Float(generator.uniform()))
    case 1: Double(generator.integer(below: 100_000)) / 1_000
    case 2: [0, -0.0, .infinity, -.infinity, .nan, .signalingNaN, .leastNonzeroMagnitude][generator.integer(below: 7)]
    case 3: Double(bitPattern: generator.next())
    case 4: Double(Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())))
    default: generator.uniform()
    }
  }

  private mutating func curve(_ metric: Metric, _ split: Split) -> Curve {
    let count = generator.integer(below: 6)
    let narrow = generator.chance(0.5)
    let values = (0..<count).map { _ in narrow ? Double(Float(generator.uniform())) : value() }
    var epoch = 0
    let epochs: [Int]? = maybe { state in
      (0..<count).map { _ in
        epoch += state.generator.chance(0.7) ? 1 : 1 + state.generator.integer(below: 100_000)
        return epoch
      }
    }
    return Curve(metric: metric, split: split, values: values, at: epochs)
  }

  private mutating func json(_ depth: Int = 0) -> JSONValue {
    switch generator.integer(below: depth > 2 ? 6 : 8) {
    case 0: .null
    case 1: .bool(generator.chance(0.5))
    case 2: .integer(Int64(bitPattern: generator.next()))
    case 3:
      .number(
        [0, -0.0, 1, 1e17, 1e300, -9_007_199_254_740_992, 0.1, .leastNonzeroMagnitude][generator.integer(below: 8)])
    case 4: .number(generator.uniform() * 1_000)
    case 5: .string(text())
    case 6: .array((0..<generator.integer(below: 3)).map { _ in json(depth + 1) })
    default: .object(["b": json(depth + 1), "a/ß": json(depth + 1)])
    }
  }

  private mutating func count() -> Int { Int(truncatingIfNeeded: generator.next() >> generator.integer(below: 64)) }

  mutating func next() -> RunRecord {
    var curves: [Curve] = []
    for metric in [Metric.loss, .accuracyPercent, Metric("ß")] {
      for split in Split.allCases where generator.chance(0.4) { curves.append(curve(metric, split)) }
    }
    generator.shuffle(&curves)
    let seeds: [Seed] = [.recorded(generator.next()), .recorded(0), .unnamed(3), .mean(of: 0), .mean(of: .max)]
    return RunRecord(
      key: RunKey(
        space: text(), architecture: text(), dataset: text(), datasetDigest: maybe { $0.digest() },
        protocolDigest: digest(), seed: seeds[generator.integer(below: seeds.count)]),
      origin: maybe { state in
        Origin(
          kind: Origin.Kind.allCases[state.generator.integer(below: 4)], arm: state.maybe { $0.text() },
          step: state.maybe { $0.count() })
      }, status: RunStatus.allCases[generator.integer(below: 4)], statusDetail: maybe { $0.text() }, curves: curves,
      score: maybe { state in
        Score(
          metric: .accuracy, epoch: state.count(), validation: state.value(), test: state.maybe { $0.value() })
      },
      counts: maybe { state in
        Counts(
          parameters: state.maybe { $0.count() }, supernetParameters: state.maybe { $0.count() },
          flops: state.maybe { $0.count() })
      }, teachers: (0..<generator.integer(below: 3)).map { _ in digest() }, costs: maybe { $0.costs() },
      provenance: maybe { state in
        Provenance(
          version: state.text(), commit: state.text(), planDigest: state.digest(), startedAt: state.text(),
          finishedAt: state.text(),
          device: state.maybe { Device(name: $0.text(), cores: $0.count(), gpu: $0.maybe { $0.text() }) })
      }, source: maybe { $0.text() },
      attributes: generator.chance(0.5) ? [:] : ["firing_rates": json(), "z": json(), "": json()])
  }

  private mutating func costs() -> Costs {
    var costs = Costs()
    for name in ["train_seconds", "latency_milliseconds[batch=1]", "peak_memory_bytes"] where generator.chance(0.5) {
      costs.total[name] = value()
    }
    let epochs = generator.integer(below: 4)
    for name in ["evaluation_seconds", "energy_joules"] where epochs > 0 && generator.chance(0.6) {
      costs.perEpoch[name] = (0..<epochs).map { _ in value() }
    }
    return costs
  }
}

extension RunRecord {
  /// The record as its one spelling has it: curves in order, nothing that tells nothing.
  var canonical: RunRecord {
    var record = self
    record.curves = curves.filter { !$0.values.isEmpty }.map { curve in
      var curve = curve
      if curve.at == Array(1..<curve.values.count + 1) { curve.at = nil }
      return curve
    }.sorted(by: Curve.precedes)
    if counts?.isEmpty == true { record.counts = nil }
    if costs?.isEmpty == true { record.costs = nil }
    return record
  }
}
