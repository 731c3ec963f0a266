import Foundation

extension InstructionSet {
  /// The families that this machine has, the widest last; none without AVX2 and FMA.
  package static let ofThisMachine: [InstructionSet] = {
    let listing = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = listing.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
    let flags = Set(line.split(separator: " ").map(String.init))
    return allCases.filter { $0.missing(from: flags).isEmpty }
  }()
}
