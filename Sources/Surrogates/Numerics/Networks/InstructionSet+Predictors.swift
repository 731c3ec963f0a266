import Nets

extension InstructionSet {
  /// The instruction set that networks of predictors run on.
  ///
  /// Throws ``SurrogatesError/numerics(_:)`` on a machine without AVX2 and FMA.
  static var forPredictors: InstructionSet {
    get throws {
      guard let widest = ofThisMachine.last else {
        throw SurrogatesError.numerics("networks need a processor with AVX2 and FMA")
      }
      return widest
    }
  }
}
