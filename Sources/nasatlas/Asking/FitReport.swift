import Benchmarks
import Foundation
import Records
import Reports
import Surrogates

/// What `fit` says of the surrogate that it made.
struct FitReport: Encodable {
  let path: String
  let digest: Digest256
  let bytes: Int
  let predictor: String
  let transform: TargetTransform
  let encodings: [Surrogate.NamedEncoding]
  /// What learnt from a part of the architectures.
  let limits: [LearningLimit]
  let seed: UInt64
  /// The parts of the filter that choose runs, and those that take or leave architectures.
  let runFilter: String?
  let architectureFilter: String?
  let subject: SurrogateSubject
  let report: QualityReport
  /// Of the learning curves, where they were asked for.
  let curves: CurveReport?
  /// Of the cross-validation and the fit.
  let seconds: Double

  init(_ surrogate: Surrogate, _ limits: [LearningLimit], _ filter: FilterParts, path: String, seconds: Double) {
    runFilter = filter.runs?.canonicalText
    architectureFilter = filter.architectures?.canonicalText
    self.limits = limits
    self.path = path
    digest = surrogate.digest
    bytes = surrogate.bytes
    predictor = surrogate.predictorName
    transform = surrogate.transform
    encodings = surrogate.encodings
    seed = surrogate.seed
    subject = surrogate.subject
    report = surrogate.report
    curves = surrogate.curves?.report
    self.seconds = seconds
  }

  var text: String {
    var listing = Listing()
    let unit = subject.unit == "1" ? "" : " \(subject.unit)"
    listing.add("surrogate", path)
    listing.add("digest", digest.hex)
    listing.add("size", NumberText.bytes(bytes))
    listing.add("predictor", predictor + (transform == .identity ? "" : ", values by \(transform.rawValue)"))
    listing.add("sees", encodings.map { $0.encoding ?? $0.choice }.joined(separator: ", "))
    listing.add(
      "stands for",
      "\(subject.metric) (\(subject.unit)) on \(subject.split.rawValue) of \(subject.dataset)"
        + (subject.protocolName.map { " under \($0)" } ?? "") + ", \(subject.epoch) epoch")
    listing.add(
      "fitted to",
      "\(NumberText.count(report.architectures)) architectures, \(NumberText.count(report.runs)) runs; "
        + "\(NumberText.value(report.lowest)) to \(NumberText.value(report.highest))\(unit)")
    if let runFilter { listing.add("  runs", RunWords.mean(where: runFilter)) }
    if let architectureFilter { listing.add("  architectures", "where \(architectureFilter)") }
    for limit in limits {
      listing.add("  \(limit.method)", "from \(NumberText.count(limit.architectures)) of these, drawn at random")
    }
    listing.add("took", NumberText.value(seconds) + " s")
    var table = TextTable([
      ("\(report.folds)-fold\ncross-\nvalidation", .left), ("tau", .right), ("R2", .right), ("RMSE", .right),
      ("MAE", .right), ("in\n50 %", .right), ("in\n80 %", .right), ("in\n95 %", .right),
      ("sd", .right),
    ])
    Self.add("all \(report.overall.count)", report.overall, isWhole: true, to: &table)
    for stratum in report.strata { Self.add(" " + stratum.name, stratum.figures, to: &table) }
    var likelihood: [String] = []
    if let own = report.overall.negativeLogLikelihood, let constant = report.overall.constantWidthNegativeLogLikelihood
    {
      likelihood = [
        "negative log-likelihood \(NumberText.value(own)) nats; \(NumberText.value(constant)) with one width for all"
      ]
    }
    return ([listing.text, ""] + table.lines + likelihood + (curves.map(Self.lines) ?? [])).joined(separator: "\n")
  }

  private static func lines(_ curves: CurveReport) -> [String] {
    func number(_ value: Double?) -> String { value.map(NumberText.value) ?? "-" }
    var listing = Listing()
    let (first, last) = (curves.epochs.first ?? 0, curves.epochs.last ?? 0)
    listing.add("curves", "\(curves.predictor), \(curves.components) components")
    listing.add(
      "  fitted to",
      "\(NumberText.count(curves.architectures)) mean curves of \(NumberText.count(curves.runs)) runs; "
        + "\(curves.epochs.count) epochs, \(first) to \(last)")
    listing.add(
      "  held out",
      "mean over epochs: tau \(number(curves.kendallTau)), R2 \(number(curves.r2)), RMSE \(number(curves.rmse)), "
        + "in 80% \(number(curves.coverage80))")
    listing.add("  last epoch", "tau \(number(curves.lastKendallTau)), R2 \(number(curves.lastR2))")
    listing.add(
      "  noise",
      curves.repeated == 0
        ? "unknown, no repeated runs" : "from the runs of \(NumberText.count(curves.repeated)) architectures")
    return ["", listing.text]
  }

  /// R2 compares with the mean of all values, so it says nothing of a part of them.
  private static func add(
    _ name: String, _ figures: QualityReport.Figures, isWhole: Bool = false, to table: inout TextTable
  ) {
    func number(_ value: Double?) -> String { value.map(NumberText.value) ?? "-" }
    func short(_ value: Double?) -> String {
      value.map { abs($0) < 99.95 ? String(format: "%.3f", $0) : String(format: "%.0e", $0) } ?? "-"
    }
    func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }
    table.add([
      name, short(figures.kendallTau), isWhole ? short(figures.r2) : "", number(figures.rmse), number(figures.mae),
      percent(figures.coverage50), percent(figures.coverage80), percent(figures.coverage95),
      number(figures.sharpness),
    ])
  }
}

extension CurveReport {
  /// What made a curve and how far to trust it.
  var words: String {
    "\(predictor), fitted to \(NumberText.count(architectures)) curves (cross-validated tau "
      + "\(kendallTau.map(NumberText.value) ?? "-"), R2 \(r2.map(NumberText.value) ?? "-"), means over epochs)"
  }
}
