import GRDB
import Records

extension IngestTransaction {
  mutating func add(_ measurement: ArchitectureMeasurement, place: Int) throws {
    if isChecked, let cost = measurement.costSeconds, !RunConsistency.isCost(cost) {
      throw EntryDefect(reason: "the cost is \(cost) seconds; it must be finite and not negative")
    }
    count { $0.measurements += 1 }
    let quantity = try self.quantity(of: measurement)
    let key = MeasurementKey(quantity: quantity, architecture: measurement.architecture)
    if !skippedMeasurements.isEmpty, skippedMeasurements.contains(key) { return count { $0.conflicts += 1 } }
    let value = Int64(bitPattern: measurement.value.bitPattern)
    let cost = measurement.costSeconds.map { Int64(bitPattern: $0.bitPattern) }
    try db.cachedStatement(sql: "INSERT OR IGNORE INTO measurements VALUES (?, ?, ?, ?)")
      .execute(arguments: [quantity, measurement.architecture, value, cost])
    var row = RowChecksum()
    row.integer(quantity)
    row.text(measurement.architecture)
    row.integer(value)
    if let cost { row.integer(cost) } else { row.null() }
    guard db.changesCount == 0 else {
      checksums.add(.measurements, row)
      return count { $0.recorded += 1 }
    }
    let known = try db.firstRow(
      "SELECT value, cost FROM measurements WHERE quantity = ? AND architecture = ?",
      [quantity, measurement.architecture]
    ) { (value: try $0.integer(0), cost: try $0.optional(1, $0.integer)) }
    guard let known else { throw StoredRow.Damage(reason: "a measurement of the table cannot be found") }
    let keptBits = known.value
    let keptCost = known.cost.map { Double(bitPattern: UInt64(bitPattern: $0)) }
    let replaces: Bool
    if keptBits == value {
      // The same value again may cost something else: the smaller cost stays, and any rather than none.
      count { $0.duplicates += 1 }
      replaces = measurement.costSeconds.map { cost in keptCost.map { Self.precedes(cost, $0) } ?? true } ?? false
    } else {
      replaces = try resolve(
        measurement, key, first: Double(bitPattern: UInt64(bitPattern: keptBits)), place: place)
    }
    guard replaces else { return }
    try removeChecksum(
      of: .measurements, where: "quantity = ? AND architecture = ?", [quantity, measurement.architecture])
    checksums.add(.measurements, row)
    try db.execute(
      sql: "REPLACE INTO measurements VALUES (?, ?, ?, ?)",
      arguments: [quantity, measurement.architecture, value, cost])
  }

  /// Whether `measurement` replaces the value that came first.
  private mutating func resolve(
    _ measurement: ArchitectureMeasurement, _ key: MeasurementKey, first: Double, place: Int
  ) throws -> Bool {
    count { $0.conflicts += 1 }
    // The source is part of a quantity, so both values have the same one.
    let source = measurement.quantity.source
    let kept = options.kept(firstSource: source, secondSource: source) ?? .undecided
    report.add(
      .init(
        architecture: measurement.architecture, quantity: measurement.quantity, first: first,
        second: measurement.value, kept: kept, file: file, place: place), to: \.measurementConflicts, kept)
    if kept == .neither {
      skippedMeasurements.insert(key)
      if try before?.hasMeasurement(of: key.quantity, key.architecture) != true {
        try removeChecksum(
          of: .measurements, where: "quantity = ? AND architecture = ?", [key.quantity, key.architecture])
        try db.execute(
          sql: "DELETE FROM measurements WHERE quantity = ? AND architecture = ?",
          arguments: [key.quantity, key.architecture])
        count { $0.withdrawn += 1 }
      }
    }
    return kept == .second
  }

  /// An order of all bit patterns, those of NaN and both zeros included, so that what stays does not depend on what came
  /// first.
  private static func precedes(_ left: Double, _ right: Double) -> Bool {
    left.bitPattern != right.bitPattern && left.isTotallyOrdered(belowOrEqualTo: right)
  }

  private mutating func quantity(of measurement: ArchitectureMeasurement) throws -> Int64 {
    let wanted = QuantityKey(space: measurement.space, quantity: measurement.quantity)
    if let known = quantities[wanted] { return known }
    let id = try id(
      in: .quantities, where: "space = ? AND quantity = ?",
      insert: "INSERT INTO quantities(space, quantity) VALUES (?, ?)",
      [measurement.space, try CanonicalJSON.text(measurement.quantity)])
    quantities[wanted] = id
    return id
  }
}
