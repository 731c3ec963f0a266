import ArgumentParser
import Datasets
import Foundation
import Records
import Spaces

/// `nasatlas sample`: architectures drawn from a space.
struct SampleCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Draw random architectures from a space.",
    usage: "nasatlas sample [--space <space>] [--count <count>] [--seed <seed>] [<options>]",
    discussion: """
      Draws from the distribution of the space's authors, if they define one. The same seed draws the same \
      architectures everywhere. Prints one line per architecture: id and canonical text. `nasatlas info` lists the \
      spaces. For seqnas, --dataset adds the number of parameters and the forward FLOPs of the network for that \
      data.

      Examples:
        nasatlas sample --space nasbench201 --count 3
        nasatlas sample --count 5 --seed 7 --no-numeric
        nasatlas sample --dataset nafld-age4 --json
        nasatlas sample --without gru --without decoder
      """)

  @Option(help: "The space.", completion: .list(SpaceCatalogue().names))
  var space = "seqnas"

  @Option(help: "Number of architectures, 1 to 1000000.")
  var count = 1

  @Option(help: "Random seed of the draw.")
  var seed: UInt64 = 1

  @OptionGroup var restriction: RestrictionOptions

  @Flag(help: "seqnas: draw architectures without a stem, for data without numeric features.")
  var noNumeric = false

  @Option(help: "seqnas: count parameters and FLOPs on this data set.", completion: .list(DatasetRegistry.names))
  var dataset: String?

  @Option(help: "Width of heads and feed-forward layers, for counting.")
  var hidden = 32

  @Option(help: "Width of each embedding, for counting.")
  var embedding = 32

  @OptionGroup var output: OutputOptions

  func validate() throws {
    try Spelling.checkCount(count, option: "--count")
    if space != "seqnas", noNumeric || dataset != nil {
      throw ValidationError("--no-numeric and --dataset are for the space seqnas; leave out these options for \(space)")
    }
  }

  private struct Sample: Encodable {
    let id: ArchitectureID
    let canonicalText: String
    /// Names in published tables and other forms, such as the architecture vector.
    let identifiers: [ValueReport.Identifier]
    /// seqnas alone.
    let architectureVector: String?
    let counts: Counts?
  }

  func run() throws {
    let samples = try space == "seqnas" ? drawEventSequences() : drawByText()
    if output.json { return try Output.json(samples) }
    for sample in samples {
      guard let counts = sample.counts else {
        try Output.data("\(sample.id)  \(sample.canonicalText)")
        continue
      }
      try Output.data("\(sample.id)  \(NumberText.count(counts.parameters ?? 0)) parameters, \(flops(counts))")
      try Output.data("  \(sample.canonicalText)")
    }
  }

  private func drawByText() throws -> [Sample] {
    let catalogue = SpaceCatalogue()
    guard catalogue.names.contains(space) else {
      throw CommandError.unknownSpace(name: space, known: catalogue.names)
    }
    let drawn = try restricted(try catalogue.space(space))
    var generator = SeededGenerator(seed: seed).stream("sample")
    return try (0..<count).map { _ in
      let text = try drawn.sample(using: &generator)
      return Sample(
        id: ArchitectureID(space: space, canonicalText: text), canonicalText: text,
        identifiers: try drawn.identifiers(of: text).map { .init(name: $0.name, value: $0.value) },
        architectureVector: nil, counts: nil)
    }
  }

  private func drawEventSequences() throws -> [Sample] {
    let dimensions = try dataset.map(self.dimensions)
    if let dataset, let dimensions, noNumeric, dimensions.hasNumericFeatures {
      throw CommandError.numericFeatures(dataset: dataset)
    }
    let rules = EventSequenceSpace(hasNumericFeatures: dimensions?.hasNumericFeatures ?? !noNumeric)
    let drawn = try restricted(EventSequenceByText(hasNumericFeatures: rules.hasNumericFeatures))
    var generator = SeededGenerator(seed: seed).stream("sample")
    return try (0..<count).map { _ in
      let architecture = try rules.parse(drawn.sample(using: &generator))
      let vector = architecture.architectureVector.map(String.init).joined()
      return Sample(
        id: rules.id(of: architecture), canonicalText: architecture.canonicalText,
        identifiers: [.init(name: "avec", value: vector)], architectureVector: vector,
        counts: try dimensions.map { try EventSequenceCounts.counts(architecture, $0) })
    }
  }

  /// The space without what is closed; says how many architectures are left.
  private func restricted(_ whole: any TextualSpace) throws -> any TextualSpace {
    let open = try restriction.restricted(whole)
    if open is RestrictedSpace, let left = open.architectureCount, let all = whole.architectureCount {
      Output.note("\(NumberText.count(left)) of \(NumberText.count(all)) architectures are open")
    }
    return open
  }

  private func flops(_ counts: Counts) -> String { "\(NumberText.count(counts.flops ?? 0)) FLOPs" }

  private func dimensions(_ name: String) throws -> EventSequenceDimensions {
    let registry = try DatasetRegistry(environment: ProcessInfo.processInfo.environment)
    let data = try registry.load(name: name)
    return try EventSequenceDimensions(
      categoricalCardinalities: data.categoricalCardinalities, categoricalEmbedding: .fixed(embedding),
      numericEmbedding: .fixed(embedding), numericCount: data.numericCount, sequenceLength: data.sequenceLength,
      classCount: data.classCount, hidden: hidden)
  }
}
