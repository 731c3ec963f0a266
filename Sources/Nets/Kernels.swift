import KernelsAVX2
import KernelsAVX512

typealias Floats = UnsafeMutablePointer<Float>

/// The inner loops of one instruction set. Both tables compute the same bits: every kernel is compiled from the same
/// source, works lane by lane, and writes out the order of the few sums that cross lanes.
struct Kernels: Sendable {
  typealias Product =
    @Sendable (
      Int, Int, Int, UnsafePointer<Float>, Int, Int, UnsafePointer<Float>, Int, Floats, Int, Bool, UnsafePointer<Float>?
    ) -> Void
  typealias Norm =
    @Sendable (
      Int, Int, Floats, Int, UnsafePointer<Float>, UnsafePointer<Float>, Floats, Floats, Floats, Int
    ) -> Void
  typealias Map = @Sendable (Int, Int, Floats, Int, Floats, Int) -> Void

  let matrixProduct: Product
  let transpose: @Sendable (Int, Int, UnsafePointer<Float>, Int, Floats, Int) -> Void
  let layerNorm: Norm
  let layerNormAgain: Norm
  let layerNormBackward:
    @Sendable (
      Int, Int, Floats, Int, UnsafePointer<Float>, Floats, Floats, Floats, Int, Floats, Int, Bool, Floats, Floats
    ) -> Void
  let mish: Map
  let mishBackward: @Sendable (Int, Int, Floats, Int, Floats, Int, Floats, Int) -> Void
  let softmaxColumns: @Sendable (Int, Int, Floats, Int, Float) -> Void
  let softmaxColumnsBackward: @Sendable (Int, Int, Floats, Int, Floats, Int, Float) -> Void
  let scaleAdd: @Sendable (Int, Int, Floats, Int, Float, Floats, Int, Bool) -> Void
  let dropoutAdd: @Sendable (Int, Int, Floats, Int, Floats?, Int, Floats, Int, UInt32, UInt32, UInt32, Float) -> Void
  let addRowSums: @Sendable (Int, Int, Floats, Int, Floats) -> Void
  let addProductSum: @Sendable (Int, Int, Floats, Int, Floats, Int, Floats) -> Void
  let finishPartials: @Sendable (Int, Floats, Floats) -> Void
  let columnDots: @Sendable (Int, Int, Floats, Int, Floats, Int, Floats, Bool) -> Void
  let scaleColumns: @Sendable (Int, Int, Floats, Floats, Int, Floats, Int, Bool) -> Void
  let recurrentStep: @Sendable (Int, Int, Floats, Floats, Floats, Floats, Floats?, Floats) -> Void
  let recurrentStepBackward:
    @Sendable (
      Int, Int, Floats, Floats, Floats, Floats, Floats?, Floats, Floats, Floats, Floats, Floats
    ) -> Void
  let rowSums: @Sendable (Int, Int, Floats, Int, Int, Floats) -> Void
  let rowMaxima: @Sendable (Int, Int, Floats, Int, Int, Floats, UnsafeMutablePointer<Int32>) -> Void
  let slideForward:
    @Sendable (Int, Int, Int, Floats, UnsafePointer<Float>, Int, UnsafePointer<Float>, Floats, Int) -> Void
  let slideBackward: @Sendable (Int, Int, Int, Floats, Floats, Int, Floats) -> Void
  let addTimeEncoding: @Sendable (Int, Int, Floats, UnsafePointer<Float>, Floats, Int) -> Void
  let adamW: @Sendable (Int, Floats, Floats, Floats, Floats, Float, Float, Float, Float, Float, Float) -> Void
  let lambUpdate:
    @Sendable (
      Int, Floats, Floats, Floats, Floats, Float, Float, Float, Float, Float, Float, Float, Floats
    ) -> Void
  let descend: @Sendable (Int, Floats, Floats, Float) -> Void
  let sumOfSquares: @Sendable (Int, Floats) -> Float

  static func table(for instructionSet: InstructionSet) -> Kernels {
    switch instructionSet {
    case .avx2: avx2
    case .avx512: avx512
    }
  }

  private static let avx2 = Kernels(
    matrixProduct: KernelsAVX2.matrixProduct, transpose: KernelsAVX2.transpose, layerNorm: KernelsAVX2.layerNorm,
    layerNormAgain: KernelsAVX2.layerNormAgain, layerNormBackward: KernelsAVX2.layerNormBackward,
    mish: KernelsAVX2.mish, mishBackward: KernelsAVX2.mishBackward, softmaxColumns: KernelsAVX2.softmaxColumns,
    softmaxColumnsBackward: KernelsAVX2.softmaxColumnsBackward, scaleAdd: KernelsAVX2.scaleAdd,
    dropoutAdd: KernelsAVX2.dropoutAdd, addRowSums: KernelsAVX2.addRowSums, addProductSum: KernelsAVX2.addProductSum,
    finishPartials: KernelsAVX2.finishPartials, columnDots: KernelsAVX2.columnDots,
    scaleColumns: KernelsAVX2.scaleColumns, recurrentStep: KernelsAVX2.recurrentStep,
    recurrentStepBackward: KernelsAVX2.recurrentStepBackward, rowSums: KernelsAVX2.rowSums,
    rowMaxima: KernelsAVX2.rowMaxima,
    slideForward: KernelsAVX2.slideForward, slideBackward: KernelsAVX2.slideBackward,
    addTimeEncoding: KernelsAVX2.addTimeEncoding, adamW: KernelsAVX2.adamW, lambUpdate: KernelsAVX2.lambUpdate,
    descend: KernelsAVX2.descend, sumOfSquares: KernelsAVX2.sumOfSquares)

  private static let avx512 = Kernels(
    matrixProduct: KernelsAVX512.matrixProduct, transpose: KernelsAVX512.transpose,
    layerNorm: KernelsAVX512.layerNorm, layerNormAgain: KernelsAVX512.layerNormAgain,
    layerNormBackward: KernelsAVX512.layerNormBackward, mish: KernelsAVX512.mish,
    mishBackward: KernelsAVX512.mishBackward, softmaxColumns: KernelsAVX512.softmaxColumns,
    softmaxColumnsBackward: KernelsAVX512.softmaxColumnsBackward, scaleAdd: KernelsAVX512.scaleAdd,
    dropoutAdd: KernelsAVX512.dropoutAdd, addRowSums: KernelsAVX512.addRowSums,
    addProductSum: KernelsAVX512.addProductSum, finishPartials: KernelsAVX512.finishPartials,
    columnDots: KernelsAVX512.columnDots, scaleColumns: KernelsAVX512.scaleColumns,
    recurrentStep: KernelsAVX512.recurrentStep, recurrentStepBackward: KernelsAVX512.recurrentStepBackward,
    rowSums: KernelsAVX512.rowSums, rowMaxima: KernelsAVX512.rowMaxima, slideForward: KernelsAVX512.slideForward,
    slideBackward: KernelsAVX512.slideBackward, addTimeEncoding: KernelsAVX512.addTimeEncoding,
    adamW: KernelsAVX512.adamW, lambUpdate: KernelsAVX512.lambUpdate, descend: KernelsAVX512.descend,
    sumOfSquares: KernelsAVX512.sumOfSquares)
}
