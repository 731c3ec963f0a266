import Records

/// Why there is no such page.
enum PageError: UserFacingError, Equatable {
  case noAtlas(name: String, known: [String])
  case noPage(path: String)
  case unknownSetting(found: String, known: [String])
  case unknownMeasure(found: String, known: [String])
  case unknownColumn(found: String, known: [String])
  case noRuns(atlas: String)
  case badNumber(name: String, found: String)
  case noArchitecture
  case noLedger(id: String)
  case noSurrogate(of: String, atlas: String)

  var code: String {
    switch self {
    case .noAtlas: "page.no_such_atlas"
    case .noPage: "page.no_such_page"
    case .unknownSetting: "page.unknown_setting"
    case .unknownMeasure: "page.unknown_measure"
    case .unknownColumn: "page.unknown_column"
    case .noRuns: "page.no_runs"
    case .badNumber: "page.bad_number"
    case .noArchitecture: "page.no_architecture"
    case .noLedger: "page.no_such_ledger"
    case .noSurrogate: "page.no_surrogate"
    }
  }

  var message: String {
    switch self {
    case .noAtlas(let name, let known):
      "There is no atlas \(name). This server has \(known.isEmpty ? "no atlas" : known.joined(separator: ", "))."
    case .noPage(let path): "There is no page \(path)."
    case .unknownSetting(let found, let known):
      "There is no setting \(found). Settings: \(known.joined(separator: "; "))."
    case .unknownMeasure(let found, let known):
      "There is no measure \(found). Measures: \(known.joined(separator: ", "))."
    case .unknownColumn(let found, let known):
      "There is no column \(found). Columns: \(known.joined(separator: ", "))."
    case .noRuns(let atlas): "The atlas \(atlas) shows no values of metrics."
    case .badNumber(let name, let found): "\(name) must be a whole number from 1, not \(found)."
    case .noArchitecture: "The request names no architecture."
    case .noLedger(let id): "There is no ledger \(id)."
    case .noSurrogate(let measure, _): "There is no surrogate of \(measure) beside the atlas."
    }
  }

  var remedy: String? {
    switch self {
    case .noAtlas, .noPage: "Start at the first page, or search for a name or an id above."
    case .unknownSetting, .unknownMeasure, .unknownColumn: "Choose one of these in the form."
    case .noRuns: "Open the page of the atlas: it lists the measurements."
    case .badNumber: "Follow a link instead of typing the address."
    case .noLedger: "Open a ledger over HTTP; the answer has its id."
    case .noArchitecture: "Write its text, an id, or a number such as nats:6111 into the field."
    case .noSurrogate(_, let atlas): "Fit one with nasatlas fit \(atlas).atlas."
    }
  }

  var exitStatus: ExitStatus { .usage }

  var isAbsence: Bool {
    switch self {
    case .noAtlas, .noPage, .noLedger: true
    default: false
    }
  }
}
