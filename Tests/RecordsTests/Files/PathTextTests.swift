import Records
import Testing

@Suite struct PathTextTests {
  @Test(arguments: [
    ("a", "", "a"), (" ", "", " "), ("\n", "", "\n"), ("é", "", "é"), ("", "", ""), ("/", "/", "/"), ("///", "/", "/"),
    ("/a", "/", "a"), ("a/", "", "a"), ("a/b", "a", "b"), ("a//b", "a", "b"), ("/a/b//", "/a", "b"), ("./a", ".", "a"),
    ("..", "", ".."), ("a/..", "a", ".."), ("a/\u{301}b", "a", "\u{301}b"), ("a/b c", "a", "b c"),
  ])
  func folderAndName(path: String, folder: String, name: String) {
    #expect(PathText.folder(of: path) == folder)
    #expect(PathText.name(of: path) == name)
  }

  @Test(arguments: ["a", " ", "\n", "é", "+"])
  func aNameOfOneCharacterIsAPlace(name: String) throws {
    #expect(try OutputTarget(name).resolved.hasSuffix("/" + name))
  }
}
