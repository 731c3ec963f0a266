import Foundation

/// Conversations of a script with a subject of the benchmark: one JSON object a line each way.
enum LineAnswers {
  /// What a predictor that was fitted says of what it has not seen.
  struct Fit: Encodable {
    let seconds: Double
    let mean: [Double]
  }

  /// Answers each line of standard input.
  static func write<Request: Decodable>(
    to _: Request.Type, _ answer: (Request) throws -> some Encodable
  ) throws {
    while let line = readLine() {
      let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
      print(String(decoding: try JSONEncoder().encode(answer(request)), as: UTF8.self))
      fflush(nil)
    }
  }

  /// What `body` gives, and its seconds.
  static func timed<Result>(_ body: () throws -> Result) rethrows -> (Result, seconds: Double) {
    let start = ContinuousClock.now
    let result = try body()
    return (result, (ContinuousClock.now - start) / .seconds(1))
  }

  /// Ends the program where there are not `count` words.
  static func check(_ words: [String], count: Int, usage: String) {
    guard words.count != count else { return }
    FileHandle.standardError.write(Data("usage: surrogates-bench \(usage)\n".utf8))
    exit(64)
  }
}
