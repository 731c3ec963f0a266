/// Values by key that take at most so many bytes; those that were asked for least recently leave first.
///
/// Two dictionaries stand for an exact order of use: when the recent one has half of the bytes, it takes the place of
/// the older one. Every operation takes constant time on average. A value larger than half of the bytes is not kept.
package struct RecentValues<Key: Hashable, Value> {
  private let byteLimit: Int
  private var recent: [Key: (value: Value, bytes: Int)] = [:]
  private var older: [Key: (value: Value, bytes: Int)] = [:]
  private var recentBytes = 0

  package init(byteLimit: Int) { self.byteLimit = byteLimit }

  /// The value of a key; nil where it is not kept.
  package mutating func value(_ key: Key) -> Value? {
    if let found = recent[key] { return found.value }
    guard let found = older.removeValue(forKey: key) else { return nil }
    keep(found.value, key, bytes: found.bytes)
    return found.value
  }

  /// Keeps a value of so many bytes; a value that the key had before leaves.
  package mutating func keep(_ value: Value, _ key: Key, bytes: Int) {
    older[key] = nil
    if let before = recent.removeValue(forKey: key) { recentBytes -= before.bytes }
    guard bytes <= byteLimit / 2 else { return }
    if recentBytes + bytes > byteLimit / 2 {
      older = recent
      recent = [:]
      recentBytes = 0
    }
    recent[key] = (value, bytes)
    recentBytes += bytes
  }

  package mutating func removeAll() { self = RecentValues(byteLimit: byteLimit) }
}
