import ArgumentParser
import Foundation
import Records

/// An error on its way out of the process: its words go to standard error, its kind becomes the exit status.
struct Failure {
  private let error: any Error

  init(_ error: any Error) { self.error = error }

  /// What programs read: the same members for every error.
  struct Report: Encodable {
    let code: String
    let message: String
    let remedy: String?
    let exitStatus: Int32
  }

  /// Nil for what ArgumentParser itself reports: help, version and mistakes on the command line.
  var report: Report? {
    switch error {
    case let error as any UserFacingError:
      Report(
        code: error.code, message: error.message, remedy: error.remedy, exitStatus: error.exitStatus.rawValue)
    case is ExitCode, is CleanExit, is ValidationError: nil
    default:
      isOfTheParser
        ? nil
        : Report(
          code: "nasatlas.unexpected", message: "internal error: \(error)",
          remedy: "report it with the command", exitStatus: ExitStatus.software.rawValue)
    }
  }

  /// The parser's own errors are not public types; all it has no opinion about would exit with 1.
  private var isOfTheParser: Bool { NASAtlas.exitCode(for: error).rawValue != EXIT_FAILURE }

  func end(asJSON: Bool) -> Never {
    if error is Output.ClosedPipe { Self.endAsClosedPipe() }
    if case .closedPipe? = error as? OutputError { Self.endAsClosedPipe() }
    guard let report else { endAsParser(asJSON: asJSON) }
    if asJSON, let text = try? CanonicalJSON.text(report) {
      Output.note(text)
    } else {
      Output.note("error: \(report.message)")
      if let remedy = report.remedy { Output.note("  next: \(remedy)") }
      Output.note("  code: \(report.code)")
    }
    Foundation.exit(report.exitStatus)
  }

  /// Help, versions and completion scripts are results too; what else the parser reports is a diagnostic.
  private func endAsParser(asJSON: Bool) -> Never {
    let status = NASAtlas.exitCode(for: error)
    let text = NASAtlas.fullMessage(for: error)
    if status.isSuccess, !text.isEmpty {
      do { try Output.data(text) } catch { Failure(error).end(asJSON: asJSON) }
    } else if asJSON, let report = try? CanonicalJSON.text(usageReport) {
      Output.note(report)
    } else if !text.isEmpty {
      Output.note(text)
    }
    Foundation.exit(status.rawValue)
  }

  /// A mistake on the command line. The parser's message is one sentence, perhaps with the help of an argument behind it.
  private var usageReport: Report {
    let lines = NASAtlas.message(for: error).split(separator: "\n")
    let message = lines.first.map(String.init) ?? "the command line cannot be read"
    return Report(
      code: "nasatlas.usage", message: message, remedy: "`nasatlas help` lists the commands and their options",
      exitStatus: NASAtlas.exitCode(for: error).rawValue)
  }

  /// The status of a program that SIGPIPE ended, which shells take as `| head -1` having enough.
  private static func endAsClosedPipe() -> Never {
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
    Foundation.exit(128 + SIGPIPE)
  }
}
