public import Records

/// Why a server does not start.
public enum ServerError: UserFacingError, Equatable {
  /// Two files would have one name.
  case sameName(name: String, paths: [String])
  case noAtlases
  case badSetting(name: String, value: String, origin: String, allowed: String)
  case unknownSetting(name: String, origin: String, known: [String])
  case unreadableSettings(path: String, reason: String)
  case unreadableTokens(path: String, reason: String)
  case stateFolder(path: String, reason: String)
  case damagedLedger(path: String, line: Int)
  /// `setting` is the setting that chooses the port.
  case cannotListen(address: String, setting: String, reason: String)
  case unknownHost(host: String, reason: String)

  public var code: String {
    switch self {
    case .sameName: "server.same_name"
    case .noAtlases: "server.no_atlases"
    case .badSetting: "server.bad_setting"
    case .unknownSetting: "server.unknown_setting"
    case .unreadableSettings: "server.unreadable_settings"
    case .unreadableTokens: "server.unreadable_tokens"
    case .stateFolder: "server.state_folder"
    case .damagedLedger: "server.damaged_ledger"
    case .cannotListen: "server.cannot_listen"
    case .unknownHost: "server.unknown_host"
    }
  }

  public var message: String {
    switch self {
    case .sameName(let name, let paths): "two atlases have the name \(name): " + paths.joined(separator: ", ")
    case .noAtlases: "no atlas is given to serve"
    case .badSetting(let name, let value, let origin, let allowed):
      "invalid \(name): \(value.debugDescription) (\(origin)); allowed: \(allowed)"
    case .unknownSetting(let name, let origin, let known):
      "unknown setting \(name) (\(origin)); known: " + known.joined(separator: ", ")
    case .unreadableSettings(let path, let reason): "the settings in \(path) cannot be read: \(reason)"
    case .unreadableTokens(let path, let reason): "the tokens in \(path) cannot be read: \(reason)"
    case .stateFolder(let path, let reason): "ledgers cannot be kept in \(path): \(reason)"
    case .damagedLedger(let path, let line): "line \(line) of \(path) is damaged"
    case .cannotListen(let address, let setting, let reason): "cannot listen on \(address) (\(setting)): \(reason)"
    case .unknownHost(let host, let reason): "cannot listen on the host \(host): \(reason)"
    }
  }

  public var remedy: String? {
    switch self {
    case .sameName: "rename one of the files"
    case .noAtlases: "name a published atlas"
    case .badSetting, .unknownSetting: "see `nasatlas config show --origin`"
    case .unreadableSettings: "write one NAME = VALUE per line"
    case .unreadableTokens: "write one SHA-256 of a token per line, as `printf %s TOKEN | sha256sum` prints it"
    case .stateFolder: "choose another state-folder, or stop the server that uses it"
    case .damagedLedger: "restore the file, or move it out of the folder"
    case .cannotListen(_, let setting, _):
      "choose another port with --set \(setting)=NUMBER (0: any free port), or stop the program that uses this one"
    case .unknownHost: "name an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .cannotListen, .unknownHost, .stateFolder: .unavailable
    case .damagedLedger: .dataError
    case .sameName, .noAtlases: .usage
    default: .configuration
    }
  }
}
