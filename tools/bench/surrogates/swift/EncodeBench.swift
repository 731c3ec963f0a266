import Spaces

/// `surrogates-bench encode SPACE ENCODING`: a line of numbers for each architecture on a line of standard input.
enum EncodeBench {
  static func run(_ words: [String]) throws {
    LineAnswers.check(words, count: 2, usage: "encode SPACE ENCODING")
    let space = try SpaceCatalogue().space(words[0])
    while let text = readLine() {
      print(try space.encode(text, as: words[1]).map { "\($0)" }.joined(separator: " "))
    }
  }
}
