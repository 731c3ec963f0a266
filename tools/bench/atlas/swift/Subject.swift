/// What answers the words of the protocol; a subject has those that it can.
protocol Subject: AnyObject {
  /// Makes what is missing in the folder.
  func prepare() throws -> Prepared
  /// Opens what the queries need.
  func load() throws
  /// Reads, checks and decodes everything, after `load`.
  func preload() throws
  /// Times one query a draw.
  func times(_ kind: String, _ draws: [UInt64]) throws -> Times
  /// What the query of a draw answers.
  func values(_ kind: String, _ draw: UInt64) throws -> [Double]
  /// How much one ingest takes in a second.
  func rate(_ kind: String) throws -> Double
}

/// What `prepare` answers: sizes in bytes by name, and a line that a reader of the figures must know, or "".
struct Prepared {
  var bytes: [String: Int] = [:]
  var note = ""
}

/// Why there is no answer.
struct Complaint: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

extension Subject {
  func prepare() throws -> Prepared { Prepared() }
  func load() throws { throw Complaint("there is nothing to load") }
  func preload() throws { throw Complaint("there is nothing to preload") }
  func times(_ kind: String, _ draws: [UInt64]) throws -> Times { throw Complaint("this subject answers no \(kind)") }
  func values(_ kind: String, _ draw: UInt64) throws -> [Double] {
    throw Complaint("this subject answers no \(kind)")
  }
  func rate(_ kind: String) throws -> Double { throw Complaint("this subject has no rates") }
}
