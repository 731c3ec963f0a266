import Records
public import Store

/// Which runs and measurements of an atlas a smaller atlas takes over.
public struct AtlasPart: Sendable {
  public let atlas: Atlas
  /// One an architecture, in the order of places: whether its measurements are taken over.
  public let architectures: [Bool]
  /// Of each setting that is taken over, one a run.
  public let runs: [(setting: Setting, isTaken: [Bool])]

  public var architectureCount: Int { architectures.count { $0 } }
  public var runCount: Int { runs.reduce(0) { $0 + $1.isTaken.count { $0 } } }
}

/// What to take over; everything that is nil is no condition.
public struct AtlasPartChoice: Sendable {
  /// Of the setting, what a question says of it.
  public var space: String?
  public var dataset: String?
  public var trainingProtocol: String?
  /// Asked in each setting, of its runs and of the means over them.
  public var condition: String?
  /// Places from 0.
  public var places: Set<Int>?
  /// How many of the architectures that pass all else, drawn at random.
  public var draw: Draw?

  public enum Draw: Hashable, Sendable {
    case count(Int)
    /// Of each space, rounded to the nearest number.
    case fraction(Double)
  }

  /// What the draw follows from.
  public var seed: UInt64

  public init(
    space: String? = nil, dataset: String? = nil, trainingProtocol: String? = nil, condition: String? = nil,
    places: Set<Int>? = nil, draw: Draw? = nil, seed: UInt64 = 1
  ) {
    self.space = space
    self.dataset = dataset
    self.trainingProtocol = trainingProtocol
    self.condition = condition
    self.places = places
    self.draw = draw
    self.seed = seed
  }
}

extension Benchmark {
  /// The part of the atlas that `choice` names. Runs of every status are taken over; a condition on architectures is
  /// asked of the means over completed runs, as in a ranking.
  ///
  /// The draw is one of places: the same seed takes the same architectures from the same atlas. Throws a
  /// ``BenchmarkError`` that lists what exists where a name is unknown, and `emptyPart` where nothing passes.
  public func part(_ choice: AtlasPartChoice) throws -> AtlasPart {
    if atlas.settings.isEmpty {
      guard choice.trainingProtocol == nil else { throw BenchmarkError.noRuns(atlas: atlas.path) }
      if choice.space != nil || choice.dataset != nil {
        try checkMeasured(choice.dataset, space: onlySpace(choice.space))
      }
    }
    let settings = try settings(space: choice.space, dataset: choice.dataset, trainingProtocol: choice.trainingProtocol)
    var passing = try settings.map { setting -> (setting: Setting, isTaken: [Bool]) in
      (setting, try self.passing(choice.condition, in: setting, places: choice.places))
    }
    let candidates = try candidates(choice, passing)
    let taken = Self.drawn(choice, candidates, spaces: atlas.spaces.map { ($0.name, $0.rows) })
    guard taken.contains(true) else {
      throw BenchmarkError.emptyPart(atlas: atlas.path, candidates: candidates.count { $0 })
    }
    for index in passing.indices {
      let setting = passing[index].setting
      for run in passing[index].isTaken.indices where passing[index].isTaken[run] {
        passing[index].isTaken[run] = try taken[setting.architecture(ofRun: run) - 1]
      }
    }
    return AtlasPart(atlas: atlas, architectures: taken, runs: passing.filter { $0.isTaken.contains(true) })
  }

  /// One a run of the setting.
  private func passing(_ condition: String?, in setting: Setting, places: Set<Int>?) throws -> [Bool] {
    let filter = try condition.map { try self.filter($0, for: setting) }
    let reader = try FieldReader(filter?.fields ?? [], benchmark: self, setting: setting)
    let choice = try RunFilter(seeds: .mean, filter: filter, reader: reader)
    var isTaken = [Bool](repeating: false, count: setting.runCount)
    for row in setting.spaceRows where places?.contains(row - 1) ?? true {
      try Task.checkCancellation()
      if choice.parts.architectures != nil {
        guard case .runs = try choice.choice(ofArchitecture: row) else { continue }
      }
      for run in try setting.runs(ofArchitecture: row) {
        isTaken[run] = try choice.parts.runs?.evaluate { try reader.value($0, run: run) } ?? true
      }
    }
    return isTaken
  }

  /// Architectures that may be drawn: those with a run that passes, and without a condition and names of settings all.
  private func candidates(
    _ choice: AtlasPartChoice, _ passing: [(setting: Setting, isTaken: [Bool])]
  ) throws -> [Bool] {
    let count = try atlas.architectureCount()
    var candidates = [Bool](repeating: false, count: count)
    if choice.condition == nil, choice.dataset == nil, choice.trainingProtocol == nil {
      for space in atlas.spaces where (choice.space ?? space.name) == space.name {
        for row in space.rows { candidates[row - 1] = choice.places?.contains(row - 1) ?? true }
      }
      return candidates
    }
    for (setting, isTaken) in passing {
      for (run, isTaken) in isTaken.enumerated() where isTaken {
        candidates[try setting.architecture(ofRun: run) - 1] = true
      }
    }
    guard atlas.settings.isEmpty else { return candidates }
    if let condition = choice.condition {
      let space = try onlySpace(choice.space)
      let filter = try self.filter(condition, measuredIn: space)
      for row in try rows(where: filter, space: space, dataset: choice.dataset) {
        candidates[row - 1] = choice.places?.contains(row - 1) ?? true
      }
    } else if let dataset = choice.dataset {
      for measured in atlas.quantities where (measured.quantity.dataset ?? dataset) == dataset {
        try measured.forEach { row, _ in candidates[row - 1] = choice.places?.contains(row - 1) ?? true }
      }
    }
    return candidates
  }

  private static func drawn(
    _ choice: AtlasPartChoice, _ candidates: [Bool], spaces: [(name: String, rows: Range<Int>)]
  ) -> [Bool] {
    guard let draw = choice.draw else { return candidates }
    var taken = [Bool](repeating: false, count: candidates.count)
    for space in spaces {
      var places = space.rows.map { $0 - 1 }.filter { candidates[$0] }
      let count =
        switch draw {
        case .count(let count): min(count, places.count)
        case .fraction(let share): Int((share * Double(places.count)).rounded())
        }
      var generator = SeededGenerator(seed: choice.seed).stream("extract \(space.name)")
      for index in 0..<count {
        places.swapAt(index, Int.random(in: index..<places.count, using: &generator))
        taken[places[index]] = true
      }
    }
    return taken
  }
}
