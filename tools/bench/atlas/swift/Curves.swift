import Foundation
import GRDB
import Records
import Spaces
import Store

/// SpikeNAS on CIFAR-10: the validation accuracy of a run of 100 epochs, decoded from the file at every question.
final class Curves: Subject {
  private let path: String
  private let pathOfAll: String
  private let metric = Metric("accuracy_percent")
  private var atlas: Atlas?
  /// Runs of the setting, by the rising numbers of their cells.
  private var runs: [Int] = []

  init(folder: String) {
    path = folder + "/spikenas-cifar10.atlas"
    pathOfAll = folder + "/spikenas.atlas"
  }

  func prepare() throws -> Prepared {
    let file = try AtlasFile.bytes(path)
    let curves = try Self.curveBytes(path)
    var prepared = Prepared(bytes: ["curves": curves, "file": file])
    if let all = try? AtlasFile.bytes(pathOfAll), let curves = try? Self.curveBytes(pathOfAll) {
      prepared.note = String(
        format: "SpikeNAS with all three data sets: curves %.2f MB, file %.2f MB", Double(curves) / 1e6,
        Double(all) / 1e6)
    }
    return prepared
  }

  /// Bytes of the blocks that hold curves.
  private static func curveBytes(_ path: String) throws -> Int {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: path, configuration: configuration).read { db in
      try Int.fetchOne(
        db,
        sql: """
          SELECT sum(length(b.data)) FROM columns c
          JOIN blocks b ON b.id >= c.first_block AND b.id < c.first_block + c.blocks WHERE c.kind = 'curve'
          """) ?? 0
    }
  }

  func load() throws {
    let atlas = try Atlas(path: path)
    self.atlas = atlas
    let setting = try setting()
    let space = try SpaceCatalogue().space("spikenas")
    runs = try (0..<Values.cells).compactMap { number in
      let text = try space.canonicalText(of: "id:\(number)")
      guard let row = try atlas.row(of: ArchitectureID(space: space.name, canonicalText: text)) else { return nil }
      return try setting.runs(ofArchitecture: row).first
    }
    guard !runs.isEmpty else { throw Complaint("\(path) has no runs of 100 epochs") }
  }

  private func setting() throws -> Setting {
    guard let atlas else { throw Complaint("load comes first") }
    guard let found = atlas.settings.first(where: { $0.dataset == "cifar10" && $0.protocolName == "spikenas-100" })
    else { throw Complaint("\(path) has no runs of 100 epochs on CIFAR-10") }
    return found
  }

  private func queries(_ kind: String, _ draws: [UInt64]) throws -> [Int] {
    guard kind == "curve" else { throw Complaint("this subject answers no \(kind)") }
    guard !runs.isEmpty else { throw Complaint("load comes first") }
    return draws.map { runs[Int($0 % UInt64(runs.count))] }
  }

  func times(_ kind: String, _ draws: [UInt64]) throws -> Times {
    let setting = try setting()
    let metric = metric
    return try Times.of(queries(kind, draws)) { run in
      let values = try setting.curve(ofRun: run, metric, .validation)?.values ?? []
      return values.count == 100 ? values[99] : .nan
    }
  }

  func values(_ kind: String, _ draw: UInt64) throws -> [Double] {
    try queries(kind, [draw]).flatMap { try setting().curve(ofRun: $0, metric, .validation)?.values ?? [] }
  }
}
