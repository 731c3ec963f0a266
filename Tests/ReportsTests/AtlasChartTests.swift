import Foundation
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

  @Test func aFewFarValuesLeaveTheOthersTheirBarsAndAreCounted() {
    let values = (0..<1000).map { 80 + Double($0) * 0.01 } + [Double](repeating: 10, count: 20) + [900]
    let chart = DistributionChart(values, title: "t", metric: "accuracy", unit: "percent")
    #expect(chart.bars.count >= 18 && chart.bars.allSatisfy { $0.low >= 80 && $0.high <= 90.5 }, "\(chart.bars)")
    #expect(chart.bars.reduce(0) { $0 + $1.count } == 1000)
    #expect(chart.notes == ["20 of 1021 below 80: not drawn", "1 of 1021 above 89.99: not drawn"], "\(chart.notes)")
  }

  @Test func countsOfArchitecturesHaveWholeTicks() throws {
    let chart = DistributionChart([1, 2, 3], title: "t", metric: "loss", unit: "1").specification
    #expect(try CanonicalJSON.text(chart).contains("\"axis\":{\"format\":\"d\",\"tickMinStep\":1}"))
  }

  @Test func theBetterNeighborsComeFirstAndAreBlue() throws {
    let changes = [-1.0, 2, 0].map { NeighborChart.Change(architecture: "\($0)", difference: $0) }
    for (largerIsBetter, order, worse) in [(true, ["2.0", "0.0", "-1.0"], "<"), (false, ["-1.0", "0.0", "2.0"], ">")] {
      let text = try CanonicalJSON.text(
        NeighborChart(changes, title: "t", unit: "1", largerIsBetter: largerIsBetter).specification)
      let places = order.map { text.range(of: "\"architecture\":\"\($0)\"")?.lowerBound }
      #expect(places[0]! < places[1]! && places[1]! < places[2]!, "\(text)")
      #expect(text.contains("datum.difference \(worse) 0"))
    }
  }

  @Test func bestEpochsAreMarked() throws {
    let line = CurveChart.Line(group: "test", name: "seed 1", epochs: [1, 2], values: [0.5, 0.6], bestEpoch: 2)
    let marked = try CanonicalJSON.text(CurveChart([line], title: "t", metric: "loss", unit: "1").specification)
    #expect(marked.contains("\"best\":true,\"epoch\":2") && marked.contains("\"best\":false,\"epoch\":1"), "\(marked)")
    let plain = CurveChart.Line(group: "test", name: "seed 1", epochs: [1, 2], values: [0.5, 0.6])
    let text = try CanonicalJSON.text(CurveChart([plain], title: "t", metric: "loss", unit: "1").specification)
    #expect(!text.contains("diamond"))
  }

  @Test func namesAndUnitsReadAsWords() {
    #expect(ReadableName.text("latency_milliseconds[batch=1]") == "latency, batch 1 (ms)")
    #expect(ReadableName.text("train_seconds") == "training time (s)")
    #expect(
      ReadableName.text("accuracy_percent", details: ["validation"], unit: "percent") == "accuracy, validation (%)")
    #expect(
      ReadableName.text("latency", details: ["raspi4", "batch 1"], unit: "millisecond")
        == "latency, raspi4, batch 1 (ms)")
    #expect(ReadableName.text("roc_auc", unit: "1") == "ROC AUC")
    #expect(ReadableName.text("parameters", unit: "1") == "parameters")
    #expect(ReadableName.text("parameters_millions", unit: "million") == "parameters (million)")
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
      NeighborChart([.init(architecture: "a", difference: -1)], title: "t", unit: "1").specification,
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
