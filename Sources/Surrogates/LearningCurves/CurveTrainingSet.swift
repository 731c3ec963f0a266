/// What a curve predictor learns from: N finished runs, and what it will be asked.
///
/// N may be 0 for methods that learn nothing; they still need to know which epoch is asked for.
public struct CurveTrainingSet: Sendable {
  /// The whole curves.
  public let curves: CurveSet
  /// N finite values to be predicted: of the curves' quantity at ``targetEpoch``, or of another one (the final accuracy
  /// from curves of the training loss).
  public let values: [Double]
  /// True where a larger value is better.
  public let largerValueIsBetter: Bool
  /// How many epochs of a curve will have been seen when its value is asked for.
  public let observedEpochs: Int
  /// The epoch whose value is asked for.
  public let targetEpoch: Int

  /// Throws ``SurrogatesError/shape(_:)`` where there are not as many values as curves, where a curve is shorter than
  /// what will be seen, or where the epochs are not 1 ≤ `observedEpochs` ≤ `targetEpoch`, and
  /// ``SurrogatesError/badValue(row:value:)`` for a value that is not finite.
  public init(
    _ curves: CurveSet, _ values: [Double], largerValueIsBetter: Bool = true, observedEpochs: Int, targetEpoch: Int
  ) throws {
    guard curves.count == values.count else {
      throw SurrogatesError.shape("\(values.count) values for \(curves.count) curves")
    }
    if let row = values.firstIndex(where: { !$0.isFinite }) {
      throw SurrogatesError.badValue(row: row, value: values[row])
    }
    guard observedEpochs >= 1, targetEpoch >= observedEpochs else {
      throw SurrogatesError.shape("epoch \(targetEpoch) cannot be predicted from \(observedEpochs) epochs")
    }
    guard curves.count == 0 || curves.shortest >= observedEpochs else {
      throw SurrogatesError.shape("a curve has \(curves.shortest) epochs; needed: \(observedEpochs)")
    }
    self.curves = curves
    self.values = values
    self.largerValueIsBetter = largerValueIsBetter
    self.observedEpochs = observedEpochs
    self.targetEpoch = targetEpoch
  }

  /// Curves that are asked for their own last value: epoch `targetEpoch`, else the last epoch of the shortest curve.
  ///
  /// Throws ``SurrogatesError/shape(_:)`` where a curve does not reach that epoch.
  public init(_ curves: CurveSet, observedEpochs: Int, targetEpoch: Int? = nil) throws {
    let target = targetEpoch ?? curves.shortest
    guard target >= 1, curves.count == 0 || curves.shortest >= target else {
      throw SurrogatesError.shape("a curve has \(curves.shortest) epochs; needed: epoch \(target)")
    }
    try self.init(
      curves, curves.curves.map { $0[target - 1] }, largerValueIsBetter: curves.direction == .largerIsBetter,
      observedEpochs: observedEpochs, targetEpoch: target)
  }

  public var count: Int { values.count }

  /// The curves as far as they will have been seen.
  public var observed: CurveSet { curves.prefix(observedEpochs) }

  /// The runs at `indices`, in their order.
  public func rows(_ indices: [Int]) throws -> CurveTrainingSet {
    try CurveTrainingSet(
      curves.rows(indices), indices.map { values[$0] }, largerValueIsBetter: largerValueIsBetter,
      observedEpochs: observedEpochs, targetEpoch: targetEpoch)
  }

  /// The same runs with other values.
  public func replacing(_ values: [Double]) throws -> CurveTrainingSet {
    try CurveTrainingSet(
      curves, values, largerValueIsBetter: largerValueIsBetter, observedEpochs: observedEpochs,
      targetEpoch: targetEpoch)
  }
}
