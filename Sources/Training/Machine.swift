import Foundation
public import Nets
import Records

/// What a record says of the machine that trained it.
public struct Machine: Hashable, Sendable {
  public var cpuModel: String
  public var instructionSet: InstructionSet
  public var blasVersion: String
  public var blasCore: String
  public var blasThreads: Int

  public init(
    cpuModel: String, instructionSet: InstructionSet, blasVersion: String, blasCore: String, blasThreads: Int
  ) {
    self.cpuModel = cpuModel
    self.instructionSet = instructionSet
    self.blasVersion = blasVersion
    self.blasCore = blasCore
    self.blasThreads = blasThreads
  }

  /// This machine, from the kernel's CPU listing. Throws ``TrainingError/processor`` without AVX2 and FMA.
  public static func current(cpuListing path: String = "/proc/cpuinfo") throws(TrainingError) -> Machine {
    let listing = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    func field(_ name: String) -> String? {
      listing.split(separator: "\n").first { $0.hasPrefix(name) }
        .flatMap { $0.split(separator: ":", maxSplits: 1).last }
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let flags = Set((field("flags") ?? "").split(separator: " ").map(String.init))
    guard let instructionSet = InstructionSet.widest(flags: flags) else {
      throw .processor(missing: InstructionSet.avx2.missing(from: flags))
    }
    return Machine(
      cpuModel: field("model name") ?? "unknown", instructionSet: instructionSet, blasVersion: LinearAlgebra.version,
      blasCore: LinearAlgebra.core, blasThreads: LinearAlgebra.threads)
  }

  /// Throws ``TrainingError/unpinnedBLAS`` unless OpenBLAS runs its Haswell kernels on one thread.
  public func requirePinnedBLAS() throws(TrainingError) {
    guard blasCore.lowercased() == "haswell", blasThreads == 1 else {
      throw .unpinnedBLAS(core: blasCore, threads: blasThreads)
    }
  }

  /// What the environment of a trainer process must hold: OpenBLAS reads its settings when it is loaded. glibc is told to
  /// map large blocks on their own, so that what loading the data used up goes back to the system.
  public static let trainerEnvironment = [
    "OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "1", "MALLOC_MMAP_THRESHOLD_": "131072",
    "MALLOC_TRIM_THRESHOLD_": "131072",
  ]
}
