import Foundation
import KernelsAVX2
import KernelsAVX512

/// The inner loops of boosted trees for one instruction set. All tables compute the same bits.
package struct TreeKernels: Sendable {
  package typealias Numbers = UnsafePointer<Double>
  package typealias Sums = UnsafeMutablePointer<Double>

  package let histogram:
    @Sendable (UnsafePointer<Int32>, Int, UnsafePointer<UInt64>, Int, Numbers, Numbers, Sums, Sums) -> Void
  package let squares: @Sendable (Int, Numbers) -> Double
  package let threshold: @Sendable (Int, Numbers, Double) -> Double
  package let draw: @Sendable (Int, Numbers, Double, UInt64, Sums) -> Void
  package let subtract: @Sendable (Int, Sums, Numbers) -> Void
  package let scores: @Sendable (Int, Numbers, Numbers, Double, Double, Double, Sums, Sums) -> Void
  package let divide:
    @Sendable (
      Int, UnsafePointer<UInt8>, UInt8, Int, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt32>
    ) -> Void
  package let partition: @Sendable (Int, UnsafePointer<Int32>, UnsafePointer<UInt8>, UnsafeMutablePointer<Int32>) -> Int
  package let apply:
    @Sendable (
      Range<Int>, UnsafePointer<UInt8>, UnsafePointer<Int32>, UnsafePointer<Int32>, UnsafePointer<Int32>, Numbers, Int,
      Sums
    ) -> Void

  /// The fastest table that the machine can run.
  package static let fastest = table(for: InstructionSet.widest(flags: machineFlags))

  /// nil stands for any machine.
  package static func table(for instructionSet: InstructionSet?) -> TreeKernels {
    switch instructionSet {
    case .avx512:
      TreeKernels(
        histogram: KernelsAVX512.treeHistogram, squares: KernelsAVX512.treeSquares,
        threshold: KernelsAVX512.treeThreshold, draw: KernelsAVX512.treeDraw, subtract: KernelsAVX512.treeSubtract,
        scores: KernelsAVX512.treeScores, divide: KernelsAVX512.treeDivide, partition: KernelsAVX512.treePartition,
        apply: KernelsAVX512.treeApply)
    case .avx2:
      TreeKernels(
        histogram: KernelsAVX2.treeHistogram, squares: KernelsAVX2.treeSquares, threshold: KernelsAVX2.treeThreshold,
        draw: KernelsAVX2.treeDraw, subtract: KernelsAVX2.treeSubtract, scores: KernelsAVX2.treeScores,
        divide: KernelsAVX2.treeDivide, partition: KernelsAVX2.treePartition, apply: KernelsAVX2.treeApply)
    case nil:
      TreeKernels(
        histogram: Nets.treeHistogram, squares: Nets.treeSquares, threshold: Nets.treeThreshold, draw: Nets.treeDraw,
        subtract: Nets.treeSubtract, scores: Nets.treeScores, divide: Nets.treeDivide,
        partition: Nets.treePartition, apply: Nets.treeApply)
    }
  }

  /// The words of the kernel's listing; empty where there is none. Which table is taken changes no bit of any result.
  package static var machineFlags: Set<String> {
    guard let listing = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let line = listing.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
    else { return [] }
    return Set(line.split(separator: " ").map(String.init))
  }
}
