public import Datasets
public import Nets
public import Records
public import Spaces

/// A space joined with a data set and a protocol: what the loop trains.
///
/// Each task is a folder beside this file, and a line in ``TrainingTasks``. Loop, metrics, latency and records are no matter
/// of a task.
public protocol TrainingTask: AnyObject {
  /// The architectures that can be trained on the data.
  var space: any TextualSpace { get }
  var card: DatasetCard { get }
  /// C: the classes, and the logits that a network gives each row.
  var classCount: Int { get }

  /// The class of each row of a split.
  func labels(_ split: Split) -> [Int32]

  /// Sizes of the network of an architecture.
  func counts(_ architecture: String) throws -> Counts

  /// The network of an architecture, with memory for batches of `capacity` rows. Networks of one task share the memory of
  /// their batches, so one is used at a time.
  func network(
    _ architecture: String, capacity: Int, instructionSet: InstructionSet
  ) throws -> any TrainableNetwork
}

/// A network that reads the rows of its task's data.
public protocol TrainableNetwork: AnyObject {
  /// Trainable scalars.
  var parameterCount: Int { get }
  /// False once a parameter is NaN or infinite.
  var isFinite: Bool { get }

  /// Draws all parameters.
  func initialise(from generator: SeededGenerator)

  /// Everything that training changes, as named arrays.
  func state() throws -> ArrayArchive

  /// Takes the ``state()`` of a network of the same architecture. Throws `DamagedArchive`, and changes nothing, for any
  /// other archive.
  func restore(_ state: ArrayArchive) throws

  /// Takes those tensors of another network's ``state()`` that have the name and the shape of one of its own; returns their
  /// names.
  func adopt(_ state: ArrayArchive) throws -> [String]

  /// A new optimizer of the parameters.
  func makeOptimizer(_ settings: OptimizerSettings) -> Optimizer

  /// Makes the rows `order[first..<first + count]` of a split the batch of the next passes.
  func load(_ split: Split, _ order: [Int32], _ first: Int, _ count: Int)

  /// A training step without the update, on the loaded batch. Returns the loss. `stepKey` decides the dropout masks.
  func gradients(loss: ClassificationLoss, teachers: [UnsafePointer<Float>], stepKey: UInt64) -> Float

  /// Computes the logits of the loaded batch, without dropout.
  func forward()

  /// Logit of a row and class of the last pass.
  func logit(row: Int, class index: Int) -> Float
}

/// Every task, by its space.
public enum TrainingTasks {
  /// The spaces whose architectures can be trained.
  public static let spaces = [EventSequenceTask.space]

  /// The task of a space on a data set. Throws ``TrainingError/noTask(space:known:)`` and what the task says against the
  /// protocol.
  public static func make(
    space: String, dataset: EventDataset, trainingProtocol: TrainingProtocol
  ) throws -> any TrainingTask {
    switch space {
    case EventSequenceTask.space: try EventSequenceTask(dataset, trainingProtocol)
    default: throw TrainingError.noTask(space: space, known: spaces)
    }
  }
}
