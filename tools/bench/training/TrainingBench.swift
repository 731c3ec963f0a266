import Foundation
import Nets
import Records

/// Steps per second of our networks over PyTorch's, interleaved in one run, one thread each.
///
///     training-bench PYTHON PEER_SCRIPT [--eager-only] [--rounds N] [--size large|small] [--only INDEX] [--ours-only]
@main
struct TrainingBench {
  static func main() throws {
    var arguments = Array(CommandLine.arguments.dropFirst())
    func option(_ name: String) -> String? {
      guard let place = arguments.firstIndex(of: name), place + 1 < arguments.count else { return nil }
      let value = arguments[place + 1]
      arguments.removeSubrange(place...place + 1)
      return value
    }
    func flag(_ name: String) -> Bool {
      guard let place = arguments.firstIndex(of: name) else { return false }
      arguments.remove(at: place)
      return true
    }
    let rounds = option("--rounds").flatMap(Int.init) ?? 5
    let only = option("--only").flatMap(Int.init)
    let sizeName = option("--size")
    let modes = flag("--eager-only") ? ["eager"] : ["eager", "compiled"]
    let oursOnly = flag("--ours-only")
    let peer = oursOnly ? nil : try Peer(python: arguments[0], script: arguments[1])
    guard let instructionSet = machineInstructionSet else {
      FileHandle.standardError.write(Data("this machine has no AVX2 with FMA\n".utf8))
      exit(69)
    }
    let events = SyntheticEvents()
    say("instruction set \(instructionSet.rawValue), OPENBLAS_CORETYPE \(environment("OPENBLAS_CORETYPE"))")
    for size in [BenchNetwork.Size.large, .small] where sizeName == nil || sizeName == size.name {
      var ratios: [Double] = []
      for (index, network) in BenchNetwork.all.enumerated() where only == nil || only == index {
        let trainer = Trainer(network.blueprint(size), batch: size.batch, instructionSet, events)
        var steps = 5
        while trainer.seconds(steps) < 0.25 { steps *= 2 }
        var usable: [String] = []
        var peerSteps = steps
        for mode in modes {
          guard let peer else { break }
          let answer = try peer.ask("prepare \(index) \(size.name) \(mode)")
          if let error = answer.error { say("  peer \(mode): \(error)") } else { usable.append(mode) }
        }
        var ours: [Double] = []
        var theirs: [String: [Double]] = [:]
        for _ in 0..<rounds {
          ours.append(trainer.seconds(steps) / Double(steps))
          for mode in usable {
            guard let peer else { break }
            _ = try peer.ask("prepare \(index) \(size.name) \(mode)")
            if theirs.isEmpty {
              let trial = try peer.ask("steps 3").seconds ?? 1
              peerSteps = max(3, Int(0.5 / (trial / 3)))
            }
            let seconds = try peer.ask("steps \(peerSteps)").seconds ?? .nan
            theirs[mode, default: []].append(seconds / Double(peerSteps))
          }
        }
        let best = theirs.mapValues(median).min { $0.value < $1.value }
        var line =
          "\(size.name) \(network.name): ours \(format(median(ours) * 1e3)) ms (min \(format(ours.min()! * 1e3)))"
        if let best, let times = theirs[best.key] {
          let ratio = median(zip(times, ours).map { $0 / $1 })
          ratios.append(ratio)
          for (mode, values) in theirs.sorted(by: { $0.key < $1.key }) {
            line += ", \(mode) \(format(median(values) * 1e3)) ms"
          }
          line += ", ratio \(format(ratio)) over \(best.key)"
        }
        say(line)
      }
      guard !ratios.isEmpty else { continue }
      let mean = exp(ratios.map { log($0) }.reduce(0, +) / Double(ratios.count))
      if size.name == "large" {
        say("figure training-ratio-geomean \(format(mean)) x (peer 1, bar 3)")
        say("figure training-ratio-min \(format(ratios.min()!)) x (peer 1, bar 1.5)")
      } else {
        say("figure training-small-ratio-geomean \(format(mean)) x (peer 1, bar 8)")
      }
    }
    peer?.quit()
  }

  /// A line at once, whatever standard output is.
  static func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  static func format(_ value: Double) -> String { String(format: "%.2f", value) }

  static func environment(_ name: String) -> String { ProcessInfo.processInfo.environment[name] ?? "automatic" }

  static var machineInstructionSet: InstructionSet? {
    let listing = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = listing.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
    let widest = InstructionSet.widest(flags: Set(line.split(separator: " ").map(String.init)))
    return environment("NASATLAS_INSTRUCTION_SET") == "avx2" ? .avx2 : widest
  }
}

/// Our side: one network, AdamW.
final class Trainer {
  private let network: SequenceNetwork
  private let optimizer: Optimizer
  private let events: SyntheticEvents
  private let batch: Int
  private var step: UInt64 = 0
  private let loss = ClassificationLoss(classWeights: [1, 1])

  init(_ blueprint: NetworkBlueprint, batch: Int, _ instructionSet: InstructionSet, _ events: SyntheticEvents) {
    network = SequenceNetwork(blueprint, batchSize: batch, instructionSet: instructionSet)
    network.initialise(from: .init(seed: 1), decoderDepth: .faithful)
    optimizer = Optimizer(OptimizerSettings(kind: .adamW, learningRate: 1e-3, weightDecay: 1e-2), for: network)
    self.events = events
    self.batch = batch
  }

  func seconds(_ steps: Int) -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    for _ in 0..<steps {
      step += 1
      events.withBatch(of: batch) { rows, labels in
        _ = network.gradients(rows, labels: labels, loss: loss, stepKey: step)
        optimizer.step(learningRate: 1e-3)
      }
    }
    return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
  }
}
