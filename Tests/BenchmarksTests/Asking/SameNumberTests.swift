import Benchmarks
import Foundation
import Records
import Store
import Synchronization
import Testing

/// One number, whichever way it is asked for.
@Suite struct SameNumberTests {
  /// Doubles that decimal columns, curves and mixtures of both must bring back bit for bit.
  private static let numbers: [Double] = [
    59.7, 0.1 + 0.2, 1e-300, -0.0, 1.0 / 3, 94.373_333_333_333_33, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
    100,
    -12.345_678_9,
  ]

  @Test(arguments: [false, true])
  func everyPathHasTheNumberOfTheFile(preload: Bool) throws {
    var generator = SeededGenerator(seed: 9)
    var told: [String: [Double]] = [:]
    var lines = [CardLine.dataset("d"), CardLine.trainingProtocol("p", epochs: 3)]
    for index in 0..<200 {
      let values = (0..<3).map { _ in
        generator.chance(0.5)
          ? generator.pick(Self.numbers) : Double(generator.integer(below: 10_000)) / 100
      }
      told["nats:\(index)"] = values
      lines.append(
        #"{"run":{"key":{"space":"nasbench201","architecture":"nats:\#(index)","dataset":"d","protocol":"p","#
          + #""seed":1},"curves":[{"metric":"accuracy_percent","split":"test","values":\#(values)}]}}"#)
    }
    let table = try PublishedAtlas(lines: lines)
    let benchmark = try Benchmark(path: table.path, preload: preload)
    let last = try benchmark.lookup(Question(split: .test))
    for (form, values) in told {
      let entry = try benchmark.architecture(form)
      let bits = values.map(\.bitPattern)
      let run = try #require(try last.setting.runs(ofArchitecture: entry.row).first)
      #expect(try last.value(of: entry.id)?.bitPattern == bits[2])
      #expect(try last.value(ofArchitecture: entry.row)?.bitPattern == bits[2])
      #expect(try last.value(ofRun: run)?.value.bitPattern == bits[2])
      #expect(try last.answer(entry).points.map(\.value.bitPattern) == [bits[2]])
      #expect(try last.curves(entry).runs.map { $0.values.map(\.bitPattern) } == [bits])
      let curve = try #require(try last.setting.curve(ofRun: run, .accuracyPercent, .test))
      #expect(curve.values.map(\.bitPattern) == bits)
      let record = try benchmark.atlas.record(ofRun: run, in: last.setting)
      #expect(record.curves.map { $0.values.map(\.bitPattern) } == [bits])
      for epoch in 1...3 {
        let lookup = try benchmark.lookup(Question(split: .test, epoch: .number(epoch)))
        #expect(try lookup.value(of: entry.id)?.bitPattern == bits[epoch - 1])
      }
    }
  }

  /// Eight threads at once, on a benchmark that has read nothing yet.
  @Test func eightThreadsGetTheAnswersOfOne() throws {
    let table = try GridTable(seed: 11)
    let names = table.rows.map(\.architecture)
    @Sendable func ask(_ benchmark: Benchmark) throws -> [String] {
      let lookup = try benchmark.lookup(Question(dataset: "first"))
      return try names.map { name in
        let entry = try benchmark.architecture(name)
        let again = try benchmark.architecture(entry.id.hex)
        let value = try lookup.value(of: entry.id).map(\.description) ?? "none"
        let curves = (try? lookup.curves(again)).map { "\($0.runs.map(\.values))" } ?? "none"
        let answer = (try? lookup.answer(entry)).map { "\($0.points.map(\.value)) \($0.value ?? 0)" } ?? "none"
        let record = try lookup.setting.runs(ofArchitecture: entry.row).map {
          try benchmark.atlas.record(ofRun: $0, in: lookup.setting).curves
        }
        return "\(entry.row) \(value) \(curves) \(answer) \(record)"
      } + [try "\(benchmark.top(10, lookup).places)"]
    }
    let expected = try ask(Benchmark(path: table.atlas.path))
    #expect(Set(expected).count == names.count + 1)
    for _ in 0..<5 {
      let fresh = try Benchmark(path: table.atlas.path)
      let equal = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: 8) { _ in
        if (try? ask(fresh)) == expected { equal.wrappingAdd(1, ordering: .relaxed) }
      }
      #expect(equal.load(ordering: .relaxed) == 8)
    }
  }
}
