import Foundation
import Records
import TestSupport
import Testing

/// The rule for outputs (R30): every kind of output against every kind of file that may be at its place.
@Suite struct OutputMatrixTests {
  /// Heads of files, by the kind that they are.
  private static let samples: [OutputKind: [UInt8]] = [
    .atlas: database(0x4e41_5341), .workingFile: database(0x4e41_5357), .other: database(0),
    .manifest: Array("{\"manifest\":{\"bytes\":8192},\"manifestDigest\":\"00\"}\n".utf8),
    .surrogate: Array("NASMODEL".utf8) + [1, 0, 0, 0], .journal: Array("NASAJRNL".utf8) + [2, 0, 0, 0],
    .ledgers: Array("0012abef {\"opened\":{\"_0\":{}}}\n".utf8), .preparedData: Array("NASATLDS".utf8) + [1, 0, 0, 0],
    .checkpoint: Array("NASCHKPT".utf8) + [1, 0, 0, 0],
    .csv: Array("trial,train_size,note\n0,5,\"a, b\"\n1,5,c\n".utf8), .json: Array("{\"rows\": [1, 2]}\n".utf8),
    .ndjson: Array("{\"run\":1}\n{\"run\":2}\n".utf8),
    .latex: Array("% needs \\usepackage{booktabs}\n\\begin{table}\n\\end{table}\n".utf8),
    .latexDocument: Array("% My thesis\n\\documentclass{book}\n\\begin{document}\n".utf8),
    .markdown: Array("# Notes\n\nSome, text\n".utf8), .text: Array("values of 3 runs, and more\nA line\n".utf8),
  ]

