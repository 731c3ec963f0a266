/// The published id of a NAS-Bench-101 cell: an MD5 over iterated labels of its vertices, equal for isomorphic cells.
///
/// Each vertex starts with the digest of its out-degree, in-degree and label (input −1, operations 0 to 2, output −2);
/// as many times as there are vertices it takes the digest of its sources' sorted labels, its targets' sorted labels and
/// its own; the id is the digest of the sorted labels, spelled as a Python list.
struct NASBench101GraphHasher {
  private typealias Labels = UnsafeMutableBufferPointer<MD5Digest>

  /// A vertex has at most six neighbors' labels and its own, of 32 digits, with two bars; the list has seven of 36.
  private static let messageLength = 256

  /// Digests of vertices before the first round, by (out-degree, in-degree, label + 2) of three bits each.
  private let starts: [MD5Digest] = (0..<512).map { key in
    MD5Digest(of: Array("(\(key >> 6), \(key >> 3 & 7), \((key & 7) - 2))".utf8))
  }

  func digest(of cell: NASBench101Cell) -> MD5Digest {
    withUnsafeTemporaryAllocation(byteCount: Self.messageLength + MD5Digest.padding, alignment: 8) { buffer in
      withUnsafeTemporaryAllocation(of: MD5Digest.self, capacity: 24) { labels in
        digest(
          of: cell, message: Message(buffer: buffer, scratch: Labels(rebasing: labels[16...])),
          now: Labels(rebasing: labels[..<8]), next: Labels(rebasing: labels[8..<16]))
      }
    }
  }

  private func digest(of cell: NASBench101Cell, message: Message, now: Labels, next: Labels) -> MD5Digest {
    var (message, now, next) = (message, now, next)
    let count = cell.vertexCount
    var sources = SIMD8<UInt8>.zero
    var targets = SIMD8<UInt8>.zero
    for vertex in 1..<count {
      sources[vertex] = cell.sources(of: vertex)
      for source in 0..<vertex where sources[vertex] >> UInt8(source) & 1 == 1 { targets[source] |= 1 << UInt8(vertex) }
    }
    for vertex in 0..<count {
      let label = vertex == 0 ? 1 : vertex == count - 1 ? 0 : cell.operation(at: vertex).rawValue + 2
      now[vertex] = starts[targets[vertex].nonzeroBitCount << 6 | sources[vertex].nonzeroBitCount << 3 | label]
    }
    for _ in 0..<count {
      for vertex in 0..<count {
        message.appendSorted(now, at: sources[vertex])
        message.append("|")
        message.appendSorted(now, at: targets[vertex])
        message.append("|")
        message.append(now[vertex])
        next[vertex] = message.digest()
      }
      swap(&now, &next)
    }
    message.appendList(now, count: count)
    return message.digest()
  }

  /// A message in the making.
  private struct Message {
    let buffer: UnsafeMutableRawBufferPointer
    /// Room for the labels that are being sorted.
    let scratch: Labels
    private var count = 0

    init(buffer: UnsafeMutableRawBufferPointer, scratch: Labels) {
      self.buffer = buffer
      self.scratch = scratch
    }

    mutating func append(_ text: StaticString) {
      for index in 0..<text.utf8CodeUnitCount {
        buffer[count] = text.utf8Start[index]
        count += 1
      }
    }

    mutating func append(_ digest: MD5Digest) {
      digest.write(to: buffer, at: count)
      count += 32
    }

    mutating func appendSorted(_ labels: Labels, at vertices: UInt8) {
      for index in 0..<sort(labels, at: vertices) { append(scratch[index]) }
    }

    /// As Python prints a list of strings.
    mutating func appendList(_ labels: Labels, count: Int) {
      for index in 0..<sort(labels, at: UInt8(1 << count - 1)) {
        append(index == 0 ? "['" : ", '")
        append(scratch[index])
        append("'")
      }
      append("]")
    }

    /// Puts the labels of `vertices` into the scratch, ascending, and returns how many they are.
    private func sort(_ labels: Labels, at vertices: UInt8) -> Int {
      var rest = vertices
      var sorted = 0
      while rest != 0 {
        let label = labels[rest.trailingZeroBitCount]
        var place = sorted
        while place > 0, label < scratch[place - 1] {
          scratch[place] = scratch[place - 1]
          place -= 1
        }
        scratch[place] = label
        sorted += 1
        rest &= rest - 1
      }
      return sorted
    }

    /// The digest of the message, which is empty afterwards.
    mutating func digest() -> MD5Digest {
      defer { count = 0 }
      return MD5Digest(padding: buffer, count: count)
    }
  }
}

extension NASBench101Cell {
  /// The published id of the cell, 32 lower-case hexadecimal digits: `hash_module` of the `nasbench` package.
  public var graphHash: String { NASBench101GraphHasher.shared.digest(of: self).hex }
}

extension NASBench101GraphHasher {
  fileprivate static let shared = NASBench101GraphHasher()
}
