import ArgumentParser
import Records
import Reports
import Store

/// `nasatlas diff`: what two atlases do not have in common.
struct DiffCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two atlases.",
    discussion: """
      Runs are matched by architecture, data set, protocol and seed, and compared to the last bit: status, curves, \
      score, counts. Measurements and cards are compared too. Seconds and provenance are not, because they differ in \
      every training. Exit status 0: no difference; 1: a difference.

      Examples:
        nasatlas diff old.atlas new.atlas
        nasatlas diff old.atlas new.atlas --list 100 --json
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var first: String

  @Argument(help: "The atlas to compare it with.", completion: .file(extensions: ["atlas"]))
  var second: String

  @Option(help: .init("Number of differences to list per kind, 0 to 1000000.", valueName: "n"))
  var list = 5

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (0...1_000_000).contains(list) else { throw ValidationError("--list is \(list); allowed: 0 to 1000000") }
  }

  func run() throws {
    let difference = try AtlasDifference(Atlas(path: first), Atlas(path: second), listing: list)
    if output.json {
      struct Report: Encodable {
        let equal: Bool
        let difference: AtlasDifference
      }
      try Output.json(Report(equal: difference.isEqual, difference: difference))
    } else {
      try Output.data(difference.text(first, second))
    }
    guard difference.isEqual else { throw ExitCode(1) }
  }
}

extension AtlasDifference {
  func text(_ firstPath: String, _ secondPath: String) -> String {
    var listing = Listing()
    listing.add("first", "\(firstPath) (\(first.short))")
    listing.add("second", "\(secondPath) (\(second.short))")
    var lines = [listing.text]
    for setting in settings {
      let under = setting.protocolName ?? setting.protocolDigest.short
      lines.append("runs of \(setting.space) on \(setting.dataset) under \(under)")
      lines += Self.lines(setting.runs)
    }
    for (title, isOne) in [("first", \Tally.onlyInFirst), ("second", \Tally.onlyInSecond)] {
      let whole = quantities.filter { $0.values[keyPath: isOne] > 0 && $0.values.isOfOne }
      guard !whole.isEmpty else { continue }
      let values = whole.reduce(0) { $0 + $1.values[keyPath: isOne] }
      lines.append("measured only in the \(title): \(NumberText.count(values)) values of")
      lines += Listing.wrap(whole.map(\.quantity.words).joined(separator: "; "), width: 78).map { "  " + $0 }
    }
    for entry in quantities where !entry.values.isEqual && !entry.values.isOfOne {
      lines.append("measured \(entry.quantity.words) of \(entry.space)")
      lines += Self.lines(entry.values)
    }
    let same = quantities.count { $0.values.isEqual }
    if same > 0 { lines.append("\(same) measured quantities are equal") }
    for card in cards {
      let state =
        switch card.state {
        case .onlyInFirst: "only in the first"
        case .onlyInSecond: "only in the second"
        case .different: "differs"
        }
      lines.append("card of the \(card.kind == .dataset ? "data set" : card.kind.rawValue) \(card.name): \(state)")
    }
    lines.append(isEqual ? "no difference" : "the atlases differ")
    return lines.joined(separator: "\n")
  }

  private static func lines(_ tally: Tally) -> [String] {
    var lines = [
      "  \(NumberText.count(tally.equal)) equal, \(NumberText.count(tally.different)) different, "
        + "\(NumberText.count(tally.onlyInFirst)) only in the first, "
        + "\(NumberText.count(tally.onlyInSecond)) only in the second"
    ]
    // Where only one has the setting at all, examples say nothing.
    if tally.isOfOne { return lines }
    for (title, items) in [
      ("different", tally.listedDifferent), ("only in the first", tally.listedOnlyInFirst),
      ("only in the second", tally.listedOnlyInSecond),
    ] {
      for item in items {
        let seed = item.seed.map { " seed \($0)" } ?? ""
        lines += Listing.wrap(
          "\(title): \(ArchitectureText.short(item.id))\(seed)\(item.what.map { ", \($0)" } ?? "")", width: 76
        ).enumerated().map { ($0.offset == 0 ? "  " : "    ") + $0.element }
      }
    }
    return lines
  }
}

extension AtlasDifference.Tally {
  /// True when only one of the two has anything of it.
  fileprivate var isOfOne: Bool { equal + different == 0 && (onlyInFirst == 0 || onlyInSecond == 0) }
}

extension Quantity {
  /// `latency on raspi4, batch=1 (millisecond)`.
  var words: String {
    name + (device.map { " on \($0)" } ?? "")
      + (split.map { ", \($0.rawValue)" } ?? "")
      + conditions.sorted { $0.key < $1.key }.map { ", \($0.key)=\($0.value)" }.joined()
      + (dataset.map { " for \($0)" } ?? "") + (unit == "1" ? "" : " (\(unit))")
  }
}
