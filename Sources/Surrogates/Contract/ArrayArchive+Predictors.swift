public import Records

extension ArrayFile {
  /// Files of fitted predictors and of surrogates.
  public static let model = ArrayFile(magic: "NASMODEL", version: 1)
}

extension ArrayArchive {
  /// A predictor's archive.
  public init(of predictor: any Predictor) throws {
    self.init(kind: type(of: predictor).kind)
    try predictor.write(to: &self)
  }

  public mutating func set(_ name: String, _ part: any Predictor) throws { set(name, try ArrayArchive(of: part)) }

  /// The model `name` that this one is made of.
  public func predictor(_ name: String) throws -> any Predictor { try part(name).predictor() }

  /// The predictor that wrote the archive, whatever its kind. Throws ``DamagedArchive`` where it cannot be read.
  public func predictor() throws -> any Predictor {
    guard let type = PredictorCatalogue.kinds.first(where: { $0.kind == kind }) else {
      throw DamagedArchive("its kind \(kind.debugDescription) is unknown to this version")
    }
    return try type.init(from: self)
  }
}
