import Foundation

/// What a file contains: what a command is about to write, or what the first bytes of an existing file say.
package enum OutputKind: String, Sendable, CaseIterable {
  case atlas, manifest, workingFile, surrogate, journal, ledgers, preparedData, checkpoint
  case csv, json, ndjson, latex, latexDocument, markdown, text
  case other

  /// Whether a file of this kind is replaced on request only, even by another one of its kind.
  package var isProtected: Bool {
    switch self {
    case .atlas, .manifest, .workingFile, .surrogate, .journal, .ledgers, .preparedData, .checkpoint: true
    case .csv, .json, .ndjson, .latex, .latexDocument, .markdown, .text, .other: false
    }
  }

  package var words: String {
    switch self {
    case .atlas: "an atlas"
    case .manifest: "the manifest of an atlas"
    case .workingFile: "a working file"
    case .surrogate: "a surrogate"
    case .journal: "a journal of runs"
    case .ledgers: "a journal of ledgers"
    case .preparedData: "a prepared data set"
    case .checkpoint: "a checkpoint of a training"
    case .csv: "CSV"
    case .json: "JSON"
    case .ndjson: "NDJSON"
    case .latex: "LaTeX"
    case .latexDocument: "a LaTeX document"
    case .markdown: "Markdown"
    case .text: "plain text"
    case .other: "other content"
    }
  }

  /// Bytes of the head that ``init(ofHead:isWhole:name:)`` looks at.
  package static let headBytes = 1 << 16

  /// The kind of a file that is not empty. Total: any bytes have a kind.
  ///
  /// `isWhole` says that the file ends with `head`; `name` is the file's name, whose ending distinguishes plain text from
  /// programs and the like.
  package init(ofHead head: [UInt8], isWhole: Bool, name: String) {
    func begins(_ text: String) -> Bool { head.starts(with: text.utf8) }
    if begins("SQLite format 3\0") {
      self = Self.database(head)
    } else if begins("NASAJRNL") {
      self = .journal
    } else if begins("NASMODEL") {
      self = .surrogate
    } else if begins("NASATLDS") {
      self = .preparedData
    } else if begins("NASCHKPT") {
      self = .checkpoint
    } else if begins("{\"manifest\":{") {
      self = .manifest
    } else if head.count > 10, head[8] == 0x20, head[9] == 0x7B, head[..<8].allSatisfy(Self.isHexadecimal) {
      self = .ledgers
    } else if let text = Self.text(head, isWhole: isWhole) {
      self = Self.kind(of: text, isWhole: isWhole, name: name)
    } else {
      self = .other
    }
  }

  private static func database(_ head: [UInt8]) -> OutputKind {
    guard head.count >= 72 else { return .other }
    return switch head[68..<72].reduce(UInt32(0), { $0 << 8 | UInt32($1) }) {
    case 0x4e41_5341: .atlas
    case 0x4e41_5357: .workingFile
    default: .other
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }

  /// The head as text; nil for bytes that are not UTF-8 or have a NUL. A character that the head cuts is left out.
  private static func text(_ head: [UInt8], isWhole: Bool) -> String? {
    guard !head.contains(0) else { return nil }
    for cut in 0...(isWhole ? 0 : 3) {
      if let text = String(validating: head.dropLast(cut), as: UTF8.self) { return text }
    }
    return nil
  }
}

// MARK: Texts

extension OutputKind {
  private static let plainEndings: Set<String> = ["", "txt", "text", "log", "out", "csv", "tsv", "json", "dat"]

  private static func kind(of text: String, isWhole: Bool, name: String) -> OutputKind {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    // The last line of a head may be cut; the last line of a whole file is empty.
    if lines.count > 1 { lines.removeLast() }
    let filled = lines.lazy.map { $0.drop(while: \.isWhitespace) }.filter { !$0.isEmpty }
    guard let first = filled.first else { return .text }
    if isJSON(text) { return kind(ofJSON: Array(filled.prefix(2))) }
    if first.hasPrefix("#!") { return .other }
    if let statement = filled.first(where: { !$0.hasPrefix("%") }), statement.hasPrefix("\\") {
      return filled.contains { $0.hasPrefix("\\documentclass") } ? .latexDocument : .latex
    }
    if lines.contains(where: isMarkdown) || first.hasPrefix("---") { return .markdown }
    if isCSV(lines) { return .csv }
    return plainEndings.contains((name as NSString).pathExtension.lowercased()) ? .text : .other
  }

  private static func isJSON(_ text: String) -> Bool {
    let start = text.drop(while: \.isWhitespace)
    let rest = start.dropFirst().drop(while: \.isWhitespace)
    switch start.first {
    case "{": return rest.hasPrefix("\"") || rest.hasPrefix("}")
    case "[":
      return ["{", "[", "\"", "]", "-", "true", "false", "null"].contains { rest.hasPrefix($0) }
        || rest.first?.isNumber == true
    default: return false
    }
  }

  private static func kind(ofJSON lines: [Substring]) -> OutputKind {
    guard lines.count == 2, lines[1].hasPrefix("{") else { return .json }
    let last = lines[0].last { !$0.isWhitespace }
    return last == "}" ? .ndjson : .json
  }

  private static func isMarkdown(_ line: Substring) -> Bool {
    line.hasPrefix("```") || line.hasPrefix("# ") || line.hasPrefix("## ") || line.hasPrefix("### ")
  }

  /// Whether each of the first lines has as many fields as the header, two or more.
  private static func isCSV(_ lines: [Substring]) -> Bool {
    var counts: [Int] = []
    var fields = 1
    var isQuoted = false
    for line in lines {
      for character in line {
        if character == "\"" { isQuoted.toggle() }
        if character == ",", !isQuoted { fields += 1 }
      }
      if isQuoted { continue }
      counts.append(fields)
      fields = 1
      if counts.count == 5 { break }
    }
    guard let header = counts.first, header >= 2, counts.allSatisfy({ $0 == header }) else { return false }
    return !lines[0].contains(", ")
  }
}
