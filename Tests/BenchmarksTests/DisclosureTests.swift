import Benchmarks
import Records
import Testing

/// What a sealed atlas shows, by what splits and names declare.
@Suite struct DisclosureTests {
  private func shows(_ quantity: Quantity, metrics: [String] = ["accuracy", "val_loss"]) -> Bool {
    #expect(Disclosure.open.shows(quantity, metrics: metrics))
    return Disclosure.sealed.shows(quantity, metrics: metrics)
  }

  private func quantity(
    _ name: String, _ conditions: [String: String] = [:], unit: String = "1", dataset: String? = nil,
    split: Split? = nil
  ) -> Quantity {
    Quantity(name: name, unit: unit, conditions: conditions, dataset: dataset, split: split)
  }

  @Test func curvesGoByTheirSplitAndTheNameOfTheirMetric() {
    for split in Split.allCases {
      let isOpen = split == .train || split == .validation
      for name in ["accuracy", "latest", "fastest_acc", "contest"] {
        #expect(Disclosure.sealed.shows(Metric(name), split) == isOpen, "\(name).\(split)")
      }
      for name in ["test_acc", "testAcc", "acc-test", "TEST", "top1test", "valtest_loss", "holdout.acc", "testset"] {
        #expect(!Disclosure.sealed.shows(Metric(name), split), "\(name).\(split)")
        #expect(Disclosure.open.shows(Metric(name), split))
      }
    }
  }

  @Test func quantitiesGoByTheSplitThatTheyDeclare() {
    for split in Split.allCases {
      let isOpen = split == .train || split == .validation
      #expect(shows(quantity("accuracy", split: split)) == isOpen)
      #expect(shows(quantity("test_error", split: split)) == isOpen)
      #expect(shows(quantity("accuracy", ["split": split.rawValue])) == isOpen)
      #expect(shows(quantity("accuracy", ["Split": split.rawValue], split: .train)) == isOpen)
      #expect(shows(quantity("accuracy", ["split": "validation"], split: split)) == isOpen)
    }
    #expect(!shows(quantity("energy", ["split": "final"])))
    #expect(!shows(quantity("energy", ["split": "Test"])) && shows(quantity("energy", ["split": "Valid"])))
  }

  @Test func quantitiesThatDeclareNoSplitGoByNames() {
    for open in [
      quantity("latency", ["batch": "1"]), quantity("latest"), quantity("synflow", dataset: "cifar10"),
      quantity("energy", dataset: "contest"), quantity("val"),
    ] { #expect(shows(open), "\(open)") }
    for withheld in [
      quantity("test_error"), quantity("energy", ["part": "test"]), quantity("energy", ["test": "1"]),
      quantity("top1", dataset: "test-set"), quantity("accuracy"), quantity("final_accuracy"), quantity("valLoss"),
      quantity("acc"), quantity("top1"), quantity("nll"), quantity("final_score"), quantity("tst_latency"),
      quantity("energy", unit: "percent"), quantity("found", unit: "fraction"), quantity("energy", ["part": "tst"]),
    ] { #expect(!shows(withheld), "\(withheld)") }
  }

  @Test func aRunLosesWhatNothingDeclares() {
    let key = RunKey(
      space: "s", architecture: "a", dataset: "d", datasetDigest: nil, protocolDigest: Digest256(of: "p"), seed: 1)
    func curve(_ name: String, _ split: Split) -> Curve { Curve(metric: Metric(name), split: split, values: [0.5]) }
    var record = RunRecord(
      key: key, statusDetail: "test 0.5",
      curves: [curve("acc", .validation), curve("acc", .test), curve("test_acc", .validation)],
      score: Score(metric: Metric("acc"), epoch: 1, validation: 0.5, test: 0.25), counts: Counts(parameters: 7),
      attributes: ["rank": .integer(3), "nested": .object(["test": .number(0.5)])])
    #expect(Disclosure.open.shown(record) == record)
    let shown = Disclosure.sealed.shown(record)
    #expect(shown.curves == [curve("acc", .validation)] && shown.attributes.isEmpty && shown.statusDetail == nil)
    #expect(shown.score == Score(metric: Metric("acc"), epoch: 1, validation: 0.5, test: nil))
    #expect(shown.counts == record.counts)
    record.score?.metric = Metric("test_acc")
    #expect(Disclosure.sealed.shown(record).score == nil)
  }
}
