package import Records

/// Events of a source by column, sequence after sequence, before any of it is fitted, cut or padded.
package struct EventTable {
  /// Order of the events within a sequence is that of the time; ties keep the order in which they were added.
  package private(set) var sequences: [String] = []
  /// Where each sequence's events begin.
  package private(set) var starts: [Int] = []
  package private(set) var times: [Double] = []
  /// Row-major, C an event: index into `vocabularies[c]`.
  package private(set) var codes: [UInt32] = []
  /// Row-major, M an event; NaN is missing.
  package private(set) var numbers: [Float] = []
  /// The text of each code, by feature. The empty text is missing.
  package private(set) var vocabularies: [[String]]
  package let numericCount: Int
  private var lookup: [[String: UInt32]]

  package init(categoricalCount: Int, numericCount: Int) {
    self.numericCount = numericCount
    vocabularies = Array(repeating: [], count: categoricalCount)
    lookup = Array(repeating: [:], count: categoricalCount)
  }

  package var categoricalCount: Int { vocabularies.count }
  package var eventCount: Int { times.count }

  package mutating func beginSequence(_ name: String) {
    sequences.append(name)
    starts.append(times.count)
  }

  /// Adds an event to the sequence begun last.
  package mutating func append(time: Double, categories: [String], numbers added: [Double?]) {
    precondition(categories.count == categoricalCount && added.count == numericCount && !sequences.isEmpty)
    times.append(time)
    for (feature, text) in categories.enumerated() { codes.append(code(feature, text)) }
    for value in added { numbers.append(value.map { Float($0) } ?? .nan) }
  }

  package mutating func append(time: Double, codes added: [UInt32], numbers values: [Float]) {
    precondition(added.count == categoricalCount && values.count == numericCount && !sequences.isEmpty)
    times.append(time)
    codes.append(contentsOf: added)
    numbers.append(contentsOf: values)
  }

  /// The code of a category, given on first sight.
  package mutating func code(_ feature: Int, _ text: String) -> UInt32 {
    if let known = lookup[feature][text] { return known }
    let code = UInt32(vocabularies[feature].count)
    lookup[feature][text] = code
    vocabularies[feature].append(text)
    return code
  }

  /// An empty table with the same features and codes.
  package init(copyingVocabulariesOf other: EventTable) {
    numericCount = other.numericCount
    vocabularies = other.vocabularies
    lookup = other.lookup
  }

  /// Copies events of a table with the same codes as a sequence of this one.
  package mutating func appendSequence(_ name: String, from other: EventTable, _ events: Range<Int>) {
    beginSequence(name)
    times.append(contentsOf: other.times[events])
    codes.append(
      contentsOf: other.codes[(events.lowerBound * categoricalCount)..<(events.upperBound * categoricalCount)])
    numbers.append(contentsOf: other.numbers[(events.lowerBound * numericCount)..<(events.upperBound * numericCount)])
  }

  /// Events of sequence `index`.
  package func events(of index: Int) -> Range<Int> {
    starts[index]..<(index + 1 < starts.count ? starts[index + 1] : times.count)
  }
}

/// A table with what is to be learnt from it.
package struct LabelledEvents {
  package var table: EventTable
  /// One class a sequence.
  package var labels: [Int]
  /// The official split of each sequence, nil where the registry splits.
  package var official: [Split]?

  package init(table: EventTable, labels: [Int], official: [Split]? = nil) {
    precondition(labels.count == table.sequences.count && (official.map { $0.count == labels.count } ?? true))
    self.table = table
    self.labels = labels
    self.official = official
  }
}
