import Foundation
public import Records

/// The content of a model: what kind it is, its settings, its arrays of numbers, and the models that it is made of.
public struct ModelArchive: Hashable, Sendable {
  /// ``Predictor/kind`` of what wrote it.
  public let kind: String
  public private(set) var settings: JSONValue = .object([:])
  public private(set) var arrays: [String: ModelArray] = [:]
  public private(set) var parts: [String: ModelArchive] = [:]

  public init(kind: String) { self.kind = kind }

  init(kind: String, settings: JSONValue, arrays: [String: ModelArray], parts: [String: ModelArchive]) {
    self.kind = kind
    self.settings = settings
    self.arrays = arrays
    self.parts = parts
  }

  /// A predictor's archive.
  public init(of predictor: any Predictor) throws {
    self.init(kind: type(of: predictor).kind)
    try predictor.write(to: &self)
  }

  // MARK: Writing

  public mutating func setSettings(_ settings: some Encodable) throws {
    self.settings = try CanonicalJSON.decode(JSONValue.self, from: CanonicalJSON.encode(settings))
  }

  public mutating func set(_ name: String, _ values: [Double]) { arrays[name] = .doubles(values) }
  public mutating func set(_ name: String, _ values: [Float]) { arrays[name] = .floats(values) }
  public mutating func set(_ name: String, _ values: [Int32]) { arrays[name] = .integers(values) }
  public mutating func set(_ name: String, _ values: [UInt8]) { arrays[name] = .bytes(values) }
  public mutating func set(_ name: String, _ part: ModelArchive) { parts[name] = part }
  public mutating func set(_ name: String, _ part: any Predictor) throws { parts[name] = try ModelArchive(of: part) }

  // MARK: Reading

  /// Throws ``SurrogatesError/damagedModel(_:)`` where the settings are not those of a `T`.
  public func settings<T: Decodable>(_ type: T.Type) throws -> T {
    do {
      return try CanonicalJSON.decode(type, from: CanonicalJSON.encode(settings))
    } catch let error as SurrogatesError {
      throw error
    } catch {
      throw SurrogatesError.damagedModel("the settings of \(kind) cannot be read")
    }
  }

  /// The array `name`, of `count` numbers where that is given. Throws ``SurrogatesError/damagedModel(_:)`` for all else;
  /// so do its siblings.
  public func doubles(_ name: String, count: Int? = nil) throws -> [Double] {
    guard case .doubles(let values)? = arrays[name] else { throw missing(name, "f64") }
    return try checked(values, name, count)
  }

  public func floats(_ name: String, count: Int? = nil) throws -> [Float] {
    guard case .floats(let values)? = arrays[name] else { throw missing(name, "f32") }
    return try checked(values, name, count)
  }

  public func integers(_ name: String, count: Int? = nil) throws -> [Int32] {
    guard case .integers(let values)? = arrays[name] else { throw missing(name, "i32") }
    return try checked(values, name, count)
  }

  public func bytes(_ name: String, count: Int? = nil) throws -> [UInt8] {
    guard case .bytes(let values)? = arrays[name] else { throw missing(name, "u8") }
    return try checked(values, name, count)
  }

  /// The model `name` that this one is made of.
  public func predictor(_ name: String) throws -> any Predictor {
    guard let part = parts[name] else { throw SurrogatesError.damagedModel("\(kind) has no part \(name)") }
    return try part.predictor()
  }

  /// The predictor that wrote the archive, whatever its kind.
  public func predictor() throws -> any Predictor {
    guard let type = PredictorCatalogue.kinds.first(where: { $0.kind == kind }) else {
      throw SurrogatesError.damagedModel("its kind \(kind.debugDescription) is unknown to this version")
    }
    return try type.init(from: self)
  }

  private func missing(_ name: String, _ type: String) -> SurrogatesError {
    .damagedModel("\(kind) has no array \(name) of \(type)")
  }

  private func checked<T>(_ values: [T], _ name: String, _ count: Int?) throws -> [T] {
    guard let count, values.count != count else { return values }
    throw SurrogatesError.damagedModel("\(name) of \(kind) has \(values.count) numbers and should have \(count)")
  }
}
