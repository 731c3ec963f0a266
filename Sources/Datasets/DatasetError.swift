public import Records

/// Everything that can go wrong between a source file and a data set.
public enum DatasetError: UserFacingError, Equatable {
  case unknownDataset(name: String, known: [String])
  case missingFile(path: String, remedy: String)
  case unreadable(path: String, reason: String)
  /// A line that breaks the format; `column` counts from 1, nil where the whole line is meant.
  case malformedRow(file: String, line: Int, column: Int?, problem: String, remedy: String)
  case sourceChanged(file: String, expected: Digest256, found: Digest256)
  case wrongCounts(dataset: String, what: String, expected: String, found: String)
  case sourceNeeded(dataset: String, accepts: String)
  case preparedFileDamaged(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
  case noCacheFolder
  case archiveToolFailed(path: String, reason: String)

  public var code: String {
    switch self {
    case .unknownDataset: "datasets.unknown"
    case .missingFile: "datasets.missing_file"
    case .unreadable: "datasets.unreadable"
    case .malformedRow: "datasets.malformed_row"
    case .sourceChanged: "datasets.source_changed"
    case .wrongCounts: "datasets.wrong_counts"
    case .sourceNeeded: "datasets.source_needed"
    case .preparedFileDamaged: "datasets.prepared_file_damaged"
    case .cannotWrite: "datasets.cannot_write"
    case .noCacheFolder: "datasets.no_cache_folder"
    case .archiveToolFailed: "datasets.archive_tool_failed"
    }
  }

  public var message: String {
    switch self {
    case .unknownDataset(let name, let known):
      "unknown data set \(name); known: \(known.joined(separator: ", "))"
    case .missingFile(let path, _): "\(path) is missing"
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .malformedRow(let file, let line, let column, let problem, _):
      "\(file), line \(line)\(column.map { ", column \($0)" } ?? ""): \(problem)"
    case .sourceChanged(let file, let expected, let found):
      "\(file) has SHA-256 \(found), expected \(expected)"
    case .wrongCounts(let dataset, let what, let expected, let found):
      "\(dataset): \(what) should be \(expected) but is \(found)"
    case .sourceNeeded(let dataset, let accepts): "\(dataset) is read from your own files; needed: \(accepts)"
    case .preparedFileDamaged(let path, let reason): "\(path) is damaged: \(reason)"
    case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)"
    case .noCacheFolder: "neither XDG_CACHE_HOME nor HOME is an absolute path, so there is no cache folder"
    case .archiveToolFailed(let path, let reason): "\(path) cannot be unpacked: \(reason)"
    }
  }

  public var remedy: String? {
    switch self {
    case .unknownDataset: "list the data sets with `nasatlas datasets`"
    case .missingFile(_, let remedy), .malformedRow(_, _, _, _, let remedy): remedy
    case .unreadable: "check the path and its permissions"
    case .sourceChanged: "remove the file and run tools/setup"
    case .wrongCounts: "the source is not the published one; see docs/datasets.md"
    case .sourceNeeded: "pass its path, as docs/datasets.md shows"
    case .preparedFileDamaged(let path, _): "remove \(path); the next load prepares it again"
    case .cannotWrite: "free space or choose another folder with XDG_CACHE_HOME"
    case .noCacheFolder: "set XDG_CACHE_HOME to the absolute path of a folder"
    case .archiveToolFailed: "install tar and xz-utils, or unpack the archive yourself and pass the folder"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .unknownDataset, .sourceNeeded: .usage
    case .missingFile: .noInput
    case .unreadable: .inputOutput
    case .malformedRow, .sourceChanged, .wrongCounts, .preparedFileDamaged: .dataError
    case .cannotWrite: .cannotCreate
    case .noCacheFolder: .configuration
    case .archiveToolFailed: .unavailable
    }
  }
}
