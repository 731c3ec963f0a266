public import Records

/// The values of a quantity that was measured without training, one an architecture.
public final class MeasuredQuantity: Sendable {
  public let space: String
  public let quantity: Quantity
  public let count: Int
  private let rows: Range<Int>
  private let architectures: Column?
  private let values: Column?
  private let costs: Column?
  private let index = LazyReference<RunIndex>()

  init(_ place: Int, directory: AtlasDirectory, source: BlockSource) {
    let entry = directory.quantities[place]
    space = directory.spaces[entry.space].name
    rows = directory.spaces[entry.space].rows
    quantity = entry.quantity
    count = entry.measurements
    func column(_ name: String) -> Column? {
      directory.quantityColumns[place].first { $0.key.kind == .measurement && $0.key.name == name }
        .map { Column($0, rows: entry.measurements, source: source) }
    }
    architectures = column("architecture")
    values = column("value")
    costs = column("cost_seconds")
  }

  /// The value of the architecture with this row; nil where it was not measured.
  public func value(ofArchitecture row: Int) throws -> Double? {
    try place(row).flatMap { try values?.value($0) }
  }

  /// What measuring it cost; nil where the source does not tell.
  public func costSeconds(ofArchitecture row: Int) throws -> Double? {
    try place(row).flatMap { try costs?.value($0) }
  }

  /// Calls `body` with the row and the value of every architecture that was measured, in the order of rows.
  public func forEach(_ body: (Int, Double) throws -> Void) throws {
    for place in 0..<count {
      guard let row = try architectures?.value(place), let value = try values?.value(place) else { continue }
      guard let row = UInt32(exactly: row).map({ Int($0) }), rows.contains(row) else {
        throw StoreError.damagedRecord(
          path: quantity.name, run: "\(place)", reason: "its architecture \(row) is not of the space \(space)")
      }
      try body(row, value)
    }
  }

  private func place(_ row: Int) throws -> Int? {
    guard let architectures else { return nil }
    let index = try self.index.load() ?? self.index.storeIfNil(RunIndex(architectures, rows: rows, path: quantity.name))
    return index.runs(row).first
  }

  func loadAll() throws {
    for column in [architectures, values, costs] { try column?.loadAll() }
  }
}
