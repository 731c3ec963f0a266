import Foundation

/// The commit that the running program was built from, when it lies inside its checkout; else what NASATLAS_COMMIT says.
func sourceCommit(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
  if let told = environment["NASATLAS_COMMIT"], !told.isEmpty { return told }
  guard let program = executablePath() else { return "unknown" }
  var folder = program.deletingLastPathComponent()
  while folder.path != "/" {
    let git = folder.appendingPathComponent(".git")
    if let head = try? String(contentsOf: git.appendingPathComponent("HEAD"), encoding: .utf8) {
      let text = head.trimmingCharacters(in: .whitespacesAndNewlines)
      guard text.hasPrefix("ref: ") else { return text }
      let reference = String(text.dropFirst(5))
      if let commit = try? String(contentsOf: git.appendingPathComponent(reference), encoding: .utf8) {
        return commit.trimmingCharacters(in: .whitespacesAndNewlines)
      }
      let packed = (try? String(contentsOf: git.appendingPathComponent("packed-refs"), encoding: .utf8)) ?? ""
      let line = packed.split(separator: "\n").first { $0.hasSuffix(" \(reference)") }
      return line.map { String($0.prefix(40)) } ?? "unknown"
    }
    folder = folder.deletingLastPathComponent()
  }
  return "unknown"
}

/// The program itself.
func executablePath() -> URL? {
  (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).map { URL(fileURLWithPath: $0) }
}
