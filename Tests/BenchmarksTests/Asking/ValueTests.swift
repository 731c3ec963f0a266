import Benchmarks
import Records
import Store
import Testing

@Suite struct ValueTests {
  let table: PublishedAtlas
  var benchmark: Benchmark { table.benchmark }

  init() throws { table = try TinyTable.shared() }

  private func ask(
    _ cell: TinyTable.Cell, epoch: EpochChoice? = .last, seeds: SeedChoice = .mean, split: Split = .validation,
    dataset: String = "cifar10", protocol name: String = "short"
  ) throws -> Answer {
    let question = Question(dataset: dataset, trainingProtocol: name, split: split, epoch: epoch, seeds: seeds)
    return try benchmark.lookup(question).answer(TinyTable.entry(cell, benchmark))
  }

  private func near(_ found: Double?, _ expected: Double) -> Bool {
    found.map { abs($0 - expected) < 1e-12 * max(1, abs(expected)) } ?? false
  }

  // MARK: Epochs

  @Test func theLastValueOfEachSeedAndTheirMean() throws {
    let answer = try ask(.full)
    #expect(answer.points.map(\.seed) == [777, 888, 999])
    #expect(answer.points.map(\.value) == [59.7, 60.1, 60.9])
    #expect(answer.points.map(\.epoch) == [4, 4, 4])
    #expect(near(answer.value, (59.7 + 60.1 + 60.9) / 3))
    let mean = (59.7 + 60.1 + 60.9) / 3
    let squares = [59.7, 60.1, 60.9].map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    #expect(near(answer.standardDeviation, (squares / 2).squareRoot()))
  }

  /// The best epoch is chosen on the validation split, whatever split the value is of.
  @Test func theBestEpochIsThatOfTheValidationSplit() throws {
    let answer = try ask(.full, epoch: .best)
    #expect(answer.points.map(\.epoch) == [2, 3, 4])
    #expect(answer.points.map(\.value) == [61.25, 62.5, 60.9])
    let test = try ask(.full, epoch: .best, seeds: .one(777), split: .test)
    #expect(test.points.map(\.epoch) == [2])
    #expect(test.value == 57.3)
  }

  @Test func aRecordedScoreChoosesTheBestEpoch() throws {
    let answer = try ask(.full, epoch: nil, split: .test, protocol: "scored")
    #expect(answer.context.epoch == "best")
    #expect(answer.points.map(\.epoch) == [2])
    #expect(answer.value == 5)
  }

  @Test func oneEpochAndTheBestSoFar() throws {
    #expect(try ask(.full, epoch: .number(2), seeds: .one(888)).value == 40.25)
    #expect(near(try ask(.full, epoch: .number(3)).value, (60.125 + 62.5 + 60.3) / 3))
    let limited = try ask(.full, epoch: .bestSoFar(3))
    #expect(limited.points.map(\.value) == [61.25, 62.5, 60.3])
    #expect(limited.points.map(\.epoch) == [2, 3, 3])
    #expect(try ask(.full, epoch: .bestSoFar(nil)).points.map(\.value) == [61.25, 62.5, 60.9])
    #expect(try ask(.full, epoch: .bestSoFar(3), split: .test).points.map(\.epoch) == [2, 2, 2])
  }

  /// Of a metric that is better when smaller.
  @Test func theBestLossIsTheSmallest() throws {
    let lookup = try benchmark.lookup(
      Question(
        dataset: "cifar10", trainingProtocol: "short", metric: .loss, split: .train, epoch: .bestSoFar(3),
        seeds: .one(777)))
    let answer = try lookup.answer(TinyTable.entry(.full, benchmark))
    #expect(answer.value == 0.9)
    #expect(answer.context.unit == "nats")
    #expect(!answer.context.largerIsBetter)
  }

  @Test func whatIsLeftOpenIsTheLastEpochWhereNoRunHasAScore() throws {
    #expect(try ask(.full, epoch: nil).context.epoch == "last")
  }

  // MARK: Seeds

  @Test func raggedSeedsStayRagged() throws {
    let answer = try ask(.ragged)
    #expect(answer.points.map(\.seed) == [777, 888])
    #expect(answer.points.map(\.epoch) == [4, 3])
    #expect(answer.value == 35)
  }

  @Test func aMeanIsOverCompletedRunsAlone() throws {
    let answer = try ask(.troubled)
    #expect(answer.points.map(\.seed) == [777])
    #expect(answer.value == 72.5)
    #expect(answer.standardDeviation == nil)
  }

  /// A run without any value must not hide those of the others.
  @Test func everySeedIsShownWhateverBecameOfIt() throws {
    let answer = try ask(.troubled, seeds: .all)
    #expect(answer.points.map(\.seed) == [777, 888])
    #expect(answer.points.map(\.status) == [.completed, .diverged])
    #expect(answer.points[1].value.isNaN)
    #expect(answer.value == nil)
    #expect(answer.standardDeviation == nil)
    #expect(answer.absent.map(\.seed) == [999])
    #expect(answer.absent.map(\.status) == [.failed])
  }

  /// What ranks an architecture and what is answered of it are one number, also where a seed lacks the epoch.
  @Test func aSeedThatLacksTheEpochIsNamed() throws {
    let answer = try ask(.ragged, epoch: .number(4))
    #expect(answer.value == 40)
    #expect(answer.points.map(\.seed) == [777])
    #expect(answer.absent.map(\.seed) == [888])
    #expect(answer.absent.first?.reason == "seed 888 has no value of epoch 4; it has 1 to 3")
    let lookup = try benchmark.lookup(
      Question(dataset: "cifar10", trainingProtocol: "short", epoch: .number(4)))
    #expect(try lookup.value(of: TinyTable.entry(.ragged, benchmark).id) == 40)
  }

