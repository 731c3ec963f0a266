import Foundation

/// Two tables of our own as NDJSON: three cells of NAS-Bench-201 on two data sets with ragged seeds and curves, a
/// published mean, latencies on two devices; the other has two of these cells on a third data set.
enum TinyTables {
  /// By their NATS indexes: the optimum of CIFAR-10, one of its neighbors, and another cell.
  static let cells = ["nats:6111", "nats:9930", "nats:0"]

  static func first(extra: [String] = []) -> String {
    let runs = [
      run("nats:6111", "red", "777", [80, 90, 91]), run("nats:6111", "red", "888", [80, 90, 93]),
      run("nats:9930", "red", "777", [85, 86, 92.5]), run("nats:0", "red", "777", [10, 10, 10], origin: "random"),
      run("nats:6111", "blue", #"{"meanOf":3}"#, [50, 60, 70]),
      run("nats:9930", "blue", #"{"meanOf":3}"#, [50, 60, 65]),
      run("nats:0", "blue", #"{"meanOf":3}"#, [1, 2, 5], origin: "random"),
    ]
    let latencies = zip(cells, [9.5, 4.25, 1]).flatMap { cell, value in
      ["pi", "phone"].map { device in
        """
        {"measurement":{"space":"nasbench201","architecture":"\(cell)","source":"tiny","quantity":"latency",\
        "unit":"millisecond","device":"\(device)","value":\(device == "pi" ? value : value / 2)}}
        """
      }
    }
    return (cards(["red", "blue"]) + runs + latencies + extra).joined(separator: "\n") + "\n"
  }

  static func second() -> String {
    let runs = [run("nats:6111", "green", "1", [30, 40, 50]), run("nats:9930", "green", "1", [30, 40, 60])]
    return (cards(["green"]) + runs).joined(separator: "\n") + "\n"
  }

  static func run(_ cell: String, _ dataset: String, _ seed: String, _ values: [Double], origin: String = "exhaustive")
    -> String
  {
    """
    {"run":{"key":{"space":"nasbench201","architecture":"\(cell)","dataset":"\(dataset)","protocol":"three","seed":\(seed)},\
    "source":"tiny","origin":{"kind":"\(origin)"},"status":"completed","curves":[{"metric":"accuracy_percent",\
    "split":"validation","values":\(values)}],"counts":{"parameters":\(cell == "nats:0" ? 100 : 2_000)},\
    "costs":{"total":{"train_seconds":30}}}}
    """
  }

  private static func cards(_ datasets: [String]) -> [String] {
    [
      #"{"source":{"name":"tiny","title":"Made-up tables","origin":"this test","license":"CC0-1.0","citation":"none"}}"#,
      #"{"protocol":{"name":"three","settings":{"epochs":3}}}"#,
    ]
      + datasets.map { name in
        """
        {"dataset":{"name":"\(name)","title":"Made-up \(name)","task":"none","source":"none","citation":"none",\
        "splitMeaning":"none","primaryMetric":"accuracy_percent"}}
        """
      }
  }
}

/// A fresh folder with atlases that the command line made of NDJSON.
final class TinyAtlas {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func write(_ text: String, as name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  /// Ingests and publishes `text`; gives the path of the atlas.
  func atlas(_ text: String, as name: String) throws -> String {
    let file = try write(text, as: "\(name).ndjson")
    for arguments in [
      ["ingest", file, "--into", path("\(name).sqlite")], ["publish", path("\(name).sqlite"), path("\(name).atlas")],
    ] {
      let run = try CommandRun(arguments)
      guard run.status == 0 else { throw SmallAtlasError.failed(arguments: arguments, errors: run.errors) }
    }
    return path("\(name).atlas")
  }
}
