/// Bytes or arrays that are not those of a whole ``ArrayArchive``.
public struct DamagedArchive: UserFacingError, Equatable {
  /// What is wrong, as the end of a sentence.
  public let reason: String

  public init(_ reason: String) { self.reason = reason }

  public var code: String { "records.damaged_archive" }
  public var message: String { "the file is damaged: \(reason)" }
  public var remedy: String? { "make the file again" }
  public var exitStatus: ExitStatus { .dataError }
}
