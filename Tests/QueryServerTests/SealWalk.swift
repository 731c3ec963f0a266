import Foundation
import QueryServer
import Records

/// Asks a server for everything that it has, and remembers what told a secret.
final class SealWalk: Sendable {
  /// Every request has the token of `StudyAtlas.tokenFile("writer")`, so that refusals for lack of one hide nothing.
  static let token = ["Authorization": "Bearer writer"]

  struct Request {
    let method: String
    /// With `{ledger}` for a ledger of the server.
    let target: String
    var headers: [String: String] = [:]
    var body: [UInt8] = []
  }

  struct Result {
    var told: [String] = []
    /// Requests that ended with a fault of the server.
    var failed: [String] = []
    var answers = 0
    var refusals = 0
    var asked: Set<String> = []
    /// Pages without their query.
    var pages: Set<String> = []
  }

  private let finder: SecretFinder
  private let ledger: String
  private let state = Guarded(Result())
  var result: Result { state.withLock { $0 } }

  init(_ finder: SecretFinder, ledger: String) {
    self.finder = finder
    self.ledger = ledger
  }

  static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
  }

  @discardableResult
  func ask(_ request: Request, on wire: Wire) throws -> Wire.Reply {
    let target = request.target.replacing("{ledger}", with: ledger)
    let reply = try Wire.Connection(port: wire.port).ask(
      request.method, target, headers: Self.token.merging(request.headers) { $1 }, body: request.body)
    let name =
      "\(request.method) \(target) \(String(decoding: request.body.prefix(100), as: UTF8.self)) → \(reply.status)"
    let said = finder.found(in: reply.headers.values.joined(separator: "\n") + "\n" + reply.text)
    // What a request says may stand in the answer.
    let own = finder.found(in: (target.removingPercentEncoding ?? "") + String(decoding: request.body, as: UTF8.self))
    let isTold = !said.subtracting(own).isEmpty || finder.isTold(by: reply.body)
    state.withLock { state in
      if isTold { state.told.append("\(name): \(said)") }
      if reply.status >= 500 { state.failed.append("\(name): \(reply.text.prefix(300))") }
      if reply.status < 300 { state.answers += 1 } else { state.refusals += 1 }
      state.asked.insert(String(target.prefix { $0 != "?" }))
    }
    return reply
  }

  // MARK: Operations

  /// Each operation of the interface with nothing, with each value of each of its parameters, and with every metric on
  /// every split; also as HEAD, in ranges, as lines, and for a client that has it already.
  static func operations(_ atlas: SecretAtlas) throws -> [Request] {
    guard case .object(let document) = OpenAPI.document, case .object(let paths)? = document["paths"] else { return [] }
    var requests: [Request] = []
    for (path, operations) in paths.sorted(by: { $0.key < $1.key }) {
      // What a closed ledger tells is no secret any more.
      guard case .object(let methods) = operations, !path.hasSuffix("/close") else { continue }
      for (method, operation) in methods.sorted(by: { $0.key < $1.key }) {
        let parameters = Self.parameters(operation)
        for target in targets(path, atlas) {
          for query in queries(parameters, atlas) {
            for (type, body) in bodies(path, method.uppercased(), atlas) {
              let headers = type.map { ["Content-Type": $0] } ?? [:]
              requests.append(
                Request(method: method.uppercased(), target: target + query, headers: headers, body: body))
            }
          }
          guard method == "get" else { continue }
          for headers in [["Accept": "application/x-ndjson"], ["Range": "bytes=0-99999"], ["If-None-Match": "*"]] {
            requests.append(Request(method: "GET", target: target, headers: headers))
          }
          requests.append(Request(method: "HEAD", target: target))
        }
      }
    }
    return requests
  }

  private static func parameters(_ operation: JSONValue) -> [String] {
    guard case .object(let members) = operation, case .array(let parameters)? = members["parameters"] else { return [] }
    return parameters.compactMap { parameter in
      guard case .object(let members) = parameter, members["in"] == .string("query"),
        case .string(let name)? = members["name"]
      else { return nil }
      return name
    }
  }

  private static func targets(_ path: String, _ atlas: SecretAtlas) -> [String] {
    let text = encoded(atlas.architectures[0].text)
    let named = path.replacing("{atlas}", with: "secret").replacing("{space}", with: "nasbench201")
      .replacing("{architecture}", with: text)
    return named.contains("{quantity}") ? (0..<14).map { named.replacing("{quantity}", with: "\($0)") } : [named]
  }

  private static func values(_ parameter: String, _ atlas: SecretAtlas) -> [String] {
    let fields = SecretAtlas.withheld + SecretAtlas.withheldScores + SecretAtlas.shown
    switch parameter {
    case "architecture": return atlas.architectures.prefix(2).map(\.text) + ["nats:3", "nothing"]
    case "place": return ["0", "99"]
    case "space": return ["nasbench201", "other"]
    case "dataset": return ["cifar10", "cifar100", "test-set"]
    case "protocol": return ["short", "long"]
    case "metric": return ["accuracy_percent", "test_acc", "latest_acc", "accuracy", "test_error"]
    case "split": return ["train", "validation", "test", "valtest", "other"]
    case "epoch": return ["best", "last", "1", "2", "99", "best-so-far", "best-so-far:2"]
    case "seed": return ["mean", "all", "0", "2", "99"]
    case "predict": return ["true"]
    case "where":
      return fields.flatMap { ["\($0) > 95", "\($0) is present and \($0) != 'a'"] } + ["status = 1", "parameters >"]
    case "by", "objective": return fields.flatMap { [$0, "\($0):min", "\($0):max"] }
    case "show", "field": return fields
    default: return ["1", "secret", "test", "95.5"]
    }
  }

  private static func queries(_ parameters: [String], _ atlas: SecretAtlas) -> [String] {
    var queries: Set<String> = [""]
    let architecture = parameters.contains("architecture") ? [("architecture", atlas.architectures[0].text)] : []
    func add(_ pairs: [(String, String)]) {
      let names = pairs.map(\.0)
      let base = architecture.filter { !names.contains($0.0) && !names.contains("place") }
      queries.insert("?" + (base + pairs).map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&"))
    }
    let hasDataset = parameters.contains("dataset")
    for dataset in hasDataset ? ["cifar10", "cifar100"] : [""] {
      let own = hasDataset ? [("dataset", dataset)] : []
      add(own)
      for parameter in parameters where parameter != "dataset" {
        for value in values(parameter, atlas) {
          add(own + [(parameter, value)])
          guard parameter == "metric", parameters.contains("split") else { continue }
          for split in ["train", "validation", "test", "valtest"] { add(own + [(parameter, value), ("split", split)]) }
        }
      }
      if parameters.contains("objective") {
        for field in SecretAtlas.withheld { add(own + [("objective", "parameters"), ("objective", field)]) }
      }
      if parameters.contains("predict") { add(own + [("predict", "true"), ("split", "test")]) }
    }
    return queries.sorted()
  }

  private static func bodies(_ path: String, _ method: String, _ atlas: SecretAtlas) -> [(String?, [UInt8])] {
    guard method == "POST" else { return [(nil, [])] }
    let texts = atlas.architectures.map(\.text)
    let list = texts.map { "\"\($0)\"" }.joined(separator: ",")
    let zeros = texts.map { _ in "0" }.joined(separator: ",")
    let json: [String] =
      switch path.split(separator: "/").last ?? "" {
      // One alone has its value as the other side of the regret.
      case "evaluate":
        [
          "{\"architectures\":[\(list)],\"predictions\":[\(zeros)]}",
          "{\"architectures\":[\"\(texts[0])\"],\"predictions\":[0],\"deviations\":[1]}",
        ]
      case "ask":
        ["best", "last", "2", "best-so-far"].map { "{\"architecture\":\"\(texts[1])\",\"epoch\":\"\($0)\"}" }
      case "ledgers": ["{\"queries\":5}"]
      default: ["{\"architectures\":[\(list)]}", "{}"]
      }
    let places = texts.indices.flatMap { index in withUnsafeBytes(of: UInt32(index).littleEndian) { Array($0) } }
    return json.map { ("application/json", Array($0.utf8)) } + [("application/vnd.nasatlas.batch", places)]
  }

  // MARK: Pages

  /// Follows every link of every page, and asks each page for everything that is withheld.
  func crawl(from start: String, on wire: Wire) throws {
    var waiting = [
      start, "/ledgers", "/ledgers/{ledger}", "/ledgers/{ledger}/charts/epochs", "/docs", "/search?q=nats:0",
      "/search?q=cifar",
    ]
    var seen: Set<String> = Set(waiting)
    var tried: Set<String> = []
    while let target = waiting.popLast() {
      let reply = try ask(Request(method: "GET", target: target), on: wire)
      let path = String(target.prefix { $0 != "?" })
      state.withLock { _ = $0.pages.insert(path) }
      if path.hasPrefix("/atlases/"), tried.insert(path).inserted {
        for query in Self.pageQueries { try ask(Request(method: "GET", target: path + query), on: wire) }
      }
      guard reply.headers["content-type"]?.hasPrefix("text/html") == true else { continue }
      for link in Self.links(reply.text) where link.hasPrefix("/") && !link.hasPrefix("/v1") {
        // Pages of one path differ by what they are asked, of which the queries above have everything: a few of each.
        let count = seen.count { $0.prefix { $0 != "?" } == link.prefix { $0 != "?" } }
        if count < 12, seen.insert(link).inserted { waiting.append(link) }
      }
    }
  }

  private static let pageQueries: [String] = {
    let architecture = "a=\(encoded("nats:0"))&a=\(encoded("nats:1"))"
    var queries: Set<String> = ["?\(architecture)", "?\(architecture)&measure=accuracy_percent.test"]
    for dataset in ["cifar10", "cifar100"] {
      let setting = "?setting=\(encoded("\(dataset) under short"))&\(architecture)"
      queries.insert(setting)
      for measure in [
        "accuracy_percent.test", "accuracy_percent.valtest", "test_acc.validation", "test_acc.train",
        "accuracy_percent.train", "latest_acc.validation",
      ] {
        for epoch in ["", "&epoch=2"] { queries.insert("\(setting)&measure=\(measure)\(epoch)") }
      }
      for field in SecretAtlas.withheld + SecretAtlas.withheldScores {
        queries.insert("\(setting)&sort=\(encoded(field))")
        queries.insert("\(setting)&where=\(encoded("\(field) > 95"))")
        queries.insert("\(setting)&show=\(encoded(field))")
      }
      for field in SecretAtlas.shown {
        queries.insert("\(setting)&sort=\(encoded(field))&against=\(encoded(field))&show=\(encoded(field))")
      }
    }
    return queries.sorted()
  }()

  /// What attributes of a page lead to.
  private static func links(_ html: String) -> [String] {
    ["href=\"", "src=\"", "action=\"", "data-chart=\""].flatMap { attribute in
      html.components(separatedBy: attribute).dropFirst().map { rest in
        String(rest.prefix { $0 != "\"" }).replacing("&amp;", with: "&").replacing("&#39;", with: "'")
      }
    }
  }
}
