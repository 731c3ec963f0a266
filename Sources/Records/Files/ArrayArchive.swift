import Foundation

/// Named arrays of numbers with settings: a fitted model, the weights of a network, logits. Archives may be made of others.
public struct ArrayArchive: Hashable, Sendable {
  /// What wrote it.
  public let kind: String
  public private(set) var settings: JSONValue = .object([:])
  public private(set) var arrays: [String: NumberArray] = [:]
  public private(set) var parts: [String: ArrayArchive] = [:]

  public init(kind: String) { self.kind = kind }

  init(kind: String, settings: JSONValue, arrays: [String: NumberArray], parts: [String: ArrayArchive]) {
    self.kind = kind
    self.settings = settings
    self.arrays = arrays
    self.parts = parts
  }

  // MARK: Writing

  public mutating func setSettings(_ settings: some Encodable) throws {
    self.settings = try CanonicalJSON.decode(JSONValue.self, from: CanonicalJSON.encode(settings))
  }

  public mutating func set(_ name: String, _ values: [Double]) { arrays[name] = .doubles(values) }
  public mutating func set(_ name: String, _ values: [Float]) { arrays[name] = .floats(values) }
  public mutating func set(_ name: String, _ values: [Int32]) { arrays[name] = .integers(values) }
  public mutating func set(_ name: String, _ values: [UInt8]) { arrays[name] = .bytes(values) }
  public mutating func set(_ name: String, _ part: ArrayArchive) { parts[name] = part }

  // MARK: Reading

  /// Throws ``DamagedArchive`` where the settings are not those of a `T`.
  public func settings<T: Decodable>(_ type: T.Type) throws -> T {
    do {
      return try CanonicalJSON.decode(type, from: CanonicalJSON.encode(settings))
    } catch let error as DamagedArchive {
      throw error
    } catch {
      throw DamagedArchive("the settings of \(kind) cannot be read")
    }
  }

  /// The array `name`, of `count` numbers where that is given. Throws ``DamagedArchive`` for all else;
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

  /// The archive `name` that this one is made of.
  public func part(_ name: String) throws(DamagedArchive) -> ArrayArchive {
    guard let part = parts[name] else { throw DamagedArchive("\(kind) has no part \(name)") }
    return part
  }

  private func missing(_ name: String, _ type: String) -> DamagedArchive {
    DamagedArchive("\(kind) has no array \(name) of \(type)")
  }

  private func checked<T>(_ values: [T], _ name: String, _ count: Int?) throws -> [T] {
    guard let count, values.count != count else { return values }
    throw DamagedArchive("\(name) of \(kind) has \(values.count) numbers and should have \(count)")
  }
}