  private static func database(_ application: UInt32) -> [UInt8] {
    var head = Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 84)
    for byte in 0..<4 { head[68 + byte] = UInt8(truncatingIfNeeded: application >> UInt32(24 - 8 * byte)) }
    return head
  }

  /// What commands write.
  private static let outputs: [OutputKind] = [
    .atlas, .manifest, .workingFile, .surrogate, .preparedData, .csv, .json, .latex, .text,
  ]

  /// What is at the place of an output.
  private enum Place: Hashable, CaseIterable {
    case file, linkToFile, input, linkToInput, hardLinkToInput
  }

  private static let new = Data("what the command wrote".utf8)

  /// 9 outputs × 18 contents × 5 places × with and without --force.
  @Test(arguments: outputs)
  func onlyWhatMayBeReplacedIsReplaced(output: OutputKind) throws {
    let folder = try Folder()
    var combinations = 0
    let contents: [[UInt8]?] = [nil, []] + Self.samples.values.map { $0 }
    for content in contents {
      for place in Place.allCases where content != nil || [.file, .linkToFile].contains(place) {
        for force in [false, true] {
          combinations += 1
          try check(output, over: content, place, force: force, in: folder.path("\(combinations)"))
        }
      }
    }
    #expect(combinations == 2 * (2 + 17 * 5))
    Reliability.report("R30", "\(combinations) combinations of what is there and how, for \(output): 0 destroyed")
  }

  private func check(_ output: OutputKind, over content: [UInt8]?, _ place: Place, force: Bool, in folder: String)
    throws
  {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let (file, link, hard) = (folder + "/file", folder + "/link", folder + "/hard")
    if let content {
      try Data(content).write(to: URL(fileURLWithPath: file))
      chmod(file, 0o640)
    }
    let path = [.file, .input].contains(place) ? file : place == .hardLinkToInput ? hard : link
    if path == link { symlink("file", link) }
    if path == hard { Foundation.link(file, hard) }
    let isInput = ![.file, .linkToFile].contains(place)
    let found = Self.samples.first { $0.value == content }?.key
    let expected: String? =
      if isInput {
        "records.output_input"
      } else if let found, found != output {
        "records.output_other_kind"
      } else if found == output, output.isProtected, !force {
        "records.output_exists"
      } else {
        nil
      }
    var code: String?
    do {
      try OutputFile(path, as: output, inputs: isInput ? [folder + "/none", file] : [], force: force).write(Self.new)
    } catch {
      code = error.code
      #expect(error.exitStatus == .cannotCreate)
    }
    let comment: Comment = "\(output) over \(found?.words ?? "nothing"), \(place), force \(force)"
    #expect(code == expected, comment)
    #expect(
      FileManager.default.contents(atPath: file) == (expected == nil ? Self.new : content.map { Data($0) }), comment)
    var status = stat()
    if path == link { #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK, comment) }
    if content != nil { #expect(stat(file, &status) == 0 && status.st_mode & 0o7777 == 0o640, comment) }
    let left = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(Set(left).isSubset(of: ["file", "link", "hard"]), comment)
  }

  @Test func devicesPipesAndDescriptorsAreStreamedTo() throws {
    let folder = try Folder()
    for output in Self.outputs {
      try OutputFile("/dev/null", as: output, inputs: ["/dev/null"]).write(Self.new)
      let fifo = folder.path("fifo-\(output)")
      #expect(mkfifo(fifo, 0o600) == 0)
      // Open for both, so that nobody waits.
      let reader = open(fifo, O_RDWR | O_NONBLOCK)
      defer { close(reader) }
      try OutputFile(fifo, as: output).write([Self.new, Self.new])
      var room = [UInt8](repeating: 0, count: 100)
      let count = read(reader, &room, room.count)
      #expect(Data(room.prefix(count)) == Self.new + Self.new)
      let file = folder.path("open-\(output)")
      let descriptor = open(file, O_RDWR | O_CREAT, 0o600)
      defer { close(descriptor) }
      #expect(Descriptor.write("before ".utf8, to: descriptor) == nil)
      try OutputFile("/dev/fd/\(descriptor)", as: output).write(Self.new)
      #expect(FileManager.default.contents(atPath: file) == Data("before ".utf8) + Self.new)
      var status = stat()
      #expect(stat(fifo, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func aFullDeviceIsAFailureOfTheDisk() throws {
    let error = #expect(throws: OutputError.self) { try OutputFile("/dev/full", as: .csv).write(Self.new) }
    #expect(error?.code == "records.output_failed" && error?.exitStatus == .inputOutput)
    #expect(Descriptor.write(Self.new, to: -1) == EBADF)
  }

  @Test func placesWithoutAFileAreRefused() throws {
    let folder = try Folder()
    symlink("loop", folder.path("loop"))
    let paths = [
      "", folder.path(""), folder.path("none/file"), folder.path("."), "/", "a\0b", folder.path("loop"),
      folder.path(String(repeating: "n", count: 256)), folder.path("none/") + String(repeating: "n", count: 5_000),
    ]
    for path in paths {
      let error = #expect(throws: OutputError.self) { try OutputFile(path, as: .csv) }
      #expect(error?.code == "records.output_cannot_create" && error?.exitStatus == .cannotCreate, "\(path)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.root) == ["loop"])
  }

  @Test func aLinkToNothingMakesTheFileItNames() throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(atPath: folder.path("real"), withIntermediateDirectories: true)
    symlink("real/file", folder.path("second"))
    symlink("second", folder.path("first"))
    try OutputFile(folder.path("first"), as: .csv).write(Self.new)
    #expect(FileManager.default.contents(atPath: folder.path("real/file")) == Self.new)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("first")) == "second")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("real")) == ["file"])
  }

  @Test func whatAppearsDuringTheWorkIsKept() throws {
    let folder = try Folder()
    let place = try OutputFile(folder.path("file"), as: .surrogate)
    let other = Data("\\documentclass{book}\n".utf8)
    try other.write(to: URL(fileURLWithPath: folder.path("file")))
    #expect(throws: OutputError.self) { try place.write(Self.new) }
    #expect(FileManager.default.contents(atPath: folder.path("file")) == other)
  }

  @Test(arguments: Array(samples.keys))
  func kindsAreRecognised(kind: OutputKind) throws {
    let bytes = try #require(Self.samples[kind])
    #expect(OutputKind(ofHead: bytes, isWhole: true, name: "file") == kind)
  }

  @Test func plainTextIsNoProgramAndNoProse() {
    func kind(_ text: String, _ name: String) -> OutputKind {
      OutputKind(ofHead: Array(text.utf8), isWhole: true, name: name)
    }
    #expect(kind("import numpy\nx = 1\n", "study.py") == .other)
    #expect(kind("#!/bin/sh\necho\n", "run") == .other)
    #expect(kind("One, two\nthree, four\n", "notes.txt") == .text)
    #expect(kind("[server]\nport = 1\n", "settings.txt") == .text)
    #expect(kind("{\\rtf1 text}\n", "letter.rtf") == .other)
    #expect(kind("\u{FF}\u{E9}", "x") == .text)
    #expect(OutputKind(ofHead: [0xFF, 0xD8, 0xFF, 0xE0], isWhole: true, name: "x.txt") == .other)
    #expect(OutputKind(ofHead: [0x41, 0x00], isWhole: true, name: "x.txt") == .other)
    // A character that the head cuts.
    #expect(OutputKind(ofHead: Array("text \u{E9}".utf8.dropLast()), isWhole: false, name: "x.txt") == .text)
    #expect(OutputKind(ofHead: Array("text \u{E9}".utf8.dropLast()), isWhole: true, name: "x.txt") == .other)
  }

  /// A folder that goes away with the test.
  private final class Folder {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-output-\(UUID().uuidString)")
      .path

    init() throws { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: root) }

    func path(_ name: String) -> String { root + "/" + name }
  }
}
