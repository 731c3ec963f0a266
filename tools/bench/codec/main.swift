// Sizes and times of frames: curves of SpikeNAS from a folder of `ID/train_process.txt`, and random steps of 1e-6.
//
//   codec-bench [FOLDER]
import Foundation
import Records
import Store

func seconds(_ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  let time = try clock.measure(body)
  return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
}

func text(_ value: Double, _ decimals: Int = 2) -> String { String(format: "%.\(decimals)f", value) }

/// Four curves a run: training accuracy and loss, validation accuracy and loss.
func spikeNAS(_ folder: String) throws -> [[[Double]]] {
  let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }
  return try names.map { name in
    var curves = [[Double]](repeating: [], count: 4)
    let lines = try String(contentsOfFile: "\(folder)/\(name)/train_process.txt", encoding: .utf8).utf8
    for line in lines.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") }
        .compactMap { Double(String($0) ?? "") }
      if fields.count == 5 { for curve in 0..<4 { curves[curve].append(fields[curve + 1]) } }
    }
    return curves
  }
}

func benchCurves(_ runs: [[[Double]]], perFrame: Int, level: Int) throws {
  let encoder = FrameEncoder(level: level)
  let decoder = FrameDecoder()
  var frames: [Data] = []
  let packing = try seconds {
    for start in stride(from: 0, to: runs.count, by: perFrame) {
      let group = runs[start..<min(start + perFrame, runs.count)]
      for curve in 0..<4 {
        frames.append(try encoder.pack(group.flatMap { $0[curve] }, lengths: group.map { $0[curve].count }))
      }
    }
  }
  var generator = SeededGenerator(seed: 1)
  var times: [Double] = []
  var checked = 0.0
  for _ in 0..<20_000 {
    let run = generator.integer(below: runs.count)
    let curve = generator.integer(below: 4)
    let frame = frames[run / perFrame * 4 + curve]
    var values: [Double] = []
    times.append(
      try frame.withUnsafeBytes { bytes in
        try seconds { values = try decoder.decode(bytes, piece: run % perFrame).doubles() }
      })
    guard values == runs[run][curve] else { fatalError("run \(run) came back changed") }
    checked += Double(values.count)
  }
  times.sort()
  let bytes = frames.reduce(0) { $0 + $1.count }
  print(
    "curves: \(perFrame) runs a frame, level \(level): \(text(Double(bytes) / 1e6, 3)) MB, packed in \(text(packing)) s,",
    "one curve \(text(times[times.count / 2] * 1e6)) µs median, \(text(times[times.count * 99 / 100] * 1e6)) µs p99")
}

func benchSteps(level: Int) throws {
  var generator = SeededGenerator(seed: 2)
  let values = (0..<1 << 14).map { _ in Double(100_000 + generator.integer(below: 850_001)) / 1e6 }
  let encoder = FrameEncoder(level: level)
  let decoder = FrameDecoder()
  var frame = Data()
  let rounds = 50
  let packing = try seconds { for _ in 0..<rounds { frame = try encoder.pack(values) } } / Double(rounds)
  var sum = 0
  let unpacking =
    try seconds { for _ in 0..<1_000 { sum += try decoder.decode(frame, count: values.count).count } } / 1_000
  let column = try decoder.decode(frame)
  let converting = seconds { for _ in 0..<1_000 { sum += column.doubles().count } } / 1_000
  let direct = try encoder.pack(values, direct: true)
  var value = 0.0
  let seeking =
    try seconds {
      for index in 0..<1_000 { value += try decoder.decode(direct, in: index..<index + 1)[0] ?? 0 }
    } / 1_000
  guard column.doubles() == values, value > 0, sum > 0 else { fatalError("the column came back changed") }
  let count = Double(values.count)
  print(
    "steps of 1e-6, level \(level): \(text(Double(frame.count) / count, 3)) bytes a value,",
    "packing \(text(count / packing / 1e6)) M values/s, unpacking \(text(count / unpacking / 1e6)) M/s,",
    "to doubles \(text(count / converting / 1e6)) M/s, one value of a direct frame \(text(seeking * 1e6)) µs")
}

for level in [6, 9, 12] { try benchSteps(level: level) }
if CommandLine.arguments.count > 1 {
  let runs = try spikeNAS(CommandLine.arguments[1])
  for perFrame in [4, 6, 8, 16] {
    for level in [6, 9, 12] { try benchCurves(runs, perFrame: perFrame, level: level) }
  }
}
