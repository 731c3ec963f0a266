import Records
import Store

/// Where numbers come from, and what to cite.
struct SourceView {
  let title: String
  let citation: String?
  let version: String?
  let origin: String
  let licence: String?
  let hasRemarks: Bool
  let remarks: [String]

  init(_ card: SourceCard) {
    title = card.title
    citation = card.citation.isEmpty ? nil : card.citation
    version = card.version
    origin = card.origin
    licence = card.licence
    remarks = card.notes + card.knownDefects + card.madeUp
    hasRemarks = !remarks.isEmpty
  }

  /// Data sets have citations too; theirs stand behind those of the tables.
  static func all(_ atlas: Atlas) -> [SourceView] { atlas.sourceCards.map(SourceView.init) }
}
