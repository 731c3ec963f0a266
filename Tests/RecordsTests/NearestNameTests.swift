import Records
import Testing

@Suite struct NearestNameTests {
  @Test(
    arguments: [
      ("accuracy", ["loss", "accuracy_percent", "accuracies"], "accuracy_percent"),
      ("accuracy_percent", ["accuracy", "loss"], "accuracy"),
      ("latency_ms", ["latency_seconds", "latency2"], "latency_seconds"),
      ("cifar10", ["cifar100", "cifar10-valid"], "cifar10-valid"),
      ("CIFAR10", ["cifar10-valid", "cifar10"], "cifar10"),
      ("toysat", ["toyset", "other"], "toyset"),
      ("imagenet", ["imagenet16-120", "cifar10"], "imagenet16-120"),
      ("imagenet16", ["imagenet16-120", "cifar10"], "imagenet16-120"),
      ("valid", ["validation", "test"], "validation"),
      ("acc", ["accuracy_percent", "loss"], "accuracy_percent"),
      ("nll", ["loss", "accuracy"], nil), ("x", ["y"], "y"), ("", ["a"], "a"), ("loss", ["loss"], nil),
      ("b", ["cc", "bb", "ab"], "ab"),
    ] as [(String, [String], String?)])
  func nearest(asked: String, known: [String], expected: String?) {
    #expect(NearestName.of(asked, among: known) == expected)
    #expect(NearestName.of(asked, among: known.reversed()) == expected)
  }
}
