public import Records
public import Store

/// Fields of architectures side by side.
public struct FieldTable: Hashable, Sendable, Codable {
  public struct Field: Hashable, Sendable, Codable {
    public let field: String
    /// `1` for numbers without unit; nil where nothing tells it.
    public let unit: String?
  }

  public let space: String
  /// Nil where measurements alone are told and runs play no part.
  public let dataset: String?
  public let protocolName: String?
  public let fields: [Field]
  /// For each architecture one value a field; nil where there is none.
  public let values: [[Double?]]
  public let atlasDigest: Digest256
}

extension Benchmark {
  /// The values of `fields` for the architectures with these rows, nil for one that the atlas does not have: of what runs
  /// tell the mean over completed runs, of what was measured the measurement.
  public func table(of fields: [FilterField], rows: [Int?], in setting: Setting) throws -> FieldTable {
    let reader = try FieldReader(fields, benchmark: self, setting: setting)
    let choice = try RunFilter(seeds: .mean, filter: nil, reader: reader)
    let values = try rows.enumerated().map { index, row in
      if index.isMultiple(of: 256) { try Task.checkCancellation() }
      guard let row, setting.spaceRows.contains(row) else { return [Double?](repeating: nil, count: fields.count) }
      let runs = try choice.runs(ofArchitecture: row)
      return try fields.map { field in
        if let measured = reader.measured(field) { return try measured.value(ofArchitecture: row) }
        return try reader.mean(field, runs: runs)?.value
      }
    }
    return FieldTable(
      space: setting.space, dataset: setting.dataset, protocolName: setting.protocolName,
      fields: fields.map { FieldTable.Field(field: $0.text, unit: reader.unit($0)) }, values: values,
      atlasDigest: atlas.digest)
  }

  /// The same of measurements alone, runs left aside: for atlases that have none.
  public func table(
    of fields: [FilterField], rows: [Int?], space: String? = nil, dataset: String? = nil
  ) throws -> FieldTable {
    let space = try onlySpace(space)
    try checkMeasured(dataset, space: space)
    let measured = try fields.map { try measuredQuantity($0, space: space, dataset: dataset) }
    return FieldTable(
      space: space, dataset: nil, protocolName: nil,
      fields: zip(fields, measured).map { FieldTable.Field(field: $0.text, unit: $1.quantity.unit) },
      values: try rows.map { row in
        try measured.map { one in try row.flatMap { try one.value(ofArchitecture: $0) } }
      }, atlasDigest: atlas.digest)
  }
}
