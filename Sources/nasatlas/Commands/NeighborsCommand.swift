import ArgumentParser
import Benchmarks
import Records
import Reports

/// `nasatlas neighbors`: what one change of an architecture does.
struct NeighborsCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "neighbors",
    abstract: "List the neighbors of an architecture, best first.",
    usage: "nasatlas neighbors <atlas> --architecture <architecture> [<options>]",
    discussion: """
      Neighbors differ from the architecture by one elementary change of the space. The list has the neighbors that \
      have a value in the atlas. The architecture itself need not be in the atlas, unless you name it by its id. In a \
      grid with ranges, the neighbors are the nearest points of the atlas, two for each parameter.

      Examples:
        nasatlas neighbors my.atlas -a ID
        nasatlas neighbors my.atlas -a nats:6111 --dataset cifar10 --split test
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Option(name: [.short, .long], help: "Id, canonical text, place:NUMBER or another name that the space knows.")
  var architecture: String

  @OptionGroup var setting: SettingOptions
  @OptionGroup var metric: MetricOptions
  @OptionGroup var runs: RunOptions
  @OptionGroup var output: OutputOptions

  func validate() throws { _ = try metric.onlySplit() }

  func run() throws {
    let benchmark = try Benchmark(path: atlas)
    let (space, text) = try benchmark.spelling(of: architecture, space: setting.space)
    var question = setting.question
    question.space = space
    let lookup = try benchmark.lookup(question.about(metric, split: try metric.onlySplit(), runs))
    let answer = try benchmark.neighbors(ofText: text, lookup)
    try output.json ? Output.json(answer) : Output.data(answer.text(benchmark))
  }
}

extension NeighborAnswer {
  func text(_ benchmark: Benchmark) -> String {
    let own = value.map { "itself \(NumberText.value($0))" } ?? "not in the atlas itself"
    let heading =
      "neighbors of \(ArchitectureText.short(id)) (\(own)) by \(context.words), \(context.epochWords), "
      + "\(context.seedWords()); \(NumberText.count(places.count)) of \(NumberText.count(neighbors)) have a value, "
      + "\(context.largerIsBetter ? "larger" : "smaller") is better; measured, atlas \(context.atlasDigest.short)"
    var lines = [Output.wrapped(heading)] + ArchitectureText.lines(canonicalText, width: 76).map { "  " + $0 }
    if places.isEmpty { return lines.joined(separator: "\n") }
    let names = places.map { benchmark.shortName($0.architecture) }
    var table = ArchitectureTable(
      [("rank", .right), ("value", .right)] + (value == nil ? [] : [("change", .right)]) + [("runs", .right)],
      names: names.contains { $0 != nil })
    for (place, name) in zip(places, names) {
      let change = value.map { place.value - $0 }.map { [($0 < 0 ? "" : "+") + NumberText.value($0)] } ?? []
      table.add(
        ["\(place.rank)", NumberText.value(place.value)] + change + ["\(place.runs)"], place.architecture, name: name)
    }
    lines += table.lines
    return lines.joined(separator: "\n")
  }
}
