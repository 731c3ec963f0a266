import Benchmarks
import Foundation
import Records

/// A whole grid of 48 configurations, kept beside its atlas as plain numbers for naive twins.
struct GridTable {
  struct Run {
    let architecture: String
    let seed: Int
    let isRandom: Bool
    let status: RunStatus
    /// By epoch.
    let validation: [Double]
    let test: Double
    let density: Double?
  }

  struct Row {
    let architecture: String
    let parameters: Int
    /// Milliseconds at batch 1 on the device `phone`, where it was measured.
    let latency: Double?
    let runs: [Run]

    /// The value of a parameter of the grid, as the text of the architecture spells it.
    func value(_ parameter: String) -> String? {
      architecture.split(separator: ",").first { $0.hasPrefix(parameter + "=") }.map {
        String($0.dropFirst(parameter.count + 1))
      }
    }

    func mean(_ value: (Run) -> Double, where passes: (Run) -> Bool = { _ in true }) -> Double? {
      let values = runs.filter { $0.status == .completed && passes($0) }.map(value)
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
  }

  let rows: [Row]
  let atlas: PublishedAtlas
  var benchmark: Benchmark { atlas.benchmark }

  static let space = #"""
    {"space":{"name":"little","kind":"grid","title":"Little","parameters":[{"name":"rate","kind":"ordinal",\#
    "values":[0.001,0.01,0.1]},{"name":"width","kind":"ordinal","values":[16,32,64,128]},\#
    {"name":"act","kind":"categorical","values":["relu","tanh"]},\#
    {"name":"norm","kind":"categorical","values":["none","batch"]}]}}
    """#

  /// One table for all tests, which only ask.
  static func shared() throws -> GridTable { try made.get() }

  private static let made = Result {
    let table = try GridTable(seed: 3)
    _ = table.atlas.withoutFiles()
    return table
  }

  init(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    func number(_ low: Int, _ high: Int, per step: Double) -> Double {
      Double(low + generator.integer(below: high - low)) / step
    }
    var rows: [Row] = []
    for rate in ["0.001", "0.01", "0.1"] {
      for width in [16, 32, 64, 128] {
        for activation in ["relu", "tanh"] {
          for norm in ["none", "batch"] {
            let name = "rate=\(rate),width=\(width),act=\(activation),norm=\(norm)"
            // Few levels, so that ties are common.
            let runs = (0..<(generator.chance(0.5) ? 3 : 2)).map { seed in
              Run(
                architecture: name, seed: 10 * (seed + 1), isRandom: generator.chance(0.5),
                status: generator.chance(0.1) ? .diverged : .completed,
                validation: (1...5).map { number(60 + 10 * $0, 90 + 10 * $0, per: 4) },
                test: number(100, 160, per: 4), density: generator.chance(0.7) ? number(0, 8, per: 8) : nil)
            }
            rows.append(
              Row(
                architecture: name, parameters: width * (10 + generator.integer(below: 4)),
                latency: generator.chance(0.8) ? number(1, 9, per: 2) : nil, runs: runs))
          }
        }
      }
    }
    self.rows = rows
    atlas = try PublishedAtlas(lines: Self.lines(rows))
  }

  private static func lines(_ rows: [Row]) -> [String] {
    var lines = [
      space,
      CardLine.source("little"), CardLine.metric("accuracy_percent", unit: "percent", largerIsBetter: true),
      CardLine.trainingProtocol("short", epochs: 5), CardLine.dataset("first"), CardLine.dataset("second"),
    ]
    for row in rows {
      for run in row.runs { lines.append(line(run, row)) }
      // The second data set has one seed, and the test value of the first one upside down.
      let value = 100 - row.runs[0].test
      lines.append(
        #"{"run":{"key":{"space":"little","architecture":"\#(row.architecture)","dataset":"second","#
          + #""protocol":"short","seed":10},"source":"little","status":"completed","#
          + #""curves":[{"metric":"accuracy_percent","split":"test","values":[\#(value)],"at":[5]}]}}"#)
      for device in ["phone", "server"] {
        for batch in [1, 8] {
          guard let latency = row.latency else { continue }
          let value = device == "phone" ? latency * Double(batch) : 100 - latency * Double(batch)
          lines.append(
            #"{"measurement":{"space":"little","architecture":"\#(row.architecture)","source":"little","#
              + #""quantity":"latency","unit":"millisecond","device":"\#(device)","#
              + #""conditions":{"batch":"\#(batch)"},"value":\#(value)}}"#)
        }
      }
    }
    return lines
  }

  private static func line(_ run: Run, _ row: Row) -> String {
    let density = run.density.map { #","attributes":{"density":\#($0)}"# } ?? ""
    return #"{"run":{"key":{"space":"little","architecture":"\#(run.architecture)","dataset":"first","#
      + #""protocol":"short","seed":\#(run.seed)},"source":"little","status":"\#(run.status.rawValue)","#
      + #""origin":{"kind":"\#(run.isRandom ? "random" : "search")"},"counts":{"parameters":\#(row.parameters)},"#
      + #""curves":[{"metric":"accuracy_percent","split":"validation","values":\#(run.validation)},"#
      + #"{"metric":"accuracy_percent","split":"test","values":[\#(run.test)],"at":[5]}]\#(density)}}"#
  }
}
