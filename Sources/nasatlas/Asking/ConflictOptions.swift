import ArgumentParser
import Store

/// How `ingest` and `merge` decide conflicts.
struct ConflictOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Which of two conflicting rows or cards to keep.", valueName: "SOURCE|FIRST|SECOND"))
  var prefer: String?

  @Flag(help: "Leave out both of two conflicting rows.")
  var skipConflicts = false

  func validate() throws {
    if prefer != nil, skipConflicts { throw ValidationError("--prefer and --skip-conflicts exclude each other") }
    if prefer?.isEmpty == true { throw ValidationError("--prefer needs FIRST, SECOND or the name of a source") }
  }

  var policy: ConflictPolicy {
    if skipConflicts { return .skip }
    return switch prefer {
    case nil: .refuse
    case "FIRST"?: .first
    case "SECOND"?: .second
    case let name?: .source(name)
    }
  }
}
