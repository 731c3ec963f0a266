import Benchmarks
import Records
import Reports
import Store

/// The form of an atlas's page: the setting, the measure, the other axis, the filter and the columns.
///
/// A request that cannot be answered gets its form too, with what the user wrote.
struct QuestionForm {
  struct Choice {
    let label: String
    let value: String
    let isChosen: Bool
  }

  let path: String
  let settings: [Choice]
  let measures: [Choice]
  let costs: [Choice]
  let hasCosts: Bool
  private(set) var condition: String
  /// What the user wrote into the field of architectures.
  private(set) var architecture = ""
  let example: String
  let columns: [Choice]
  let columnCount: Int
  /// Columns that the request chooses, to be kept by another question.
  let kept: [String]
  let against: String
  let exampleArchitecture: String
  let setting: String
  let measure: String

  init(_ question: PageQuestion, example: String?) throws {
    let atlas = question.atlas
    let shown = try question.columns()
    let costs = question.costs
    path = atlas.path
    settings = Self.settings(atlas, chosen: atlas.settingName(question.setting))
    measures = atlas.measures(question.setting).map {
      Self.measure($0, atlas, isChosen: $0 == question.measure)
    }
    self.costs = costs.map { Choice(label: question.heading($0), value: $0.text, isChosen: $0 == question.against) }
    hasCosts = !costs.isEmpty
    condition = question.condition
    self.example = costs.first.map { "\($0.text) < …" } ?? "\(question.own.text) > …"
    columns = question.offered.map {
      Choice(label: question.heading($0), value: $0.text, isChosen: shown.contains($0))
    }
    columnCount = shown.count + 1
    kept = question.chosen.map(\.text)
    against = question.against?.text ?? ""
    exampleArchitecture = example ?? ""
    setting = atlas.settingName(question.setting)
    measure = PageQuestion.name(question.measure)
  }

  /// The form of a request that cannot be answered: what the atlas offers, and what the user wrote. Nil where the atlas
  /// has no runs.
  init?(_ atlas: PageAtlas, refused request: PageRequest) {
    // What is wrong may be any of the parts, so only the setting and the measure are taken over where they exist.
    let kept = request.query.filter { ["setting", "measure"].contains($0.name) }
    let plain = [kept, kept.filter { $0.name == "setting" }, []].lazy.compactMap { query in
      try? PageQuestion(atlas, PageRequest(path: request.path, query: query, origin: request.origin))
    }.first
    guard let plain, let form = try? QuestionForm(plain, example: nil) else { return nil }
    self = form
    condition = request.value("where") ?? ""
    architecture = request.value("a") ?? ""
  }

  private static func settings(_ atlas: PageAtlas, chosen: String) -> [Choice] {
    atlas.benchmark.atlas.settings.filter { !atlas.measures($0).isEmpty }.map(atlas.settingName).map {
      Choice(label: $0, value: $0, isChosen: $0 == chosen)
    }
  }

  private static func measure(_ measure: Setting.Measure, _ atlas: PageAtlas, isChosen: Bool) -> Choice {
    let card = atlas.benchmark.atlas.card(of: measure.metric)
    return Choice(
      label: ReadableName.text(measure.metric.name, details: [measure.split.rawValue], unit: card.unit),
      value: PageQuestion.name(measure), isChosen: isChosen)
  }
}
