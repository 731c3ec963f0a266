import Records
import Reports
import Testing

@Suite struct AtlasChartTests {
  @Test func barsHoldEveryValueOnceAndAreRoundNumbersWide() {
    let values = (0..<1000).map { Double($0 % 97) * 0.11 + 40 }
    let bars = DistributionChart(values, title: "t", metric: "accuracy", unit: "percent").bars
    #expect(bars.reduce(0) { $0 + $1.count } == 1000)
    for bar in bars {
      #expect(abs(bar.high - bar.low - 0.5) < 1e-9)
      #expect(bar.count == values.count { $0 >= bar.low && $0 < bar.high }, "\(bar)")
    }
    #expect(bars.first?.low == 40 && (bars.last?.high ?? 0) > 50.56)
  }

  @Test func aFewFarValuesLeaveTheOthersTheirBars() {
    let values = (0..<1000).map { 80 + Double($0) * 0.01 } + [Double](repeating: 10, count: 20)
    let bars = DistributionChart(values, title: "t", metric: "accuracy", unit: "percent").bars
    #expect(bars.count <= 200 && bars.count { $0.low >= 80 } >= 18, "\(bars.count)")
    #expect(bars.first?.count == 20 && bars.reduce(0) { $0 + $1.count } == 1020)
  }

  @Test func oneValueAndNoneAreDrawnToo() {
    #expect(DistributionChart([3, 3, .nan], title: "t", metric: "loss", unit: "1").bars.map(\.count) == [2])
    #expect(DistributionChart([], title: "t", metric: "loss", unit: "1").bars.isEmpty)
  }

  @Test func everyChartIsAWholeSpecification() throws {
    let charts: [JSONValue] = [
      DistributionChart([1, 2, 3], title: "t", metric: "loss", unit: "1").specification,
      TradeOffChart(
        [.init(architecture: "a", x: 1, y: 2, isFront: true)], title: "t", x: ("parameters", "1"), y: ("loss", nil)
      ).specification,
      CorrelationChart([.init(first: "a", second: "b", kendallTau: nil, count: 3)], title: "t").specification,
      CurveChart(
        [.init(group: "a", name: "seed 1", epochs: [1, 2], values: [0.5, .nan])], title: "t", metric: "loss", unit: "1"
      ).specification,
      NeighbourChart([.init(architecture: "a", difference: -1)], title: "t", metric: "loss", unit: "1").specification,
      PredictionChart([.init(truth: 1, mean: 1, deviation: 0.1)], title: "t", metric: "loss", unit: "1").specification,
      CalibrationChart([(0.8, 0.75)], title: "t").specification,
      RegretChart([("a", [.init(spent: 1, value: 2)])], title: "t", budget: "queries", axis: "regret").specification,
    ]
    for chart in charts {
      guard case .object(let members) = chart, case .array(let layers)? = members["layer"],
        case .object(let data)? = members["data"], case .array(let rows)? = data["values"]
      else {
        Issue.record("\(chart)")
        continue
      }
      #expect(members["$schema"] == .string("https://vega.github.io/schema/vega-lite/v5.json"))
      #expect(!layers.isEmpty && !rows.isEmpty)
      // NaN has no JSON: a value that is none is left out.
      #expect((try? CanonicalJSON.text(chart)) != nil)
    }
  }
}
