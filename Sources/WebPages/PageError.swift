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
      "There is no atlas \(name); known: \(known.isEmpty ? "none" : known.joined(separator: ", "))."
    case .noPage(let path): "There is no page \(path)."
    case .unknownSetting(let found, let known):
      "There is no setting \(found); known: \(known.joined(separator: "; "))."
    case .unknownMeasure(let found, let known): "There is no \(found); known: \(known.joined(separator: ", "))."
    case .noRuns(let atlas): "\(atlas) has no runs, only measurements."
    case .badNumber(let name, let found): "\(name) is \(found); allowed: a number from 1."
    case .noArchitecture: "No architecture was named."
    case .noLedger(let id): "There is no ledger \(id)."
    case .noSurrogate(let measure, _): "The atlas has no surrogate of \(measure)."
    }
  }

  var remedy: String? {
    switch self {
    case .noAtlas, .noPage: "Start from the home page."
    case .unknownSetting, .unknownMeasure: "Choose one of these in the form."
    case .noRuns: "Rank the measurements with nasatlas top --by."
    case .badNumber: "Follow a link instead of typing the address."
    case .noLedger: "Open a ledger over HTTP; the answer contains its id."
    case .noArchitecture: "Type its text, its id, or its id in a published table into the field."
    case .noSurrogate(_, let atlas): "Make it with nasatlas fit \(atlas).atlas"
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
