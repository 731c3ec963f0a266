import Records

/// The working file that a command adds to, which may be there already.
enum WorkingFilePlace {
  /// The path of the working file with links followed, so that all names of one file share one lock. Throws
  /// `OutputError`, before anything is opened, for files of another kind, for inputs, and for what is not a regular file.
  static func checked(_ path: String, inputs: [String]) throws -> String {
    let target = try OutputTarget(path)
    guard target.isRegular else { throw OutputError.notRegular(path: path, wanted: .workingFile) }
    // Adding to a working file replaces nothing.
    try target.check(as: .workingFile, inputs: inputs, force: true)
    return target.isLink ? target.resolved : path
  }
}
