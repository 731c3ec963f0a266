import Foundation
import Records
import Testing

@Suite struct ArrayFileTests {
  private static let file = ArrayFile(magic: "NASTESTS", version: 1)

  private func archive() throws -> ArrayArchive {
    var archive = ArrayArchive(kind: "example")
    try archive.setSettings(["depth": 6, "rate": 0.1])
    archive.set("a", [1.5, -0.0, .nan])
    archive.set("b", [Float(0.1)])
    archive.set("c", [Int32.min, 7])
    archive.set("d", [UInt8](0...200))
    return archive
  }

  @Test func allComesBack() throws {
    let archive = try archive()
    let read = try Self.file.decode(Self.file.encode(archive))
    #expect(read.kind == "example")
    #expect(try read.settings([String: Double].self) == ["depth": 6, "rate": 0.1])
    #expect(try read.doubles("a", count: 3).map(\.bitPattern) == [1.5, -0.0, Double.nan].map(\.bitPattern))
    #expect(try read.floats("b") == [0.1])
    #expect(try read.integers("c") == [.min, 7])
    #expect(try read.bytes("d") == [UInt8](0...200))
    #expect(throws: DamagedArchive.self) { try read.doubles("b") }
    #expect(throws: DamagedArchive.self) { try read.bytes("d", count: 3) }
    #expect(throws: DamagedArchive.self) { try read.part("e") }
  }

  @Test func everyFlippedBitIsNoticed() throws {
    let file = try Self.file.encode(archive())
    for index in file.indices {
      var damaged = file
      damaged[index] ^= 1 << UInt8(index % 8)
      #expect(throws: DamagedArchive.self) { try Self.file.decode(damaged) }
    }
    for length in stride(from: 0, to: file.count, by: 7) {
      #expect(throws: DamagedArchive.self) { try Self.file.decode(file.prefix(length)) }
    }
    #expect(throws: DamagedArchive.self) { try Self.file.decode(file + Data([0])) }
    #expect(throws: DamagedArchive.self) { try ArrayFile(magic: "NASTESTS", version: 2).decode(file) }
    #expect(throws: DamagedArchive.self) { try ArrayFile(magic: "NASOTHER", version: 1).decode(file) }
  }
}
