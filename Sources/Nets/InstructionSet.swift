/// The families of vector instructions that the inner loops are compiled for. Both give the same bits.
public enum InstructionSet: String, Sendable, CaseIterable, Codable {
  case avx2, avx512

  /// For people: `AVX2` or `AVX-512`.
  public var name: String {
    switch self {
    case .avx2: "AVX2"
    case .avx512: "AVX-512"
    }
  }

  /// Flags of the kernel's CPU listing that a machine must show.
  var requiredFlags: [String] {
    switch self {
    case .avx2: ["avx2", "fma", "bmi1", "bmi2", "f16c", "movbe"]
    case .avx512: InstructionSet.avx2.requiredFlags + ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]
    }
  }

  /// Flags that `flags` lacks.
  public func missing(from flags: Set<String>) -> [String] { requiredFlags.filter { !flags.contains($0) } }

  /// The widest family in `flags` (the words of a `flags` line in /proc/cpuinfo); nil when not even AVX2 with FMA is
  /// there, and nothing can be trained.
  public static func widest(flags: Set<String>) -> InstructionSet? {
    allCases.last { $0.requiredFlags.allSatisfy(flags.contains) }
  }
}
