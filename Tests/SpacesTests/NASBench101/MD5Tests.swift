import Spaces
import Testing

/// The test suite of RFC 1321, and messages around the borders of blocks against Python's hashlib.
@Suite struct MD5Tests {
  @Test(arguments: [
    ("", "d41d8cd98f00b204e9800998ecf8427e"),
    ("a", "0cc175b9c0f1b6a831c399e269772661"),
    ("abc", "900150983cd24fb0d6963f7d28e17f72"),
    ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
    ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"),
    (
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
      "57edf4a22be3c955ac49da2e2107b67a"
    ),
    (String(repeating: "a", count: 55), "ef1772b6dff9a122358552954ad0df65"),
    (String(repeating: "a", count: 56), "3b0c8ac703f828b04c6c197006d17218"),
    (String(repeating: "a", count: 64), "014842d480b571495a4a0363793f7367"),
    (String(repeating: "a", count: 1_000), "cabe45dcc9ae5b66ba86600cca6b8ba8"),
  ])
  func digests(message: String, hex: String) throws {
    #expect(MD5Digest(of: message.utf8).hex == hex)
    #expect(MD5Digest(hex: hex.uppercased()) == MD5Digest(of: message.utf8))
  }

  @Test func digestsSortAsTheirDigits() {
    let digests = (0..<100).map { MD5Digest(of: "\($0)".utf8) }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
  }

  @Test(arguments: [
    "", "d41d8cd98f00b204e9800998ecf8427", "d41d8cd98f00b204e9800998ecf8427g", "+41d8cd98f00b204e9800998ecf8427e",
  ])
  func brokenDigitsAreRefused(text: String) {
    #expect(MD5Digest(hex: text) == nil)
  }
}
