package import Records

/// How many calls left a run untrained, and why: the file `failures.json` of a work folder.
package struct FailureLog: Hashable, Sendable, Codable {
  package struct Entry: Hashable, Sendable, Codable {
    package var run: RunKey
    /// Calls of `train` that tried the run and could not train it.
    package var calls: Int
    /// What kept the last of them from it.
    package var reason: String
  }

  package private(set) var entries: [Entry] = []

  /// After this many calls `train --record-failures` records the run as failed.
  package static let callsBeforeRecording = 3

  package init() {}

  /// Counts a call that could not train `run`; returns how many there were.
  package mutating func note(_ run: RunKey, reason: String) -> Int {
    guard let place = entries.firstIndex(where: { $0.run == run }) else {
      entries.append(Entry(run: run, calls: 1, reason: reason))
      return 1
    }
    entries[place].calls += 1
    entries[place].reason = reason
    return entries[place].calls
  }

  package subscript(_ run: RunKey) -> Entry? { entries.first { $0.run == run } }
}
