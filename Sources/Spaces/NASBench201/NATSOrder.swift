/// The order in which NATS-Bench and NAS-Bench-201 number the 15,625 cells: as they were drawn, without a rule.
enum NATSOrder {
  /// By number, the cell's code. Three letters a...y a cell: 25³ = 5⁶, each letter two edges.
  static let codes: [UInt16] = {
    let values = letters.utf8.compactMap { $0 < UInt8(ascii: "a") ? nil : UInt16($0 - UInt8(ascii: "a")) }
    return stride(from: 0, to: values.count, by: 3).map { values[$0] * 625 + values[$0 + 1] * 25 + values[$0 + 2] }
  }()

  /// By code, the cell's number.
  static let indexes: [UInt16] = {
    var indexes = [UInt16](repeating: 0, count: codes.count)
    for (index, code) in codes.enumerated() { indexes[Int(code)] = UInt16(index) }
    return indexes
  }()
}
