import Foundation
import Records

/// Our side of the atlas benchmark, `atlas-bench SUBJECT FOLDER`: answers each line of standard input with a line of
/// JSON until `quit` or the end, as `tools/bench/atlas/README.md` describes.
@main
struct AtlasBench {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count == 2, let subject = subject(arguments[0], folder: arguments[1]) else {
      FileHandle.standardError.write(
        Data("usage: atlas-bench preloaded|file|curves|open|nb101size|ingest FOLDER\n".utf8))
      exit(64)
    }
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      if words.first == "quit" { return }
      var answer: JSONValue
      do { answer = .object(try Self.answer(words, subject)) } catch {
        answer = .object(["error": .string("\(error)".split(separator: "\n").joined(separator: "; "))])
      }
      let text = (try? CanonicalJSON.text(answer)) ?? "{}"
      // Past the buffer of standard output, which would keep the line back.
      FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
  }

  private static func subject(_ name: String, folder: String) -> (any Subject)? {
    switch name {
    case "preloaded": Values(folder: folder, preload: true)
    case "file": Values(folder: folder, preload: false)
    case "curves": Curves(folder: folder)
    case "open": Opening(folder: folder)
    case "nb101size": SizeOfNASBench101(folder: folder)
    case "ingest": Ingest(folder: folder)
    default: nil
    }
  }

  private static func answer(_ words: [String], _ subject: any Subject) throws -> [String: JSONValue] {
    func number(_ place: Int) throws -> UInt64 {
      guard words.indices.contains(place), let number = UInt64(words[place]) else {
        throw Complaint("no number \(place) in \(words.joined(separator: " "))")
      }
      return number
    }
    func draws(from place: Int) throws -> [UInt64] {
      Draws.outputs(seed: try number(place + 1), count: Int(clamping: try number(place)))
    }
    switch words.first {
    case "prepare":
      let prepared = try subject.prepare()
      return [
        "bytes": .object(prepared.bytes.mapValues { .integer(Int64($0)) }), "note": .string(prepared.note),
      ]
    case "load": return try opened { try subject.load() }
    case "preload": return try opened { try subject.preload() }
    case "rss": return ["kb": .integer(Memory.kilobytes("VmRSS")), "peak_kb": .integer(Memory.kilobytes("VmHWM"))]
    case "value", "curve":
      let times = try subject.times(words[0], draws(from: 1))
      var answer: [String: JSONValue] = [
        "ns": .number(times.median), "mean_ns": .number(times.mean), "block": .integer(Int64(times.block)),
      ]
      if let first = times.first { answer["first_ns"] = .number(first) }
      return answer
    case "probe" where words.count == 4:
      return [
        "values": .array(
          try draws(from: 2).map { .array(try subject.values(words[1], $0).map { .number($0) }) })
      ]
    case "rate" where words.count == 2: return ["per_s": .number(try subject.rate(words[1]))]
    default: throw Complaint("no word \(words.joined(separator: " "))")
    }
  }

  private static func opened(_ body: () throws -> Void) throws -> [String: JSONValue] {
    let before = Memory.kilobytes("VmRSS")
    let start = Clock.nanoseconds()
    try body()
    let spent = Clock.nanoseconds() - start
    return [
      "ns": .integer(Int64(spent)), "before_kb": .integer(before), "after_kb": .integer(Memory.kilobytes("VmRSS")),
    ]
  }
}
