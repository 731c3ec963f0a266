import Foundation
import Testing

/// The walls of the house: which target may import what. Read from the sources.
@Suite struct WallTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Our own targets that each target may import; the folders of `Sources`.
  private static let doors: [String: Set<String>] = [
    "Records": [], "Oracles": ["Records"], "Statistics": ["Records"], "Spaces": ["Records"], "Datasets": ["Records"],
    "KernelsAVX2": [],
    "KernelsAVX512": [],
    "Nets": ["Records", "KernelsAVX2", "KernelsAVX512"],
    "Training": ["Records", "Oracles", "Spaces", "Datasets", "Nets"],
    "Surrogates": ["Records", "Statistics", "Spaces", "Nets"], "Store": ["Records"],
    "Benchmarks": ["Records", "Oracles", "Statistics", "Spaces", "Store", "Surrogates"],
    "Evaluation": ["Records", "Oracles", "Statistics", "Spaces", "Surrogates"],
    "Reports": ["Records", "Statistics", "Evaluation"],
    "WebPages": ["Records", "Oracles", "Spaces", "Store", "Surrogates", "Benchmarks", "Reports"],
    "QueryServer": [
      "Records", "Oracles", "Statistics", "Spaces", "Store", "Surrogates", "Benchmarks", "Evaluation", "WebPages",
    ],
    "TestSupport": ["Records", "Oracles", "Spaces", "Datasets", "Store", "Surrogates"],
    "nasatlas": [
      "Records", "Oracles", "Spaces", "Datasets", "Nets", "Training", "Store", "Surrogates", "Benchmarks", "Evaluation",
      "Reports", "QueryServer",
    ],
  ]

  /// Modules from outside that only these targets may import.
  private static let keepers: [String: Set<String>] = [
    "GRDB": ["Store"], "GRDBSQLite": ["Store"], "ArgumentParser": ["nasatlas"], "COpenBLAS": ["Nets", "Surrogates"],
    "Crypto": ["Records"], "CZlib": ["Datasets"], "Mustache": ["WebPages"],
    "CLibdeflate": ["Records", "Store"], "Hummingbird": ["QueryServer"], "HummingbirdCore": ["QueryServer"],
    "HTTPTypes": ["QueryServer"], "NIOCore": ["QueryServer"], "NIOPosix": ["QueryServer"], "NIOHTTP1": ["QueryServer"],
    "NIOHTTPTypes": ["QueryServer"], "NIOHTTPTypesHTTP1": ["QueryServer"], "NIOHTTPCompression": ["QueryServer"],
    "NIOFoundationCompat": ["QueryServer"], "ServiceLifecycle": ["QueryServer", "nasatlas"],
    "UnixSignals": ["QueryServer", "nasatlas"], "Logging": ["QueryServer", "nasatlas"],
  ]

  /// Modules of the platform, free for all.
  private static let platform: Set<String> = [
    "Foundation", "FoundationXML", "FoundationNetworking", "Synchronization", "Glibc", "Dispatch",
  ]

  private struct Import {
    let target: String
    let module: String
    let place: String
  }

  private static func imports() throws -> [Import] {
    let sources = root.appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var found: [Import] = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let path = file.path.dropFirst(sources.path.count + 1)
      let target = String(path.prefix { $0 != "/" })
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let words = line.split(separator: " ")
        let levels: Set<Substring> = ["public", "package", "internal"]
        guard let keyword = words.firstIndex(of: "import"), line.first?.isWhitespace == false,
          words.prefix(keyword).allSatisfy({ levels.contains($0) || $0.hasPrefix("@") }),
          let module = words.last?.prefix(while: { $0 != "." })
        else { continue }
        found.append(Import(target: target, module: String(module), place: String(path)))
      }
    }
    return found
  }

  @Test func everyImportGoesThroughADoor() throws {
    let imports = try Self.imports()
    #expect(imports.count > 50)
    for found in imports where !Self.platform.contains(found.module) {
      if let keepers = Self.keepers[found.module] {
        #expect(keepers.contains(found.target), "\(found.place) imports \(found.module); only \(keepers.sorted()) may")
      } else {
        let allowed = try #require(Self.doors[found.target], "the target \(found.target) has no row in this test")
        #expect(allowed.contains(found.module), "\(found.place) imports \(found.module)")
      }
    }
  }

  /// GRDB's rows end the process where a value has another type; `StoredRow` throws.
  @Test func rowsAreReadByType() throws {
    let store = Self.root.appendingPathComponent("Sources/Store")
    let files = try #require(FileManager.default.enumerator(at: store, includingPropertiesForKeys: nil))
    var count = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      count += 1
      let text = try String(contentsOf: file, encoding: .utf8)
      for word in ["Row.fetch", "fetchOne(", "fetchAll(", "fetchCursor(", "fetchSet(", "try!", " as! "] {
        #expect(!text.contains(word), "\(file.lastPathComponent) has \(word)")
      }
    }
    #expect(count > 40)
  }

  @Test func everyTargetHasItsRow() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root.appendingPathComponent("Sources").path)
    let targets = Set(folders.filter { !$0.hasSuffix(".md") && !$0.hasPrefix("C") })
    #expect(targets == Set(Self.doors.keys))
  }
}
