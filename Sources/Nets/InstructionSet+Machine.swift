import Foundation

extension InstructionSet {
  /// The widest family of this machine; nil without AVX2 and FMA.
  package static let ofThisMachine: InstructionSet? = {
    let listing = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = listing.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
    return widest(flags: Set(line.split(separator: " ").map(String.init)))
  }()
}
