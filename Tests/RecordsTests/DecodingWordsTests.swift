import Foundation
import Records
import Testing

@Suite struct DecodingWordsTests {
  private struct Document: Decodable {
    struct Part: Decodable { let on: Bool }
    let name: String
    let count: UInt32
    let share: Double
    let parts: [Part]
    let kind: Kind?

    enum Kind: String, Decodable { case grid, opaque }
  }

  @Test(arguments: [
    ("[]", "an object is expected here"), ("{}", "the key \"name\" is missing"), ("{", "the file is not JSON"),
    (#"{"name":1}"#, "name: a text is expected here"),
    (#"{"name":"a","count":"b"}"#, "count: a whole number is expected here"),
    (#"{"name":"a","count":1,"share":"b"}"#, "share: a number is expected here"),
    (#"{"name":"a","count":1,"share":0.5,"parts":{}}"#, "parts: a list is expected here"),
    (#"{"name":"a","count":1,"share":0.5,"parts":[{"on":1}]}"#, "parts[0].on: true or false is expected here"),
    (
      #"{"name":"a","count":1,"share":0.5,"parts":[],"kind":"tree"}"#, "kind: tree is not one of the allowed values"
    ),
  ])
  func namesNoTypeOfSwift(document: String, reason: String) {
    let error = #expect(throws: (any Error).self) {
      try JSONDecoder().decode(Document.self, from: Data(document.utf8))
    }
    #expect(error.map { DecodingWords.reason($0, whole: "the file") } == reason)
  }
}
