import Datasets
import Foundation
import Nets
import Records
import Reports
import Store

/// The checks of `doctor`: none changes anything but a file of its own in the cache folder, which it removes.
struct Checkup {
  enum Verdict: String, Encodable {
    case ok, warn, fail
  }

  struct Finding: Encodable {
    let check: String
    let verdict: Verdict
    let detail: String
    let remedy: String?

    init(_ check: String, _ verdict: Verdict, _ detail: String, remedy: String? = nil) {
      self.check = check
      self.verdict = verdict
      self.detail = detail
      self.remedy = remedy
    }
  }

  let environment: [String: String]
  /// The kernel's listing of processors.
  var cpuListing = "/proc/cpuinfo"
  /// Free space below which training may not end well, in bytes.
  static let littleSpace = 1 << 30

  func findings() -> [Finding] {
    [processor(), algebra(), sqlite()] + cache()
  }

  private func processor() -> Finding {
    let listing = (try? String(contentsOfFile: cpuListing, encoding: .utf8)) ?? ""
    let flags =
      listing.split(separator: "\n").first { $0.hasPrefix("flags") }
      .flatMap { $0.split(separator: ":").last }?.split(separator: " ").map(String.init) ?? []
    let cores = ProcessInfo.processInfo.activeProcessorCount
    switch InstructionSet.widest(flags: Set(flags)) {
    case .avx512: return Finding("processor", .ok, "AVX-512, \(cores) cores")
    case .avx2: return Finding("processor", .ok, "AVX2 and FMA, no AVX-512, \(cores) cores")
    case nil:
      return Finding(
        "processor", .fail, "the processor lacks AVX2 with FMA, so this machine cannot train",
        remedy: "train on an x86-64 machine of 2013 or later; queries work on this machine")
    }
  }

  private func algebra() -> Finding {
    let detail = "\(LinearAlgebra.version), kernels \(LinearAlgebra.core) here; trainers pin Haswell"
    return LinearAlgebra.version.hasPrefix("OpenBLAS")
      ? Finding("linear algebra", .ok, detail)
      : Finding("linear algebra", .fail, detail, remedy: "install libopenblas-dev")
  }

  private func sqlite() -> Finding {
    // Oldest version with all that the store uses: WITHOUT ROWID, partial indexes, sqlite_schema.
    let version = StoreLibrary.sqliteVersion
    return version >= 3_033_000
      ? Finding("sqlite", .ok, StoreLibrary.sqliteVersionText)
      : Finding(
        "sqlite", .fail, "version \(StoreLibrary.sqliteVersionText) is too old", remedy: "install SQLite 3.33 or later")
  }

  private func cache() -> [Finding] {
    let registry: DatasetRegistry
    do { registry = try DatasetRegistry(environment: environment) } catch {
      let known = error as? any UserFacingError
      return [Finding("cache folder", .fail, known?.message ?? "\(error)", remedy: known?.remedy)]
    }
    return [writable(registry.cacheFolder), space(registry.cacheFolder)]
      + DatasetRegistry.names.compactMap { dataset($0, registry) }
  }

  private func writable(_ folder: URL) -> Finding {
    let probe = folder.appendingPathComponent("doctor-\(ProcessInfo.processInfo.processIdentifier)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try SystemFile(probe.path, .createNew).write("probe".utf8, at: 0)
      try FileManager.default.removeItem(at: probe)
      return Finding("cache folder", .ok, folder.path)
    } catch {
      return Finding(
        "cache folder", .fail, "\(folder.path) cannot be written",
        remedy: "set XDG_CACHE_HOME to a folder that you can write to")
    }
  }

  private func space(_ folder: URL) -> Finding {
    guard let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder.path),
      let free = (attributes[.systemFreeSize] as? NSNumber)?.intValue
    else { return Finding("disk space", .warn, "unknown") }
    return free >= Self.littleSpace
      ? Finding("disk space", .ok, "\(NumberText.bytes(free)) free")
      : Finding("disk space", .warn, "\(NumberText.bytes(free)) free", remedy: "free at least 1 GB of disk space")
  }

  /// Loads a prepared file, which checks its SHA-256; a set that nobody has prepared is no finding unless tools/setup
  /// makes it.
  private func dataset(_ name: String, _ registry: DatasetRegistry) -> Finding? {
    guard let info = try? registry.info(name: name) else { return nil }
    if info.isPrepared {
      do {
        let card = try registry.load(name: name).card
        return Finding(name, .ok, "prepared, digest \(card.digest?.short ?? "absent")")
      } catch {
        let known = error as? any UserFacingError
        return Finding(name, .fail, known?.message ?? "\(error)", remedy: known?.remedy)
      }
    }
    if info.acceptedSource != nil { return nil }
    return info.tablesPresent
      ? Finding(name, .ok, "tables present; prepared on first use")
      : Finding(name, .warn, "no tables", remedy: "run tools/setup --data \(name)")
  }
}
