import Foundation
import Records
import Testing

@Suite struct SeedTests {
  static let spellings: [(seed: Seed, text: String, json: String)] = [
    (.recorded(0), "0", "0"), (.recorded(777), "777", "777"),
    (.recorded(.max), "18446744073709551615", "18446744073709551615"),
    (.unnamed(1), "unnamed-1", #"{"unnamed":1}"#), (.mean(of: 3), "mean-of-3", #"{"meanOf":3}"#),
    (.mean(of: 0), "mean-of-0", #"{"meanOf":0}"#),
  ]

  @Test func textAndJSONComeBack() throws {
    for (seed, text, json) in Self.spellings {
      #expect(seed.description == text)
      #expect(Seed(text) == seed)
      #expect(try CanonicalJSON.text(seed) == json)
      #expect(try CanonicalJSON.decode(Seed.self, from: Data(json.utf8)) == seed)
    }
  }

  @Test(arguments: [
    "", " 1", "+1", "-1", "01", "1.0", "unnamed", "unnamed-", "unnamed-x", "mean-of--1", "mean-of-03",
    "18446744073709551616",
  ])
  func otherTextIsNoSeed(text: String) {
    #expect(Seed(text) == nil)
  }

  @Test(arguments: [
    "{}", #"{"unnamed":1,"meanOf":3}"#, "-1", "1.5", #""5""#, "null", #"{"unnamed":-1}"#, "18446744073709551616",
  ])
  func otherJSONIsNoSeed(json: String) {
    #expect(throws: DecodingError.self) { try CanonicalJSON.decode(Seed.self, from: Data(json.utf8)) }
  }

  @Test func recordedComeFirstThenByNumber() {
    let sorted: [Seed] = [.recorded(1), .recorded(.max), .unnamed(0), .unnamed(9), .mean(of: 1)]
    #expect(sorted.reversed().sorted() == sorted)
    #expect((5 as Seed) == .recorded(5))
  }
}
