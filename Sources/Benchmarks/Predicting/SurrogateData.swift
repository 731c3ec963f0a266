import Records
import Spaces
public import Store
public import Surrogates

/// What a surrogate learns from: architectures of one setting and what the atlas answers for them.
public struct SurrogateData: Sendable {
  /// Canonical texts, in the order of the atlas.
  public let architectures: [String]
  /// One an architecture: the mean over the runs that count.
  public let values: [Double]
  /// Runs behind the values.
  public let runs: Int
}

extension Lookup {
  /// Everything that the atlas knows of what the lookup asks, over the runs that pass `filter`; `limit` architectures
  /// drawn by `seed` where there are more.
  ///
  /// Throws where that is nothing: as ``requireAnswers()``, `noRunPasses`, or `noValues` where no value is finite or the
  /// filter leaves none.
  public func surrogateData(
    where filter: FilterExpression? = nil, limit: Int? = nil, seed: UInt64 = 0
  ) throws -> SurrogateData {
    let reader = try FieldReader(filter?.fields ?? [], benchmark: benchmark, setting: setting)
    let choice = try RunFilter(seeds: seeds, filter: filter, reader: reader)
    let data = try benchmark.surrogateData(in: setting, limit: limit, seed: seed) { row in
      try benchmark.mean(self, row, choice)
    }
    guard let data else {
      try requireAnswers()
      try choice.requireRuns()
      throw BenchmarkError.noValues(of: measureName, setting: benchmark.name(setting), omitted: [])
    }
    return data
  }

  /// What a surrogate of this lookup stands in for.
  public var surrogateSubject: SurrogateSubject {
    let context = context
    return SurrogateSubject(
      atlasDigest: context.atlasDigest, space: context.space, dataset: context.dataset,
      datasetDigest: context.datasetDigest, protocolName: context.protocolName, protocolDigest: context.protocolDigest,
      metric: context.metric, unit: context.unit, largerIsBetter: context.largerIsBetter, split: context.split,
      epoch: context.epoch)
  }

  /// As `Benchmark.encoder(_:in:)`, for the lookup's setting.
  public func encoder(_ choices: [EncodingChoice]) throws -> ArchitectureEncoder {
    try benchmark.encoder(choices, in: setting)
  }
}

extension Benchmark {
  /// What the atlas knows of a field, spelled as filters spell it, over the completed runs that pass `filter`: means of
  /// what belongs to runs, such as `train_seconds`, and what was measured of architectures.
  ///
  /// Throws for fields that the setting does not have, for texts, `noRunPasses` where no run passes, and `noValues` where nothing is
  /// known.
  public func surrogateData(
    of field: FilterField, in setting: Setting, where filter: FilterExpression? = nil
  ) throws -> SurrogateData {
    let reader = try FieldReader((filter?.fields ?? []) + [field], benchmark: self, setting: setting)
    let choice = try RunFilter(seeds: .mean, filter: filter, reader: reader)
    let data = try surrogateData(in: setting) { try reader.mean(field, runs: choice.runs(ofArchitecture: $0)) }
    guard let data else {
      try choice.requireRuns()
      throw BenchmarkError.noValues(of: field.text, setting: name(setting), omitted: [])
    }
    return data
  }

  /// The unit of a field's numbers; `1` where nothing tells it.
  public func unit(of field: FilterField, in setting: Setting) throws -> String {
    try FieldReader([field], benchmark: self, setting: setting).unit(field) ?? "1"
  }

  /// What `value` gives for the architectures of a setting, nil for nothing; `limit` of them drawn by `seed` where there
  /// are more.
  fileprivate func surrogateData(
    in setting: Setting, limit: Int? = nil, seed: UInt64 = 0, _ value: (Int) throws -> (value: Double, count: Int)?
  ) throws -> SurrogateData? {
    var found: [(row: Int, value: Double, runs: Int)] = []
    for row in setting.spaceRows {
      guard let mean = try value(row), mean.value.isFinite else { continue }
      found.append((row, mean.value, mean.count))
    }
    if let limit, found.count > limit {
      var generator = SeededGenerator(seed: seed).stream("surrogate data")
      generator.shuffle(&found)
      found = found.prefix(limit).sorted { $0.row < $1.row }
    }
    guard !found.isEmpty else { return nil }
    return SurrogateData(
      architectures: try found.map { try canonicalText(ofRow: $0.row) }, values: found.map(\.value),
      runs: found.reduce(0) { $0 + $1.runs })
  }

  /// The same of an atlas without runs: a measurement of the architectures of `space`, on `dataset` where a quantity was
  /// measured on several. `runs` is 0.
  public func measuredData(
    of field: FilterField, space: String, dataset: String?, where condition: String? = nil
  ) throws -> SurrogateData {
    try checkMeasured(dataset, space: space)
    let filter = try condition.map { try self.filter($0, measuredIn: space) }
    let passing = try filter.map { Set(try rows(where: $0, space: space, dataset: dataset)) }
    var found: [(row: Int, value: Double)] = []
    try measuredQuantity(field, space: space, dataset: dataset).forEach { row, value in
      if value.isFinite, passing?.contains(row) ?? true { found.append((row, value)) }
    }
    return SurrogateData(
      architectures: try found.map { try canonicalText(ofRow: $0.row) }, values: found.map(\.value), runs: 0)
  }

  /// Writes architectures of a setting's space as `choices` ask; measured quantities are those of the atlas, spelled as
  /// filters spell them.
  ///
  /// Throws for encodings, and for quantities, that are not there.
  public func encoder(_ choices: [EncodingChoice], in setting: Setting) throws -> ArchitectureEncoder {
    var readers: [String: @Sendable (Int) throws -> Double?] = [:]
    for case .measurement(let name) in choices {
      let field = try FilterField(parsing: name)
      let measured = try FieldReader.measured(
        field, self, space: setting.space, dataset: setting.dataset, setting.protocolDigest)
      if let measured {
        readers[name] = { try measured.value(ofArchitecture: $0) }
      } else {
        let reader = try FieldReader([field], benchmark: self, setting: setting)
        readers[name] = { row in try reader.mean(field, runs: Array(setting.runs(ofArchitecture: row)))?.value }
      }
    }
    return try encoder(choices, of: setting.space, readers)
  }

  /// The same of an atlas without runs.
  public func encoder(
    _ choices: [EncodingChoice], ofSpace space: String, dataset: String?
  ) throws -> ArchitectureEncoder {
    var readers: [String: @Sendable (Int) throws -> Double?] = [:]
    for case .measurement(let name) in choices {
      let quantity = try measuredQuantity(FilterField(parsing: name), space: space, dataset: dataset)
      readers[name] = { try quantity.value(ofArchitecture: $0) }
    }
    return try encoder(choices, of: space, readers)
  }

  private func encoder(
    _ choices: [EncodingChoice], of space: String, _ measured: [String: @Sendable (Int) throws -> Double?]
  ) throws -> ArchitectureEncoder {
    try ArchitectureEncoder(spaces.space(space), choices) { quantity, text in
      guard let row = try self.atlas.row(of: ArchitectureID(space: space, canonicalText: text)) else { return nil }
      return try measured[quantity]?(row)
    }
  }

  func canonicalText(ofRow row: Int) throws -> String {
    guard let entry = try atlas.architecture(row: row) else {
      throw BenchmarkError.unknownID(id: "row \(row)", atlas: atlas.path)
    }
    return entry.canonicalText
  }
}
