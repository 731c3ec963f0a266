public import Datasets
public import Nets
public import Records
public import Spaces

/// Classifiers of the SeqNAS space on sequences of events.
public final class EventSequenceTask: TrainingTask {
  public static let space = "seqnas"

  private let dataset: EventDataset
  private let settings: EventNetworkSettings
  private let dimensions: EventSequenceDimensions
  private let drawn: EventSequenceSpace
  private var loader: BatchLoader?

  /// Throws ``TrainingError/noNetworkSection(space:found:)`` for a protocol of another space, ``TrainingError/setting`` for
  /// one outside its ranges, and `EventSequenceError` for sizes that no network can have.
  public init(_ dataset: EventDataset, _ trainingProtocol: TrainingProtocol) throws {
    self.dataset = dataset
    settings = try EventNetworkSettings(trainingProtocol)
    dimensions = try settings.dimensions(for: dataset)
    drawn = EventSequenceSpace(hasNumericFeatures: dataset.numericCount > 0)
  }

  public var space: any TextualSpace { EventSequenceByText(hasNumericFeatures: drawn.hasNumericFeatures) }
  public var card: DatasetCard { dataset.card }
  public var classCount: Int { dataset.classCount }

  public func labels(_ split: Split) -> [Int32] { dataset[split].labels }

  public func counts(_ architecture: String) throws -> Counts {
    try EventSequenceCounts.counts(self.architecture(architecture), dimensions)
  }

  public func network(
    _ architecture: String, capacity: Int, instructionSet: InstructionSet
  ) throws -> any TrainableNetwork {
    let blueprint = settings.blueprint(try self.architecture(architecture), dimensions)
    if loader.map({ $0.capacity < capacity }) ?? true { loader = BatchLoader(dataset, capacity: capacity) }
    guard let loader else { preconditionFailure("the loader was made above") }
    return EventSequenceNetwork(
      SequenceNetwork(blueprint, batchSize: capacity, instructionSet: instructionSet), loader, dataset,
      decoderDepth: settings.decoderDepth)
  }

  private func architecture(_ text: String) throws -> EventSequenceArchitecture { try drawn.parse(text) }
}

/// A network of the SeqNAS space that reads its batches by row numbers.
final class EventSequenceNetwork: TrainableNetwork {
  private let network: SequenceNetwork
  private let loader: BatchLoader
  private let dataset: EventDataset
  private let decoderDepth: DecoderDepth
  private var batch: EventBatch

  init(_ network: SequenceNetwork, _ loader: BatchLoader, _ dataset: EventDataset, decoderDepth: DecoderDepth) {
    self.network = network
    self.loader = loader
    self.dataset = dataset
    self.decoderDepth = decoderDepth
    batch = loader.gather(dataset.train, [], 0, 0)
  }

  var parameterCount: Int { network.parameterCount }
  var isFinite: Bool { network.isFinite }

  func initialise(from generator: SeededGenerator) { network.initialise(from: generator, decoderDepth: decoderDepth) }

  func state() throws -> ArrayArchive { try network.state() }

  func restore(_ state: ArrayArchive) throws { try network.restore(state) }

  func adopt(_ state: ArrayArchive) throws -> [String] { try network.adopt(state) }

  func makeOptimizer(_ settings: OptimizerSettings) -> Optimizer { Optimizer(settings, for: network) }

  func load(_ split: Split, _ order: [Int32], _ first: Int, _ count: Int) {
    batch = loader.gather(dataset[split], order, first, count)
  }

  func gradients(loss: ClassificationLoss, teachers: [UnsafePointer<Float>], stepKey: UInt64) -> Float {
    network.gradients(batch, labels: UnsafePointer(loader.labels), loss: loss, teachers: teachers, stepKey: stepKey)
  }

  func forward() { network.forward(batch, training: false) }

  func logit(row: Int, class index: Int) -> Float { network.logit(row: row, class: index) }
}
