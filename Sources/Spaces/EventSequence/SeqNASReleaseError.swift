import Records

/// What can be wrong with a record that the authors of SeqNAS released.
public enum SeqNASReleaseError: SpaceError, Hashable {
  /// A released record is larger than any can be.
  case size(found: Int, maximum: Int)
  /// A key of a released record is missing, unknown or holds something else.
  case value(key: String, found: String, allowed: String)
  /// The vector of a released record is not that of its architecture.
  case vector(slot: Int, stated: UInt8?, derived: UInt8?)
  /// A file name is not that of a released record.
  case fileName(found: String)

  public var code: String {
    switch self {
    case .size: "spaces.release_size"
    case .value: "spaces.release"
    case .vector: "spaces.release_vector"
    case .fileName: "spaces.release_file_name"
    }
  }

  public var message: String {
    switch self {
    case .size(let found, let maximum):
      "the released record has \(found) bytes; allowed: at most \(maximum)"
    case .value(let key, let found, let allowed):
      "\(quoted(key)) of the released record: found \(found); allowed: \(allowed)"
    case .vector(let slot, let stated, let derived):
      "slot \(slot) of arch_code is \(name(stated)); the architecture of the same record needs \(name(derived))"
    case .fileName(let found):
      "\(quoted(found)) is not named "
        + "epoch_EPOCHS_arch_FlexibleTransformer_COUNT_params_DIGEST.json, with a digest of 64 hex digits"
    }
  }
}

private func name(_ slot: UInt8?) -> String {
  slot.map { "\($0)" } ?? "absent"
}
