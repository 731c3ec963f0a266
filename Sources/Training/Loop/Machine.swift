import Foundation
public import Nets
public import Records

/// The machine that trains.
public struct Machine: Hashable, Sendable {
  /// As records keep it.
  public var device: Device
  public var instructionSet: InstructionSet
  public var blasCore: String
  public var blasThreads: Int

  public init(device: Device, instructionSet: InstructionSet, blasCore: String, blasThreads: Int) {
    self.device = device
    self.instructionSet = instructionSet
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
    let system = ProcessInfo.processInfo
    let device = Device(
      cpu: field("model name"), instructionSet: instructionSet.name, cores: system.processorCount,
      memoryBytes: Int(system.physicalMemory), operatingSystem: system.operatingSystemVersionString,
      blas: "\(LinearAlgebra.version) \(LinearAlgebra.core)")
    return Machine(
      device: device, instructionSet: instructionSet, blasCore: LinearAlgebra.core, blasThreads: LinearAlgebra.threads)
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
