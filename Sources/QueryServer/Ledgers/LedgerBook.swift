import Benchmarks
import Foundation
import HTTPTypes
import Oracles
import Records

/// All ledgers of a server, each with its journal in one folder that no other server writes.
final class LedgerBook: Sendable {
  private let folder: String
  private let lock: Guarded<LockFile?>
  private let ledgers: Guarded<[String: Ledger]>
  /// Journals that were not read: they stay as they are, and all other ledgers serve.
  let damaged: [Damage]
  private let ledgerLimit: Int
  private let askLimit: Int

  /// A journal that is not what was written.
  struct Damage: Sendable {
    let id: String
    let path: String
    let reason: String
  }

  /// Opens the folder, makes it where it is not there, and reads the ledgers in it.
  ///
  /// Throws ``ServerError`` for a folder that another server uses. A damaged journal is set aside as ``damaged``.
  init(folder: String, ledgerLimit: Int, askLimit: Int) throws {
    self.folder = folder
    self.ledgerLimit = ledgerLimit
    self.askLimit = askLimit
    do {
      let isNew = !FileManager.default.fileExists(atPath: folder)
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      lock = Guarded(try LockFile(folder + "/lock", emptyFolder: isNew ? folder : nil))
    } catch let error as RecordsError {
      throw ServerError.stateFolder(path: folder, reason: error.message)
    } catch {
      throw ServerError.stateFolder(path: folder, reason: "it cannot be created")
    }
    var (found, damaged): ([String: Ledger], [Damage]) = ([:], [])
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where name.hasSuffix(".ledger") {
      let (id, path) = (String(name.dropLast(7)), folder + "/" + name)
      do {
        if let ledger = try Self.ledger(id, path, askLimit: askLimit) { found[id] = ledger }
      } catch {
        damaged.append(Damage(id: id, path: path, reason: DecodingWords.reason(error, whole: "it")))
      }
    }
    ledgers = Guarded(found)
    self.damaged = damaged
  }

  /// Gives the folder back when no ledger will be asked any more: who else holds this object may do so until the process
  /// ends.
  func leave() { lock.withLock { $0 = nil } }

  /// The ledger of a journal; nil for one whose first line never got whole, which was never told to anyone. Throws
  /// ``ServerError/damagedLedger(path:line:)``, or `BudgetError` for a history that the limits do not allow.
  private static func ledger(_ id: String, _ path: String, askLimit: Int) throws -> Ledger? {
    let (journal, entries) = try LedgerJournal.open(path)
    guard let first = entries.first else { return nil }
    guard case .opened(let terms) = first, terms.id == id else { throw ServerError.damagedLedger(path: path, line: 1) }
    let ledger = Ledger(terms, journal, askLimit: askLimit)
    try ledger.replay(entries)
    return ledger
  }

  /// Opens a ledger for a question of an atlas; its id is random, and whoever knows it may use it.
  func open(_ atlas: ServedAtlas, _ lookup: Lookup, _ limits: BudgetLimits) throws -> Ledger {
    var random = SystemRandomNumberGenerator()
    let id = RunNumber(high: random.next(), low: random.next()).description
    let context = lookup.context
    let terms = LedgerTerms(
      id: id, atlas: atlas.name, atlasDigest: atlas.digest,
      question: LedgerTerms.Asked(
        space: context.space, dataset: context.dataset, protocolDigest: context.protocolDigest,
        metric: context.metric.name, split: context.split, epoch: context.epoch, seeds: context.seeds),
      limits: limits)
    return try ledgers.withLock { ledgers in
      guard ledgers.count < ledgerLimit else {
        throw Problem(
          .serviceUnavailable, "server.too_many_ledgers", "the server already has \(ledgerLimit) ledgers, its maximum",
          hint: "the operator can raise ledgers")
      }
      let journal = try LedgerJournal.create(folder + "/\(id).ledger", .opened(terms))
      let ledger = Ledger(terms, journal, askLimit: askLimit)
      ledgers[id] = ledger
      return ledger
    }
  }

  /// Every ledger, by id: nothing keeps the order in which they were opened.
  var all: [Ledger] { ledgers.withLock { $0.values.sorted { $0.terms.id < $1.terms.id } } }

  /// Throws a ``Problem`` for an id that no ledger has, and for a damaged one.
  func ledger(_ id: String) throws -> Ledger {
    guard let ledger = ledgers.withLock({ $0[id] }) else {
      if damaged.contains(where: { $0.id == id }) {
        throw Problem(
          .conflict, "server.damaged_ledger", "the journal of this ledger is damaged",
          hint: "open another ledger; the operator can restore the journal and restart the server")
      }
      throw Problem(
        .notFound, "server.unknown_ledger", "unknown ledger", hint: "open one with POST /v1/atlases/…/ledgers")
    }
    return ledger
  }
}
