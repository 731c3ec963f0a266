import KernelsAVX2
import KernelsAVX512

package typealias Floats = UnsafeMutablePointer<Float>

/// The inner loops of one instruction set. Both tables compute the same bits: every kernel is compiled from the same
/// source, works lane by lane, and writes out the order of the few sums that cross lanes.
package struct Kernels: Sendable {
  package typealias Product =
    @Sendable (
      Int, Int, Int, UnsafePointer<Float>, Int, Int, UnsafePointer<Float>, Int, Floats, Int, Bool, UnsafePointer<Float>?
    ) -> Void
  package typealias Norm =
    @Sendable (
      Int, Int, Floats, Int, UnsafePointer<Float>, UnsafePointer<Float>, Floats, Floats, Floats, Int
    ) -> Void
  package typealias Map = @Sendable (Int, Int, Floats, Int, Floats, Int) -> Void

  package let matrixProduct: Product
  package let transpose: @Sendable (Int, Int, UnsafePointer<Float>, Int, Floats, Int) -> Void
  package let layerNorm: Norm
  package let layerNormAgain: Norm
  package let layerNormBackward:
    @Sendable (
      Int, Int, Floats, Int, UnsafePointer<Float>, Floats, Floats, Floats, Int, Floats, Int, Bool, Floats, Floats
    ) -> Void
  package let mish: Map
  package let mishBackward: @Sendable (Int, Int, Floats, Int, Floats, Int, Floats, Int) -> Void
  package let rectify: Map
  package let rectifyBackward: @Sendable (Int, Int, Floats, Int, Floats, Int, Floats, Int) -> Void
  package let softmaxColumns: @Sendable (Int, Int, Floats, Int, Float) -> Void
  package let softmaxColumnsBackward: @Sendable (Int, Int, Floats, Int, Floats, Int, Float) -> Void
  package let scaleAdd: @Sendable (Int, Int, Floats, Int, Float, Floats, Int, Bool) -> Void
  package let dropoutAdd:
    @Sendable (Int, Int, Floats, Int, Floats?, Int, Floats, Int, UInt32, UInt32, UInt32, Float) -> Void
  package let addRowSums: @Sendable (Int, Int, Floats, Int, Floats) -> Void
  package let addProductSum: @Sendable (Int, Int, Floats, Int, Floats, Int, Floats) -> Void
  package let finishPartials: @Sendable (Int, Floats, Floats) -> Void
  package let columnDots: @Sendable (Int, Int, Floats, Int, Floats, Int, Floats, Bool) -> Void
  package let scaleColumns: @Sendable (Int, Int, Floats, Floats, Int, Floats, Int, Bool) -> Void
  package let recurrentStep: @Sendable (Int, Int, Floats, Floats, Floats, Floats, Floats?, Floats) -> Void
  package let recurrentStepBackward:
    @Sendable (
      Int, Int, Floats, Floats, Floats, Floats, Floats?, Floats, Floats, Floats, Floats, Floats
    ) -> Void
  package let memoryStep: @Sendable (Int, Int, Floats, Floats?, Floats, Floats, Floats) -> Void
  package let memoryStepBackward: @Sendable (Int, Int, Floats, Floats?, Floats, Floats, Floats) -> Void
  package let squash: Map
  package let squashBackward: @Sendable (Int, Int, Floats, Int, Floats, Int, Floats, Int) -> Void
  package let laneProduct:
    @Sendable (Int, Int, Int, Int, Floats, Int, Int, Floats, Int, Int, Floats, Int, Int, Bool) -> Void
  package let rowSums: @Sendable (Int, Int, Floats, Int, Int, Floats) -> Void
  package let rowMaxima: @Sendable (Int, Int, Floats, Int, Int, Floats, UnsafeMutablePointer<Int32>) -> Void
  package let slideForward:
    @Sendable (Int, Int, Int, Floats, UnsafePointer<Float>, Int, UnsafePointer<Float>, Floats, Int) -> Void
  package let slideBackward: @Sendable (Int, Int, Int, Floats, Floats, Int, Floats) -> Void
  package let addTimeEncoding: @Sendable (Int, Int, Floats, UnsafePointer<Float>, Floats, Int) -> Void
  package let adamW: @Sendable (Int, Floats, Floats, Floats, Floats, Float, Float, Float, Float, Float, Float) -> Void
  package let lambUpdate:
    @Sendable (
      Int, Floats, Floats, Floats, Floats, Float, Float, Float, Float, Float, Float, Float, Floats
    ) -> Void
  package let descend: @Sendable (Int, Floats, Floats, Float) -> Void
  package let sumOfSquares: @Sendable (Int, Floats) -> Float

  package static func table(for instructionSet: InstructionSet) -> Kernels {
    switch instructionSet {
    case .avx2: avx2
    case .avx512: avx512
    }
  }

  private static let avx2 = Kernels(
    matrixProduct: KernelsAVX2.matrixProduct, transpose: KernelsAVX2.transpose, layerNorm: KernelsAVX2.layerNorm,
    layerNormAgain: KernelsAVX2.layerNormAgain, layerNormBackward: KernelsAVX2.layerNormBackward,
    mish: KernelsAVX2.mish, mishBackward: KernelsAVX2.mishBackward, rectify: KernelsAVX2.rectify,
    rectifyBackward: KernelsAVX2.rectifyBackward, softmaxColumns: KernelsAVX2.softmaxColumns,
    softmaxColumnsBackward: KernelsAVX2.softmaxColumnsBackward, scaleAdd: KernelsAVX2.scaleAdd,
    dropoutAdd: KernelsAVX2.dropoutAdd, addRowSums: KernelsAVX2.addRowSums, addProductSum: KernelsAVX2.addProductSum,
    finishPartials: KernelsAVX2.finishPartials, columnDots: KernelsAVX2.columnDots,
    scaleColumns: KernelsAVX2.scaleColumns, recurrentStep: KernelsAVX2.recurrentStep,
    recurrentStepBackward: KernelsAVX2.recurrentStepBackward, memoryStep: KernelsAVX2.memoryStep,
    memoryStepBackward: KernelsAVX2.memoryStepBackward, squash: KernelsAVX2.squash,
    squashBackward: KernelsAVX2.squashBackward, laneProduct: KernelsAVX2.laneProduct, rowSums: KernelsAVX2.rowSums,
    rowMaxima: KernelsAVX2.rowMaxima,
    slideForward: KernelsAVX2.slideForward, slideBackward: KernelsAVX2.slideBackward,
    addTimeEncoding: KernelsAVX2.addTimeEncoding, adamW: KernelsAVX2.adamW, lambUpdate: KernelsAVX2.lambUpdate,
    descend: KernelsAVX2.descend, sumOfSquares: KernelsAVX2.sumOfSquares)

  private static let avx512 = Kernels(
    matrixProduct: KernelsAVX512.matrixProduct, transpose: KernelsAVX512.transpose,
    layerNorm: KernelsAVX512.layerNorm, layerNormAgain: KernelsAVX512.layerNormAgain,
    layerNormBackward: KernelsAVX512.layerNormBackward, mish: KernelsAVX512.mish,
    mishBackward: KernelsAVX512.mishBackward, rectify: KernelsAVX512.rectify,
    rectifyBackward: KernelsAVX512.rectifyBackward, softmaxColumns: KernelsAVX512.softmaxColumns,
    softmaxColumnsBackward: KernelsAVX512.softmaxColumnsBackward, scaleAdd: KernelsAVX512.scaleAdd,
    dropoutAdd: KernelsAVX512.dropoutAdd, addRowSums: KernelsAVX512.addRowSums,
    addProductSum: KernelsAVX512.addProductSum, finishPartials: KernelsAVX512.finishPartials,
    columnDots: KernelsAVX512.columnDots, scaleColumns: KernelsAVX512.scaleColumns,
    recurrentStep: KernelsAVX512.recurrentStep, recurrentStepBackward: KernelsAVX512.recurrentStepBackward,
    memoryStep: KernelsAVX512.memoryStep, memoryStepBackward: KernelsAVX512.memoryStepBackward,
    squash: KernelsAVX512.squash, squashBackward: KernelsAVX512.squashBackward,
    laneProduct: KernelsAVX512.laneProduct,
    rowSums: KernelsAVX512.rowSums, rowMaxima: KernelsAVX512.rowMaxima, slideForward: KernelsAVX512.slideForward,
    slideBackward: KernelsAVX512.slideBackward, addTimeEncoding: KernelsAVX512.addTimeEncoding,
    adamW: KernelsAVX512.adamW, lambUpdate: KernelsAVX512.lambUpdate, descend: KernelsAVX512.descend,
    sumOfSquares: KernelsAVX512.sumOfSquares)
}
