import Records

/// Why there is no such page.
enum PageError: UserFacingError, Equatable {
  case noAtlas(name: String, known: [String])
  case noPage(path: String)
  case unknownSetting(found: String, known: [String])
  case unknownMeasure(found: String, known: [String])
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
      "There is no atlas \(name) here; there is \(known.isEmpty ? "none" : known.joined(separator: ", "))."
    case .noPage(let path): "There is no page \(path)."
    case .unknownSetting(let found, let known):
      "There is no setting \(found); there is \(known.joined(separator: "; "))."
    case .unknownMeasure(let found, let known): "There is no \(found); there is \(known.joined(separator: ", "))."
    case .noRuns(let atlas): "\(atlas) holds no runs, only measurements."
    case .badNumber(let name, let found): "\(name) is a number from 1, not \(found)."
    case .noArchitecture: "No architecture was named."
    case .noLedger(let id): "There is no ledger \(id)."
    case .noSurrogate(let measure, _): "No surrogate of \(measure) stands beside the atlas."
    }
  }

  var remedy: String? {
    switch self {
    case .noAtlas, .noPage: "Begin at the first page."
    case .unknownSetting, .unknownMeasure: "Choose one of these in the form."
    case .noRuns: "Ask for measurements with nasatlas top --by."
    case .badNumber: "Follow a link in place of writing the address."
    case .noLedger: "Open one over HTTP; its id is in the answer."
    case .noArchitecture: "Write its text, or an id of a published table, into the field."
    case .noSurrogate(_, let atlas): "nasatlas fit \(atlas).atlas makes it."
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
