import Records
import Store

/// An atlas described in the Croissant 1.0 vocabulary of MLCommons, as JSON-LD.
///
/// The file is one FileObject with its SHA-256; the table of architectures and each setting (space, data set and
/// protocol) is a RecordSet. Values lie in column blocks, which `docs/file-format.md` tells how to read.
struct CroissantDescription {
  private let atlas: Atlas
  private let architectures: Int
  private static let fileID = "atlas-file"

  init(_ atlas: Atlas) throws {
    self.atlas = atlas
    architectures = try atlas.architectureCount()
  }

  var json: JSONValue {
    var members: [String: JSONValue] = [
      "@context": Self.context, "@type": .string("sc:Dataset"),
      "conformsTo": .string("http://mlcommons.org/croissant/1.0"), "name": .string(Self.plain(atlas.name)),
      "description": .string(description), "version": .string("0.0.0+\(atlas.digest.short)"),
      "distribution": .array([file]), "recordSet": .array([architectureRecords] + atlas.settings.map(records)),
    ]
    if let title = atlas.title { members["alternateName"] = .string(title) }
    let licenses = distinct(atlas.sourceCards.compactMap(\.license), else: atlas.datasetCards.compactMap(\.license))
    if !licenses.isEmpty { members["license"] = licenses.count == 1 ? licenses[0] : .array(licenses) }
    let citations = distinct(atlas.sourceCards.map(\.citation), else: atlas.datasetCards.map(\.citation))
    if !citations.isEmpty {
      members["citeAs"] = .string(
        citations.compactMap { if case .string(let text) = $0 { text } else { nil } }.joined(separator: "\n"))
    }
    let origins = distinct(atlas.sourceCards.map(\.origin), else: [])
    if !origins.isEmpty { members["isBasedOn"] = .array(origins) }
    return .object(members)
  }

  private func distinct(_ first: [String], else second: [String]) -> [JSONValue] {
    Set((first.isEmpty ? second : first).filter { !$0.isEmpty }).sorted().map { .string($0) }
  }

  private var description: String {
    let unlicensed = atlas.sourceCards.filter { $0.license == nil }.map(\.name)
    return
      "\(architectures) architectures, \(atlas.runCount) runs and \(atlas.measurementCount) measurements, measured, "
      + "none predicted."
      + (unlicensed.isEmpty ? "" : " Sources without a stated license: \(unlicensed.joined(separator: ", ")).")
      + " A NASAtlas SQLite file, format \(atlas.manifest.format), with values in compressed column blocks."
      + atlas.sourceCards.flatMap(\.knownDefects).map { " Known defect: \($0)" }.joined()
      + atlas.sourceCards.flatMap(\.madeUp).map { " Made up by the source: \($0)" }.joined()
  }

  private var file: JSONValue {
    .object([
      "@type": .string("cr:FileObject"), "@id": .string(Self.fileID),
      "name": .string("\(Self.plain(atlas.name)).atlas"),
      "contentUrl": .string(atlas.path.split(separator: "/").last.map(String.init) ?? atlas.path),
      "contentSize": .string("\(atlas.manifest.bytes) B"), "encodingFormat": .string("application/vnd.sqlite3"),
      "sha256": .string(atlas.digest.hex),
    ])
  }

  // MARK: Record sets

  private var architectureRecords: JSONValue {
    let fields = [
      field("architectures", "id", "sc:Integer", "Row; settings refer to it"),
      field("architectures", "digest", "sc:Text", "First 128 bits of the SHA-256 of space and canonical text"),
      field("architectures", "text", "sc:Text", "Canonical text of the architecture in its space"),
    ]
    return recordSet("architectures", "Every architecture once, in the SQL table of the same name", fields)
  }

  private func records(_ setting: Setting) -> JSONValue {
    let name = Self.plain(
      "\(setting.space)-\(setting.dataset)-\(setting.protocolName ?? setting.protocolDigest.short)-\(setting.id)")
    var fields = [
      field(name, "architecture", "sc:Integer", "Row of the architecture"),
      field(name, "seed", "sc:Text", "A number, unnamed-N, or mean-of-N for a published mean"),
      field(name, "status", "sc:Text", "completed, diverged, failed or timed_out"),
    ]
    for measure in setting.measures {
      let card = atlas.card(of: measure.metric)
      fields.append(
        field(
          name, "\(measure.metric).\(measure.split.rawValue)", "sc:Float",
          "\(card.meaning); unit \(card.unit); \(card.largerIsBetter ? "larger" : "smaller") is better; split "
            + "\(measure.split.rawValue)"))
    }
    let split = setting.datasetCard.map { " Split: \($0.splitMeaning)" } ?? ""
    return recordSet(
      name,
      "\(setting.runCount) runs of \(setting.space) on \(setting.dataset) under "
        + "\(setting.protocolName ?? setting.protocolDigest.short).\(split)", fields)
  }

  private func recordSet(_ name: String, _ description: String, _ fields: [JSONValue]) -> JSONValue {
    .object([
      "@type": .string("cr:RecordSet"), "@id": .string(name), "name": .string(name),
      "description": .string(description), "field": .array(fields),
    ])
  }

  private func field(_ set: String, _ name: String, _ type: String, _ description: String) -> JSONValue {
    .object([
      "@type": .string("cr:Field"), "@id": .string("\(set)/\(Self.plain(name))"), "name": .string(Self.plain(name)),
      "description": .string(description), "dataType": .string(type),
      "source": .object([
        "fileObject": .object(["@id": .string(Self.fileID)]), "extract": .object(["column": .string(name)]),
      ]),
    ])
  }

  /// Croissant names have letters, digits, hyphens, underscores and points.
  private static func plain(_ text: String) -> String {
    String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "-" })
  }
}
