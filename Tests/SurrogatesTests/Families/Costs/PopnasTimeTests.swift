import Records
import Spaces
import Statistics
import Surrogates
import TestSupport
import Testing

@Suite struct PopnasTimeTests {
  /// All cells of the bridge, shuffled, with times that follow from what their networks hold.
  private func sample(proxy: Bool = false) throws -> TrainingSet {
    let space = NASBench201Space()
    var generator = SeededGenerator(seed: 4)
    var cells = TwoBlockCell.allCells
    generator.shuffle(&cells)
    let seconds = [NASBench201Operation.skip: 0.2, .convolution1: 8.0, .convolution3: 20, .averagePool: 6]
    let texts = cells.map { space.canonicalText($0.cell) }
    let values = cells.map { cell in
      cell.cell.operations.reduce(30) { $0 + (seconds[$1] ?? 0) } + generator.uniform()
    }
    let choices: [EncodingChoice] = [.named("popnas-blocks")] + (proxy ? [.measurement("parameters")] : [])
    let features = try ArchitectureEncoder(space.byText, choices, measured: { _, text in Double(text.utf8.count) })
      .features(of: texts)
    return try TrainingSet(features, values)
  }

  @Test func methodsKeepTheirPromises() throws {
    var method = PopnasTime()
    method.trees.iterations = 60
    method.search?.draws = 3
    #expect(checkPredictor(method, on: try sample()) == [])
    method.search = nil
    #expect(checkPredictor(method, on: try sample()) == [])
    #expect(checkPredictor(method.with(extra: [.measurement("parameters")]), on: try sample(proxy: true)) == [])
  }

  @Test func trainingTimesAreFound() throws {
    let all = try sample()
    let predictor = try PopnasTime().fit(all.rows(Array(0..<180)), seed: 1)
    let unseen = try all.rows(Array(180..<all.count))
    let found = try predictor.predict(unseen.features).map(\.mean)
    let tau = try #require(PairedValues(found, unseen.values).kendallTauB())
    #expect(tau > 0.75, "τ \(tau)")
  }

  private var unsearched: PopnasTime {
    var method = PopnasTime()
    method.search = nil
    return method
  }

  /// Settings follow from the seed, lie within their ranges, and the last fit holds nothing out.
  @Test func searchFindsSettings() throws {
    let all = try sample().rows(Array(0..<80))
    let columns = all.features.width
    let table = try TrainingSet(
      FeatureMatrix("slots", rows: (0..<all.count).map { Array(all.features.row($0).prefix(columns)) }), all.values)
    var trees = BoostedTrees.popnasTime
    trees.encodings = [.slots]
    trees.iterations = 100
    var search = TreesSearch()
    search.draws = 8
    let found = try search.best(of: trees, on: table, seed: 4)
    let again = try search.best(of: trees, on: table, seed: 4)
    #expect(found.learningRate == again.learningRate && found.depth == again.depth, "equal seeds, equal settings")
    #expect(try search.best(of: trees, on: table, seed: 5).learningRate != found.learningRate)
    #expect(search.learningRates.contains(try #require(found.learningRate)) && search.depths.contains(found.depth))
    #expect(search.l2LeafRegularisations.contains(found.l2LeafRegularisation))
    #expect(search.randomStrengths.contains(found.randomStrength))
    #expect(found.heldOutFraction == 0 && found.earlyStoppingRounds == nil)
    #expect(try found.fitted(to: table, seed: 1).treeCount == 100)
    // Rates at which 100 trees learn nothing are not taken.
    search.learningRates = 1e-4...0.2
    search.draws = 30
    #expect(try #require(try search.best(of: trees, on: table, seed: 1).learningRate) > 0.01)
    #expect(try search.best(of: trees, on: table.rows([3]), seed: 1).learningRate == nil, "one row says nothing")
    search.draws = 0
    #expect(throws: SurrogatesError.self) { try search.best(of: trees, on: table, seed: 1) }
  }

  /// Weights from single-operation cells are those of the reindex; so are weights from the others' times.
  @Test func weightsComeFromMeasuredTimes() throws {
    let all = try sample()
    for rows in [all, try all.rows((0..<all.count).filter { all.features.row($0).suffix(4).allSatisfy { $0 > 0 } })] {
      let predictor = try unsearched.fit(rows, seed: 1)
      let weights = try ArrayArchive(of: predictor).doubles("weights")
      #expect(weights.count == 4 && weights.max() == 1 && weights[2] == 1)
      #expect(weights[0] < weights[3] && weights[3] < weights[1] && weights[1] < 0.7)
    }
  }

  @Test func whatIsNotSaidInBlocksIsRefused() throws {
    let method = PopnasTime()
    for row in [
      [Double](repeating: .nan, count: 8), [2, 1, 1, 1, 0, 0, 0, 0], [1, 5, 1, 1, 0, 0, 0, 0],
      [0, 0, 0, 0, 1, 1, 1, 1],
      [1, 1, 1, 1.5, 0, 0, 0, 0], [1, 1, 1],
    ] {
      #expect(throws: SurrogatesError.self, "\(row)") {
        try method.fit(TrainingSet(FeatureMatrix("popnas-blocks", rows: [row]), [1]), seed: 1)
      }
    }
    var wrong = PopnasTime()
    wrong.weights = [1]
    #expect(throws: SurrogatesError.self) { try wrong.fit(sample(), seed: 1) }
  }

  // MARK: Measurements as features

  /// Costs from parameters and floating-point operations, where some were not measured.
  private func measured(_ encodings: [EncodingChoice]) throws -> TrainingSet {
    var generator = SeededGenerator(seed: 8)
    var rows: [[Double]] = []
    var values: [Double] = []
    for _ in 0..<160 {
      let (parameters, flops) = (generator.uniform(), generator.uniform())
      rows.append([generator.chance(0.2) ? .nan : parameters, generator.chance(0.2) ? .nan : flops])
      values.append(3 * flops + parameters)
    }
    let blocks = encodings.map { FeatureMatrix.Block(name: $0.description, width: 1) }
    return try TrainingSet(FeatureMatrix(blocks: blocks, count: rows.count, values: rows.flatMap { $0 }), values)
  }

  @Test func costsFollowFromMeasurements() throws {
    var trees = BoostedTrees.costs
    trees.iterations = 60
    let sample = try measured(trees.encodings)
    #expect(checkPredictor(trees, on: sample) == [])
    let bare = NearestNeighbors(encodings: [trees.encodings[0]]).with(extra: [trees.encodings[1]])
    #expect(checkPredictor(bare, on: sample) == [])
    for forest in [RandomForest(encodings: [trees.encodings[0]], trees: 30), .extraTrees] {
      var narrow = forest
      narrow.trees = 30
      narrow.encodings = [trees.encodings[0]]
      #expect(checkPredictor(narrow.with(extra: trees.encodings), on: sample) == [])
      #expect(narrow.with(extra: trees.encodings).encodings == trees.encodings, "nothing is read twice")
    }
  }
}
