import Benchmarks
import Records

// Random search on NAS-Bench-201: 200 architectures, the best by validation accuracy on CIFAR-10.
let path = CommandLine.arguments.dropFirst().first ?? "nasbench201.atlas"
let benchmark = try Benchmark(path: path)
let lookup = try benchmark.lookup(Question(dataset: "cifar10"))
var draw = SeededGenerator(seed: 1)
var best: (row: Int, value: Double)?
for _ in 0..<200 {
  let row = try benchmark.randomRow(in: lookup.setting, using: &draw)
  guard let value = try lookup.value(ofArchitecture: row) else { continue }
  if value > best?.value ?? -.infinity { best = (row, value) }
}
if let best, let found = try benchmark.atlas.architecture(row: best.row) {
  print("found \(best.value) \(lookup.card.unit): \(found.canonicalText)")
}
