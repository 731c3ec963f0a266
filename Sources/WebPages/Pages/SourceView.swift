import Records
import Store

/// Where numbers come from, and what to cite.
struct SourceView {
  let title: String
  let citation: String?
  let version: String?
  let origin: String?
  let license: String?
  let hasRemarks: Bool
  let remarks: [String]

  init(_ card: SourceCard) {
    title = card.title
    citation = card.citation.isEmpty ? nil : card.citation
    version = card.version
    origin = card.origin.isEmpty ? nil : card.origin
    license = card.license
    remarks = card.notes + card.knownDefects + card.madeUp
    hasRemarks = !remarks.isEmpty
  }

  init(_ card: DatasetCard) {
    title = card.title.isEmpty ? card.name : card.title
    citation = card.citation.isEmpty ? nil : card.citation
    version = nil
    origin = card.source.isEmpty ? nil : card.source
    license = card.license
    remarks = card.knownDefects
    hasRemarks = !remarks.isEmpty
  }

  /// The tables first, then the data sets that have a citation of their own.
  static func all(_ atlas: Atlas) -> [SourceView] {
    let tables = atlas.sourceCards.map { SourceView($0) }
    let cited = Set(tables.compactMap(\.citation))
    return tables
      + atlas.datasetCards.map { SourceView($0) }.filter { $0.citation.map { !cited.contains($0) } ?? false }
  }

  /// Each citation once: those of the tables; those of the data sets where no table has one.
  static func citations(_ atlas: Atlas) -> [String] {
    func distinct(_ texts: [String]) -> [String] {
      var found: [String] = []
      for text in texts where !text.isEmpty && !found.contains(text) { found.append(text) }
      return found
    }
    let tables = distinct(atlas.sourceCards.map(\.citation))
    return tables.isEmpty ? distinct(atlas.datasetCards.map(\.citation)) : tables
  }
}
