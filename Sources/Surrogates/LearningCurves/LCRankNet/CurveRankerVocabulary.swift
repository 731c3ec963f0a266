/// What LCRankNet knows of its inputs beside its weights: how curves are scaled, tokens counted and data sets numbered.
struct CurveRankerVocabulary: Hashable, Sendable, Codable {
  let direction: CurveSet.Direction
  /// L.
  let epochs: Int
  let encodings: [String]
  /// S: tokens of an architecture.
  let positions: Int
  /// Tokens are whole numbers below this; 0 is the start, a token t is t + 1, and what is larger shares one more.
  let known: Int
  /// Ascending.
  let datasets: [String]
  /// Mean and standard deviation of all values that were seen.
  let shift: Double
  let scale: Double

  /// Runs without labels are of one data set without a name.
  init(_ curves: CurveSet, encodings: [EncodingChoice], epochs: Int) throws {
    direction = curves.direction
    self.epochs = epochs
    self.encodings = encodings.map(\.description)
    let sequences = try Self.sequences(curves, encodings)
    positions = sequences?.width ?? 0
    known = 1 + Int((sequences?.values ?? []).reduce(0, max))
    datasets = Set(curves.datasets ?? [""]).sorted()
    let values = curves.curves.flatMap { $0.prefix(epochs) }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    shift = mean
    scale = variance > 0 ? variance.squareRoot() : 1
  }

  var tokens: Int { known + 2 }

  /// Inputs of N runs.
  struct Inputs {
    let positions: Int
    let epochs: Int
    /// N×L.
    let curves: [Float]
    /// N×S.
    let tokens: [Int32]
    /// Nil for data sets that are not known.
    let datasets: [Int?]

    func run(_ index: Int) -> CurveRankerNetwork.Run {
      CurveRankerNetwork.Run(
        curve: curves[index * epochs..<(index + 1) * epochs],
        tokens: tokens[index * positions..<(index + 1) * positions], dataset: datasets[index])
    }
  }

  /// Throws ``SurrogatesError`` for curves of the other direction or too few epochs, and for architectures of another
  /// length.
  func inputs(of curves: CurveSet) throws -> Inputs {
    try curves.require(direction, epochs: epochs)
    let sequences = try Self.sequences(curves, encodings.map { EncodingChoice($0) })
    guard (sequences?.width ?? 0) == positions || curves.count == 0 else {
      throw SurrogatesError.shape("architectures have \(sequences?.width ?? 0) tokens; in training \(positions)")
    }
    let sign = direction.sign
    return Inputs(
      positions: positions, epochs: epochs,
      curves: curves.curves.flatMap { $0.prefix(epochs).map { Float(sign * ($0 - shift) / scale) } },
      tokens: (sequences?.values ?? []).map { Int32(min(Int($0), known) + 1) },
      datasets: (0..<curves.count).map { datasets.firstIndex(of: curves.datasets?[$0] ?? "") })
  }

  private static func sequences(_ curves: CurveSet, _ encodings: [EncodingChoice]) throws -> FeatureMatrix? {
    guard !encodings.isEmpty else { return nil }
    guard let features = curves.features else {
      throw SurrogatesError.noEncoding(wanted: encodings.map(\.description).joined(separator: ", "), known: [])
    }
    let sequences = try features.selecting(encodings)
    if let odd = sequences.values.first(where: { !($0 >= 0 && $0 < 60_000 && $0 == $0.rounded()) }) {
      throw SurrogatesError.shape("\(odd) is not a token; allowed: whole numbers below 60000")
    }
    return sequences
  }
}
