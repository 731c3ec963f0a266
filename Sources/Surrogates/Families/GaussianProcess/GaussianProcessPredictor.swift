import Foundation
package import Records

/// Gaussian processes with one kernel and one or more settings of its hyperparameters, all conditioned on one training
/// set; predictions mix them.
package struct GaussianProcessPredictor: Predictor {
  package static let kind = "gaussian-process"

  /// One setting of the hyperparameters, the noise's last, all logarithms.
  private struct Member {
    let parameters: [Double]
    let process: ConditionedProcess

    var noiseVariance: Double { exp(parameters[parameters.count - 1]) }
    var kernelParameters: [Double] { Array(parameters.dropLast()) }
  }

  private let program: KernelProgram
  private let blocks: [FeatureMatrix.Block]
  /// C×N.
  private let inputs: [Double]
  /// N.
  private let count: Int
  private let mean: Double
  private let scale: Double
  private let members: [Member]

  package init(
    program: KernelProgram, features: FeatureMatrix, values: StandardisedValues, hyperparameters: [[Double]]
  ) throws {
    self.program = program
    blocks = features.blocks
    inputs = program.inputs(features)
    count = features.count
    mean = values.mean
    scale = values.scale
    let model = ProgramCovariance(program, features)
    members = try hyperparameters.map { parameters in
      let process = try ConditionedProcess(
        model.covariance(Array(parameters.dropLast())), noiseVariance: exp(parameters[parameters.count - 1]),
        values: values.standardised)
      return Member(parameters: parameters, process: process)
    }
  }

  package var encodings: [EncodingChoice] { blocks.map { EncodingChoice($0.name) } }

  package func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    let chosen = try features.selecting(encodings)
    guard chosen.blocks == blocks else {
      throw SurrogatesError.shape("the model knows \(blocks.map(\.width)) columns, not \(chosen.blocks.map(\.width))")
    }
    return try stride(from: 0, to: chosen.count, by: 64).map { $0..<min($0 + 64, chosen.count) }
      .concurrentMap { predictions(chosen.rows($0)) }
      .flatMap { $0 }
  }

  private func predictions(_ features: FeatureMatrix) -> [Prediction] {
    let rows = features.count
    let columns = program.inputs(features)
    let width = program.columns.count
    let byMember = members.map { member in
      let kernel = KernelRows(program, inputs: inputs, count: count, parameters: member.kernelParameters)
      var cross = [Double](repeating: 0, count: rows * count)
      cross.withUnsafeMutableBufferPointer { cross in
        guard let base = cross.baseAddress else { return }
        for row in 0..<rows {
          kernel.compute((0..<width).map { columns[$0 * rows + row] }, to: base + row * count)
        }
      }
      let variance = program.variance(member.kernelParameters)
      return member.process.predict(cross, variances: .init(repeating: variance, count: rows))
    }
    return (0..<rows).map { row in
      mixture(byMember.map { $0[row] }, noises: members.map(\.noiseVariance))
    }
  }

  /// What the members would say of each training value had they not seen it.
  package func leaveOneOut() throws -> [Prediction] {
    let byMember = try members.map { member in
      try member.process.leaveOneOut().map { (mean: $0.mean, variance: max(0, $0.variance - member.noiseVariance)) }
    }
    return (0..<count).map { row in mixture(byMember.map { $0[row] }, noises: members.map(\.noiseVariance)) }
  }

  /// The mixture's mean; the variance of its means and within them; the mean noise.
  private func mixture(_ parts: [(mean: Double, variance: Double)], noises: [Double]) -> Prediction {
    let share = 1 / Double(parts.count)
    let centre = parts.reduce(0) { $0 + $1.mean } * share
    let within = parts.reduce(0) { $0 + $1.variance } * share
    let between = parts.reduce(0) { $0 + ($1.mean - centre) * ($1.mean - centre) } * share
    return Prediction(
      mean: mean + scale * centre, aleatoric: scale * (noises.reduce(0, +) * share).squareRoot(),
      epistemic: scale * (within + between).squareRoot())
  }

  // MARK: Model file

  private struct Settings: Codable {
    let program: KernelProgram
    let blocks: [FeatureMatrix.Block]
    let count: Int
    let members: Int
    let mean: Double
    let scale: Double
  }

  package func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(
      Settings(
        program: program, blocks: blocks, count: count, members: members.count, mean: mean, scale: scale))
    archive.set("inputs", inputs)
    archive.set("hyperparameters", members.flatMap(\.parameters))
    archive.set("weights", members.flatMap(\.process.weights))
    archive.set("factors", members.flatMap(\.process.packedFactor))
  }

  package init(from archive: ArrayArchive) throws {
    let settings = try archive.settings(Settings.self)
    let width = settings.blocks.reduce(0) { $0 + max(0, $1.width) }
    guard settings.program.isConsistent(width: width), settings.blocks.allSatisfy({ $0.width >= 0 }),
      (1...46_000).contains(settings.count), (1...10_000).contains(settings.members),
      settings.mean.isFinite, settings.scale.isFinite, settings.scale > 0
    else { throw DamagedArchive("the settings of \(Self.kind) contradict each other") }
    program = settings.program
    blocks = settings.blocks
    count = settings.count
    mean = settings.mean
    scale = settings.scale
    inputs = try archive.doubles("inputs", count: count * program.columns.count)
    let parameterCount = program.parameterCount + 1
    let packedCount = count * (count + 1) / 2
    let parameters = try archive.doubles("hyperparameters", count: settings.members * parameterCount)
    let weights = try archive.doubles("weights", count: settings.members * count)
    let factors = try archive.doubles("factors", count: settings.members * packedCount)
    members = try (0..<settings.members).map { [count] member in
      Member(
        parameters: Array(parameters[member * parameterCount..<(member + 1) * parameterCount]),
        process: try ConditionedProcess(
          packed: Array(factors[member * packedCount..<(member + 1) * packedCount]),
          weights: Array(weights[member * count..<(member + 1) * count])))
    }
  }
}