  @Test func unnamedSeedsAreNumbered() throws {
    let answer = try ask(.unnamed)
    #expect(answer.points.map(\.seed) == [.unnamed(1), .unnamed(2)])
    #expect(near(answer.value, (33.3 + 34.4) / 2))
    #expect(try ask(.unnamed, seeds: .one(.unnamed(2))).value == 34.4)
  }

  @Test func aPublishedMeanSaysSo() throws {
    let answer = try ask(.mean)
    #expect(answer.points.map(\.seed) == [.mean(of: 3)])
    #expect(answer.value == 44.123456789)
    #expect(answer.standardDeviation == nil)
  }

  /// Two runs and a mean of two runs are not three runs.
  @Test func aPublishedMeanDoesNotCountBesideRuns() throws {
    let answer = try ask(.runsAndMean)
    #expect(answer.points.map(\.seed) == [777, 888])
    #expect(answer.value == 54)
    let lookup = try benchmark.lookup(Question(dataset: "cifar10", trainingProtocol: "short"))
    let entry = try TinyTable.entry(.runsAndMean, benchmark)
    #expect(try lookup.value(of: entry.id) == 54)
    #expect(try lookup.setting.finals(.accuracyPercent, .validation)?.mean(ofArchitecture: entry.row)?.count == 2)
    let first = try benchmark.lookup(
      Question(dataset: "cifar10", trainingProtocol: "short", epoch: .number(4)))
    #expect(try first.value(of: entry.id) == 54)
    #expect(try ask(.runsAndMean, seeds: .all).points.map(\.value) == [53, 55, 60])
    // Of the test split there is the mean alone.
    let test = try ask(.runsAndMean, split: .test)
    #expect(test.value == 61 && test.points.map(\.seed) == [.mean(of: 2)])
    let tests = try benchmark.lookup(Question(dataset: "cifar10", trainingProtocol: "short", split: .test))
    #expect(try tests.value(of: entry.id) == 61)
    #expect(try ask(.runsAndMean, seeds: .one(.mean(of: 2))).value == 60)
  }

  @Test func aMeanWithNaNIsNaN() throws {
    let value = try #require(try ask(.undefined).value)
    #expect(value.isNaN)
    #expect(try ask(.undefined, epoch: .bestSoFar(nil)).points.map(\.value) == [52, 55])
  }

  // MARK: Curves

  @Test func wholeCurves() throws {
    let lookup = try benchmark.lookup(Question(dataset: "cifar10", trainingProtocol: "short"))
    let answer = try lookup.curves(TinyTable.entry(.full, benchmark))
    #expect(
      answer.runs.map(\.values) == [[10.5, 61.25, 60.125, 59.7], [11.5, 40.25, 62.5, 60.1], [9.5, 41.5, 60.3, 60.9]])
    #expect(answer.runs.map(\.epochs) == [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]])
    #expect(answer.mean?.map(\.epoch) == [1, 2, 3, 4])
    #expect(answer.mean?.first?.value == 10.5)
    #expect(answer.runs.map(\.source) == ["tiny", "tiny", "tiny"])
    #expect(answer.absent.isEmpty)
  }

  @Test func sparseAndRaggedCurves() throws {
    let test = try benchmark.lookup(
      Question(dataset: "cifar10", trainingProtocol: "short", split: .test, seeds: .one(888)))
    let sparse = try test.curves(TinyTable.entry(.full, benchmark))
    #expect(sparse.runs.map(\.epochs) == [[2, 4]])
    #expect(sparse.runs.map(\.values) == [[56.1, 59.3]])
    #expect(sparse.mean == nil)
    let validation = try benchmark.lookup(Question(dataset: "cifar10", trainingProtocol: "short"))
    #expect(try validation.curves(TinyTable.entry(.ragged, benchmark)).mean?.map(\.value) == [10, 20, 30])
  }

  @Test func curvesOfAllSeedsHaveNoMeanAndNameWhatIsMissing() throws {
    let lookup = try benchmark.lookup(Question(dataset: "cifar10", trainingProtocol: "short", seeds: .all))
    let answer = try lookup.curves(TinyTable.entry(.troubled, benchmark))
    #expect(answer.runs.map(\.seed) == [777, 888])
    #expect(answer.runs.map(\.status) == [.completed, .diverged])
    #expect(answer.mean == nil)
    #expect(answer.absent.map(\.seed) == [999])
  }

  // MARK: What an answer says of itself

  @Test func everyAnswerSaysWhatItIs() throws {
    let answer = try ask(.full, seeds: .all, split: .test)
    let context = answer.context
    #expect(context.space == "nasbench201")
    #expect(context.dataset == "cifar10")
    #expect(context.protocolName == "short")
    #expect(context.protocolDigest == benchmark.atlas.protocolCards.first { $0.name == "short" }?.digest)
    #expect(context.metric == .accuracyPercent)
    #expect(context.unit == "percent")
    #expect(context.largerIsBetter)
    #expect(context.split == .test)
    #expect(context.epoch == "last")
    #expect(context.seeds == "all")
    #expect(context.kind == "measured")
    #expect(context.atlasDigest == benchmark.atlas.manifest.digest)
    #expect(answer.points.map(\.source) == ["tiny", "tiny", "tiny"])
    #expect(answer.architecture.canonicalText.hasPrefix("|"))
    #expect(try CanonicalJSON.decode(Answer.self, from: CanonicalJSON.encode(answer)) == answer)
  }
}
