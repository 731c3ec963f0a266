public import Records

/// What training changes, as named arrays: to continue a training, to predict later, and to start another network.
extension SequenceNetwork {
  /// Parameters by the names that PyTorch gives them, row-major, with their shapes in the settings; `stem.norm` also has
  /// `running_mean` and `running_var`.
  public func state() throws -> ArrayArchive {
    var archive = ArrayArchive(kind: "network")
    try archive.setSettings(NetworkSettings(shapes: shapes))
    for tensor in parameters.tensors { archive.set(tensor.name, parameters.read(tensor)) }
    for (name, values, count) in statistics { archive.set(name, (0..<count).map { values[$0] }) }
    return archive
  }

  /// Takes all that ``state()`` of a network of the same blueprint has. Throws ``DamagedArchive``, and changes nothing,
  /// for any other archive.
  public func restore(_ archive: ArrayArchive) throws {
    guard archive.kind == "network", try archive.settings(NetworkSettings.self).shapes == shapes else {
      throw DamagedArchive("its weights are those of another network")
    }
    let tensors = try parameters.tensors.map { ($0, try archive.floats($0.name, count: $0.count)) }
    let kept = try statistics.map { ($0.values, try archive.floats($0.name, count: $0.count)) }
    for (tensor, values) in tensors { parameters.fill(tensor) { values[$0] } }
    for (place, values) in kept { for (index, value) in values.enumerated() { place[index] = value } }
  }

  /// Takes the tensors that another network's ``state()`` has under the same name and with the same shape; returns their
  /// names. The others stay as they are.
  public func adopt(_ archive: ArrayArchive) throws -> [String] {
    let theirs = try archive.settings(NetworkSettings.self).shapes
    var adopted: [String] = []
    for tensor in parameters.tensors where theirs[tensor.name] == tensor.shape {
      let values = try archive.floats(tensor.name, count: tensor.count)
      parameters.fill(tensor) { values[$0] }
      adopted.append(tensor.name)
    }
    for (name, place, count) in statistics where theirs[name] == [count] {
      for (index, value) in try archive.floats(name, count: count).enumerated() { place[index] = value }
      adopted.append(name)
    }
    return adopted
  }

  private struct NetworkSettings: Codable {
    var shapes: [String: [Int]]
  }

  private var shapes: [String: [Int]] {
    var shapes = Dictionary(uniqueKeysWithValues: parameters.tensors.map { ($0.name, $0.shape) })
    for (name, _, count) in statistics { shapes[name] = [count] }
    return shapes
  }

  private var statistics: [(name: String, values: Floats, count: Int)] {
    let count = blueprint.stem.numericCount
    guard count > 0 else { return [] }
    return [
      ("stem.norm.running_mean", stem.runningMean, count), ("stem.norm.running_var", stem.runningVariance, count),
    ]
  }
}

extension Optimizer {
  /// The moments of each tensor as `first.NAME` and `second.NAME`, row-major, and the steps taken.
  public func state() throws -> ArrayArchive {
    var archive = ArrayArchive(kind: "optimizer")
    try archive.setSettings(OptimizerState(settings: settings, steps: steps))
    for tensor in parameters.tensors {
      archive.set("first." + tensor.name, tensor.read(first))
      archive.set("second." + tensor.name, tensor.read(second))
    }
    return archive
  }

  /// Takes all that ``state()`` of an optimizer of the same settings and parameters has. Throws ``DamagedArchive``, and
  /// changes nothing, for any other archive.
  public func restore(_ archive: ArrayArchive) throws {
    let state = try archive.settings(OptimizerState.self)
    guard archive.kind == "optimizer", state.settings == settings, state.steps >= 0 else {
      throw DamagedArchive("its optimizer has other settings")
    }
    let moments = try parameters.tensors.map { tensor in
      (
        tensor, try archive.floats("first." + tensor.name, count: tensor.count),
        try archive.floats("second." + tensor.name, count: tensor.count)
      )
    }
    for (tensor, ones, twos) in moments {
      tensor.fill(first) { ones[$0] }
      tensor.fill(second) { twos[$0] }
    }
    steps = state.steps
  }

  private struct OptimizerState: Codable {
    var settings: OptimizerSettings
    var steps: Int
  }
}
