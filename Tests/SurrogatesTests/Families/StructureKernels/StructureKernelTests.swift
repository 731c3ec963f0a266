import Foundation
import Records
import Surrogates
import TestSupport
import Testing

@Suite struct StructureKernelTests {
  private struct Golden: Decodable {
    struct Strings: Decodable {
      let first: [Double]
      let second: [Double]
      let longest: Int
      let match: Double
      let gap: Double
      let value: Double
    }
    struct Graphs: Decodable {
      let first: [Double]
      let second: [Double]
      let levels: Int
      let assignment: Double
      let product: Double
    }
    let strings: [Strings]
    let graphs: [Graphs]
  }

  @Test func stringsAreAsSimilarAsAllTheirSubsequences() throws {
    for wanted in try golden(Golden.self, "structure-kernels.json").strings {
      let kernel = SubsequenceKernel(longest: wanted.longest, matchDecay: wanted.match, gapDecay: wanted.gap)
      let found = kernel.similarity(wanted.first, wanted.second)
      #expect(abs(found - wanted.value) < 1e-10 * max(1, wanted.value))
      #expect(abs(found - kernel.similarity(wanted.second, wanted.first)) < 1e-12 * max(1, found))
      // With others the work is shared, and nothing changes.
      let other = SubsequenceKernel(longest: 8, matchDecay: 0.5, gapDecay: wanted.gap)
      #expect(SubsequenceKernel.similarities([other, kernel], wanted.first, wanted.second)[1] == found)
    }
  }

  @Test func graphsAreAsSimilarAsTheirSubtrees() throws {
    for wanted in try golden(Golden.self, "structure-kernels.json").graphs {
      let first = WeisfeilerLehmanKernel.structure(wanted.first[...])
      let second = WeisfeilerLehmanKernel.structure(wanted.second[...])
      for (comparison, value) in [
        (WeisfeilerLehmanKernel.Comparison.assignment, wanted.assignment), (.product, wanted.product),
      ] {
        let found = WeisfeilerLehmanKernel(levels: wanted.levels, comparison: comparison).similarity(first, second)
        #expect(abs(found - value) < 1e-10)
      }
    }
  }

  @Test func promisesAreKept() throws {
    let graphs = try cellSample([.graph, .slots], count: 60)
    var product = GraphProcess()
    product.comparison = .product
    #expect(checkPredictor(product, on: graphs, flips: 10) == [])
    #expect(checkPredictor(GraphProcess.nasbowl, on: graphs) == [])
    #expect(checkPredictor(StringProcess(), on: try cellSample([.sequence, .slots], count: 60)) == [])
  }

  @Test func labelsThatNoTrainingGraphHasAreNothingInCommon() throws {
    let sample = try cellSample([.graph], count: 40)
    let predictor = try GraphProcess().fit(sample, seed: 1)
    var strange = Array(sample.features.row(0))
    for place in 1...Int(strange[0]) { strange[place] += 50 }
    let found = try predictor.predict(FeatureMatrix("graph", rows: [strange, Array(sample.features.row(0))]))
    let mean = sample.values.reduce(0, +) / 40
    #expect(abs(found[0].mean - mean) < 1e-9)
    #expect(found[0].epistemic > found[1].epistemic)
  }

  @Test func numbersThatAreNoGraphMakeSomeGraph() {
    var generator = SeededGenerator(seed: 5)
    for length in 0..<40 {
      let row = (0..<length).map { _ in
        generator.pick([0, 1, -1, 7, 1e300, -.infinity, .nan, 0.5, Double(generator.integer(below: 9))])
      }
      let graph = WeisfeilerLehmanKernel.structure(row[...])
      let kernel = WeisfeilerLehmanKernel(levels: 3, comparison: .assignment)
      #expect(kernel.similarity(graph, graph) > 0)
      let tokens = SubsequenceKernel.structure(row[...])
      let strings = SubsequenceKernel(longest: 3, matchDecay: 0.5, gapDecay: 0.5)
      #expect(strings.similarity(tokens, tokens) > 0)
    }
  }

  @Test func theMostLikelyNoiseIsFoundOnAFixedMatrix() throws {
    let sample = try cellSample([.graph], count: 50)
    let graphs = (0..<50).map { WeisfeilerLehmanKernel.structure(sample.features.row($0)) }
    let kernel = WeisfeilerLehmanKernel(levels: 2, comparison: .assignment)
    let matrix = try WeisfeilerLehmanKernel.matrices([kernel], graphs)[0]
    let mean = sample.values.reduce(0, +) / 50
    let values = sample.values.map { ($0 - mean) * 8 }
    let likelihood = try GramLikelihood(matrix, values)
    let process = try ConditionedProcess(matrix, noiseVariance: 0.02, values: values)
    let fit = zip(values, process.weights).reduce(0) { $0 + $1.0 * $1.1 }
    let direct = -(fit + process.factor.logDeterminant + 50 * log(2 * Double.pi)) / 2
    #expect(abs(likelihood.likelihood(noiseVariance: 0.02) - direct) < 1e-9)
    let best = likelihood.best(noise: 1e-7...0.1, variance: 1)
    for noise in [1e-7, 1e-4, 1e-3, 0.01, best.noiseVariance * 0.9, best.noiseVariance * 1.1, 0.1] where noise <= 0.1 {
      #expect(likelihood.likelihood(noiseVariance: noise) <= best.likelihood + 1e-9)
    }
    let free = likelihood.best(noise: 1e-7...0.1)
    #expect(free.likelihood >= best.likelihood)
  }

  @Test func settingsOutOfRangeAreRefused() throws {
    let sample = try cellSample([.graph, .sequence], count: 12)
    var graphs = GraphProcess()
    graphs.levels = [9]
    var strings = StringProcess()
    strings.gapDecays = [1.5]
    var noise = StringProcess()
    noise.noiseBounds = 0...1
    for method in [graphs, strings, noise] as [any PredictorMethod] {
      #expect { try method.fit(sample, seed: 1) } throws: { ($0 as? SurrogatesError)?.code == "surrogates.bad_setting" }
    }
  }
}
