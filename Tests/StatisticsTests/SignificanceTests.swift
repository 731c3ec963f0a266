import Statistics
import Testing

@Suite struct SignificanceTests {
  private struct Golden: Decodable {
    struct Paired: Decodable {
      let name: String
      let first, second: [Double]
      let wilcoxon: [Double]
      let student: [Double]?
    }
    struct Friedman: Decodable {
      let name: String
      let scores: [[Double]]
      let largerIsBetter: Bool
      let statistic, p: Double
      let ranks: [Double]
      let nemenyi: [[Double]]
    }
    struct Holm: Decodable {
      let p, adjusted: [Double]
    }
    let paired: [Paired]
    let friedman: [Friedman]
    let holm: [Holm]
    let beta, gamma, student, range: [[Double]]
  }

  private let golden: Golden

  init() throws { golden = try GoldenFile.read("significance.json", as: Golden.self) }

  private func isClose(_ found: Double?, _ expected: Double?) -> Bool {
    GoldenFile.isClose(found, expected, floor: 1e-15)
  }

  @Test func specialFunctionsAgreeWithSciPy() {
    for row in golden.beta {
      #expect(isClose(SpecialFunctions.incompleteBeta(row[0], row[1], row[2]), row[3]), "\(row)")
    }
    for row in golden.gamma {
      #expect(isClose(SpecialFunctions.upperIncompleteGamma(row[0], row[1]), row[2]), "\(row)")
    }
    for row in golden.student {
      #expect(isClose(StudentDistribution.cumulative(row[0], degreesOfFreedom: row[1]), row[2]), "\(row)")
      #expect(isClose(StudentDistribution.twoSided(row[0], degreesOfFreedom: row[1]), row[3]), "\(row)")
    }
    for row in golden.range {
      #expect(isClose(StudentizedRange.survival(row[0], groups: Int(row[1])), row[2]), "\(row)")
    }
  }

  @Test func pairedTestsAgreeWithSciPy() {
    #expect(golden.paired.count >= 15)
    for row in golden.paired {
      let wilcoxon = PairedTest.wilcoxon(row.first, row.second)
      #expect(isClose(wilcoxon.statistic, row.wilcoxon[0]) && isClose(wilcoxon.pValue, row.wilcoxon[1]), "\(row.name)")
      let student = PairedTest.student(row.first, row.second)
      #expect(isClose(student?.statistic, row.student?[0]) && isClose(student?.pValue, row.student?[1]), "\(row.name)")
      #expect(isClose(PairedTest.wilcoxon(row.second, row.first).pValue, row.wilcoxon[1]), "\(row.name)")
    }
  }

  @Test func friedmanAndNemenyiAgreeWithSciPyAndScikitPosthocs() throws {
    for row in golden.friedman {
      let found = try #require(FriedmanTest(scores: row.scores, largerIsBetter: row.largerIsBetter))
      #expect(isClose(found.statistic, row.statistic) && isClose(found.pValue, row.p), "\(row.name)")
      #expect(zip(found.meanRanks, row.ranks).allSatisfy { isClose($0, $1) }, "\(row.name)")
      for first in row.scores.indices {
        for second in row.scores.indices {
          #expect(isClose(found.nemenyi(first, second), row.nemenyi[first][second]), "\(row.name) \(first) \(second)")
        }
      }
    }
  }

  @Test func holmAgreesWithStatsmodels() {
    for row in golden.holm {
      #expect(zip(HolmCorrection.adjusted(row.p), row.adjusted).allSatisfy { isClose($0, $1) }, "\(row.p)")
    }
    #expect(HolmCorrection.adjusted([]).isEmpty)
  }

  @Test func whatCannotBeTestedIsNil() {
    #expect(FriedmanTest(scores: [[1, 2], [2, 1]], largerIsBetter: true) == nil)
    #expect(FriedmanTest(scores: [[1, 2], [1, 2], [1, 2]], largerIsBetter: true) == nil)
    #expect(FriedmanTest(scores: [[], [], []], largerIsBetter: true) == nil)
    #expect(PairedTest.student([1], [2]) == nil && PairedTest.student([], []) == nil)
    #expect(PairedTest.wilcoxon([], []) == PairedTest.wilcoxon([4], [4]))
    #expect(StudentDistribution.twoSided(.infinity, degreesOfFreedom: 3) == 0)
  }
}
