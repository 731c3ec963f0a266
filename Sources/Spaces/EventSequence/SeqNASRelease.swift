public import Foundation
public import Records

/// One record of the authors' released benchmark, "NAS-Bench Event Sequences": an architecture and its score.
public struct SeqNASRelease: Hashable, Sendable {
  /// A record has a few kilobytes.
  public static let maximumBytes = 1 << 16

  public let architecture: EventSequenceArchitecture
  /// The data set's metric at the best validation epoch.
  public let score: Double

  /// Reads the JSON object `{"arch": …, "score": …, "arch_code": …}`.
  ///
  /// Throws ``SpacesError`` when it is not one, has keys that its own architecture does not use, or states a vector that
  /// is not that of its architecture.
  public init(json bytes: Data) throws {
    guard bytes.count <= Self.maximumBytes else {
      throw SeqNASReleaseError.size(found: bytes.count, maximum: Self.maximumBytes)
    }
    guard let record = try? JSONDecoder().decode(ReleasedRecord.self, from: bytes) else {
      throw SeqNASReleaseError.value(key: "record", found: "\(bytes.count) bytes", allowed: "one JSON object")
    }
    guard let choices = record.choices else {
      throw SeqNASReleaseError.value(key: "arch", found: "no object", allowed: "an object")
    }
    var reader = SeqNASChoiceReader(choices)
    architecture = try reader.architecture()
    guard let number = record.score, number.isFinite else {
      throw SeqNASReleaseError.value(key: "score", found: "no number", allowed: "a finite number")
    }
    score = number
    let stated = try record.vector.slots(key: "arch_code")
    let derived = architecture.architectureVector
    for slot in 0..<max(stated.count, derived.count) {
      let values = (slot < stated.count ? stated[slot] : nil, slot < derived.count ? derived[slot] : nil)
      guard values.0 == values.1 else {
        throw SeqNASReleaseError.vector(slot: slot, stated: values.0, derived: values.1)
      }
    }
    if let key = record.unknownKey {
      throw SeqNASReleaseError.value(key: key, found: "an unknown key", allowed: "arch, score, arch_code")
    }
  }

  /// What the name of a released file says.
  public struct FileName: Hashable, Sendable {
    public let epochs: Int
    public let supernetParameters: Int
    public let digest: Digest256

    /// Reads `epoch_E_arch_FlexibleTransformer_P_params_D.json`; throws ``SeqNASReleaseError/fileName(found:)``.
    public init(_ name: String) throws {
      let parts = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 7, name.hasSuffix(".json"),
        [parts[0], parts[2], parts[3], parts[5]] == ["epoch", "arch", "FlexibleTransformer", "params"],
        let epochs = Int(parts[1]), epochs > 0, let parameters = Int(parts[4]), parameters > 0,
        let digest = Digest256(hex: String(parts[6].dropLast(5)))
      else { throw SeqNASReleaseError.fileName(found: String(name.prefix(200))) }
      self.epochs = epochs
      supernetParameters = parameters
      self.digest = digest
    }
  }
}
