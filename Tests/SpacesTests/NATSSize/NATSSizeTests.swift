import Foundation
import Spaces
import Testing

@Suite struct NATSSizeTests {
  static let space = NATSSizeSpace()
  static let names = "data/benchmarks/nats-archives/NATS-sss-v1_0-50262-simple/meta.pickle.pbz2"

  @Test func oneArchitecture() throws {
    let architecture = try Self.space.parse("8:64:16:8:24")
    #expect(architecture.channels == [8, 64, 16, 8, 24])
    #expect(try NATSSizeArchitecture(channels: [8, 64, 16, 8, 24]) == architecture)
    #expect(Self.space.ordinalEncoding(of: architecture) == [0, 7, 1, 0, 2])
    let slots = Self.space.encode(architecture)
    #expect(slots.count == 40)
    #expect(slots.indices.filter { slots[$0] == 1 } == [0, 15, 17, 24, 34])
    #expect(Self.space.neighbors(of: architecture).count == 35)
    // 7·8³ + 1·8² + 2.
    #expect(Self.space.identifiers(of: architecture).map(\.description) == ["nats:3650"])
    #expect(try Self.space.parse("nats:3650") == architecture)
  }

  @Test func refusesOtherSizes() {
    let allowed = ["c:c:c:c:c with c one of 8 16 24 32 40 48 56 64", "nats:0 to nats:32767"]
    for text in ["", "8:8:8:8", "8:8:8:8:8:8", "8:8:8:8:9", "8:8:8:8:", "8:8:8:8:08", "nat:0"] {
      #expect(throws: SpacesError.form(space: "nats-sss", found: text, allowed: allowed)) {
        try Self.space.parse(text)
      }
    }
    #expect(throws: SpacesError.identifier(form: "nats", found: "32768", allowed: "0 to 32767")) {
      try Self.space.parse("nats:32768")
    }
    #expect(throws: SpacesError.vectorLength(found: 4, allowed: [5], unit: "channel counts")) {
      try NATSSizeArchitecture(channels: [8, 8, 8, 8])
    }
    #expect(throws: SpacesError.self) { try NATSSizeArchitecture(channels: [8, 8, 8, 8, 12]) }
  }

  /// The names stand in the archive's list as short strings of a pickle: a byte 0x8C, the length, the text.
  @Test(.enabled(if: SharedData.has(names), SharedData.lack(names)))
  func theOrderIsThePublishedOne() throws {
    let bytes = Array(try SharedData.unpacked(Self.names, by: "bzip2"))
    var published: [String] = []
    for place in bytes.indices.dropLast(2) where bytes[place] == 0x8C {
      let length = Int(bytes[place + 1])
      let text = bytes[(place + 2)...].prefix(length)
      if (9...14).contains(length), text.allSatisfy({ (0x30...0x3A).contains($0) }) {
        published.append(String(decoding: text, as: UTF8.self))
      }
    }
    #expect(published == Self.space.allArchitectures.map(Self.space.canonicalText))
  }
}
