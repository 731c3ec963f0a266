import Benchmarks
import Oracles
import Records
import Store

/// Lines to copy that ask the same over HTTP and from Python.
struct Snippets {
  private let atlas: PageAtlas
  private let question: PageQuestion
  private let origin: String

  init(_ atlas: PageAtlas, _ question: PageQuestion, _ origin: String) {
    self.atlas = atlas
    self.question = question
    self.origin = origin
  }

  private var asked: [(String, String)] {
    let benchmark = atlas.benchmark
    let setting = question.setting
    let usual = benchmark.usualEpoch(in: setting)
    return [
      ("space", Set(benchmark.atlas.settings.map(\.space)).count > 1 ? setting.space : ""),
      ("dataset", setting.dataset),
      ("protocol", benchmark.protocolName(setting)), ("metric", question.measure.metric.name),
      ("split", question.measure.split.rawValue),
      ("epoch", question.lookup.epoch == usual ? "" : "\(question.lookup.epoch)"),
    ]
  }

  /// The first rows of the page, in its order.
  var rankingCurl: String {
    var words = asked
    if question.isSorted {
      let (field, direction) = question.ordering
      words.removeAll { ["metric", "split", "epoch"].contains($0.0) }
      words.append(("by", field.text + (direction == .minimise ? ":min" : ":max")))
    }
    words += [("where", question.condition), ("count", "\(AtlasPage.rowsAPage)")]
    return "curl '\(origin)\(HTML.link("/v1\(atlas.path)/top", words))'"
  }

  func valueCurl(_ architecture: String) -> String {
    "curl '\(origin)\(HTML.link("/v1\(atlas.path)/answer", [("architecture", architecture)] + asked))'"
  }

  /// Nil under a condition and in another order, which rankings in Python do not take.
  var rankingPython: String? {
    guard question.condition.isEmpty, !question.isSorted else { return nil }
    return """
      import nasatlas
      atlas = nasatlas.connect("\(origin)", "\(atlas.name)")
      atlas.top(\(AtlasPage.rowsAPage), \(arguments))
      """
  }

  func valuePython(_ architecture: String) -> String {
    """
    import nasatlas
    atlas = nasatlas.connect("\(origin)", "\(atlas.name)")
    atlas.query(\(Self.quoted(architecture)), \(arguments))
    """
  }

  private var arguments: String { Self.arguments(asked) }

  /// What names the setting.
  var settingQuery: [(String, String)] { asked.prefix(3).filter { !$0.1.isEmpty } }

  static func arguments(_ asked: [(String, String)]) -> String {
    asked.filter { !$0.1.isEmpty }.map { "\($0.0)=\(quoted($0.1))" }.joined(separator: ", ")
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
