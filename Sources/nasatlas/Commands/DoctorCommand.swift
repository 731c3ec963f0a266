import ArgumentParser
import Foundation
import Records
import Reports

/// `nasatlas doctor`: is this machine able to do everything?
struct DoctorCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check whether this machine can train, store and query.",
    discussion: """
      Each check prints ok, warn or fail, and what to do. Exit status 69: a check failed.

      Examples:
        nasatlas doctor
        nasatlas doctor --json
      """)

  @OptionGroup var output: OutputOptions

  func run() throws {
    let findings = Checkup(environment: ProcessInfo.processInfo.environment).findings()
    let isWell = !findings.contains { $0.verdict == .fail }
    if output.json {
      struct Report: Encodable {
        let well: Bool
        let findings: [Checkup.Finding]
      }
      try Output.json(Report(well: isWell, findings: findings))
    } else {
      var listing = Listing()
      for finding in findings {
        let advice = finding.remedy.map { "; \($0)" } ?? ""
        listing.add("\(finding.verdict.rawValue.padded(to: 4))  \(finding.check)", finding.detail + advice)
      }
      try Output.data(listing.text)
    }
    guard isWell else { throw ExitCode(ExitStatus.unavailable.rawValue) }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
