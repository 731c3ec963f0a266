import Foundation

/// The PyTorch process: takes commands on its input, answers a line of JSON each.
final class Peer {
  private let process = Process()
  private let commands = Pipe()
  private let answers = Pipe()
  private var buffer = Data()

  init(python: String, script: String) throws {
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [script]
    process.standardInput = commands
    process.standardOutput = answers
    try process.run()
  }

  struct Answer: Decodable {
    let seconds: Double?
    let error: String?
  }

  func ask(_ command: String) throws -> Answer {
    try commands.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
    while true {
      if let end = buffer.firstIndex(of: 10) {
        let line = buffer[buffer.startIndex..<end]
        let answer = try JSONDecoder().decode(Answer.self, from: Data(line))
        buffer.removeSubrange(buffer.startIndex...end)
        return answer
      }
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else { throw PeerError.ended(command: command) }
      buffer.append(more)
    }
  }

  func quit() {
    try? commands.fileHandleForWriting.write(contentsOf: Data("quit\n".utf8))
    process.waitUntilExit()
  }
}

enum PeerError: Error {
  case ended(command: String)
}
