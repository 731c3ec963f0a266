import Surrogates
import TestSupport
import Testing

@Suite struct ReencodedMethodTests {
  @Test func aMethodOfOneBlockSeesSeveralSideBySide() throws {
    let sample = try cellSample([.summary, .slots], count: 60, seed: 1)
    let process = try GaussianProcess().seeing([.summary, .slots])
    #expect(process.encodings == [.summary, .slots])
    #expect(checkPredictor(process, on: sample) == [])
  }

  @Test func aMethodOfColumnsTakesAny() throws {
    let trees = try BoostedTrees().seeing([.summary, .measurement("parameters")])
    #expect(trees is BoostedTrees && trees.encodings == [.summary, .measurement("parameters")])
    #expect(throws: SurrogatesError.self) { try BoostedTrees().seeing([]) }
  }

  @Test func severalBlocksAreExchangedOneForOne() throws {
    let sample = try cellSample([.summary, .slots], count: 60, seed: 1)
    let process = try GaussianProcess.byBlock([.paths, .summary]).seeing([.slots, .summary])
    #expect(checkPredictor(process, on: sample) == [])
    #expect(throws: SurrogatesError.self) { try GaussianProcess.byBlock([.paths, .summary]).seeing([.slots]) }
  }

  @Test func transformsReplaceEachOther() throws {
    let method = try RidgeRegression().learning(.rank).seeing([.slots]).learning(.quantile)
    #expect(method.transform == .quantile && method.encodings == [.slots] && method.name == "ridge")
    #expect(method.learning(.identity).transform == .identity)
    let sample = try cellSample([.slots], count: 40, seed: 2)
    #expect(checkPredictor(method, on: sample) == [])
  }
}
