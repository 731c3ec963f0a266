import Foundation
import Surrogates
import Testing

@Suite struct ModelFileTests {
  private func archive() throws -> ModelArchive {
    var archive = ModelArchive(kind: "example")
    try archive.setSettings(["depth": 6, "rate": 0.1])
    archive.set("a", [1.5, -0.0, .nan])
    archive.set("b", [Float(0.1)])
    archive.set("c", [Int32.min, 7])
    archive.set("d", [UInt8](0...200))
    return archive
  }

  @Test func allComesBack() throws {
    let archive = try archive()
    let read = try ModelFile.decode(ModelFile.encode(archive))
    #expect(read.kind == "example")
    #expect(try read.settings([String: Double].self) == ["depth": 6, "rate": 0.1])
    #expect(try read.doubles("a", count: 3).map(\.bitPattern) == [1.5, -0.0, Double.nan].map(\.bitPattern))
    #expect(try read.floats("b") == [0.1])
    #expect(try read.integers("c") == [.min, 7])
    #expect(try read.bytes("d") == [UInt8](0...200))
    #expect(throws: SurrogatesError.self) { try read.doubles("b") }
    #expect(throws: SurrogatesError.self) { try read.bytes("d", count: 3) }
    #expect(throws: SurrogatesError.self) { try read.predictor() }
  }

  @Test func everyFlippedBitIsNoticed() throws {
    let file = try ModelFile.encode(archive())
    for index in file.indices {
      var damaged = file
      damaged[index] ^= 1 << UInt8(index % 8)
      #expect(throws: SurrogatesError.self) { try ModelFile.decode(damaged) }
    }
    for length in stride(from: 0, to: file.count, by: 7) {
      #expect(throws: SurrogatesError.self) { try ModelFile.decode(file.prefix(length)) }
    }
    #expect(throws: SurrogatesError.self) { try ModelFile.decode(file + Data([0])) }
  }
}
