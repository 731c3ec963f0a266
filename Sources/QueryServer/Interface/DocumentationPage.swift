import HTTPTypes
import Records
import WebPages

/// All operations on one page in the frame of the other pages, without scripts.
struct DocumentationPage {
  private let endpoints: [Endpoint]

  init(_ endpoints: [Endpoint]) { self.endpoints = endpoints }

  var html: String {
    let body = """
      <h1>HTTP interface of NASAtlas \(HTML.escaped(nasAtlasVersion))</h1>
      <p>For programs: <a href="/v1/openapi.json">/v1/openapi.json</a>. Errors are
      <code>application/problem+json</code> (RFC 9457) with a stable <code>code</code>, what is <code>allowed</code>, and
      a <code>hint</code>.</p>
      <nav aria-label="Operations"><ol class="contents">\(endpoints.map(entry).joined())</ol></nav>
      <div class="endpoints">\(endpoints.map(section).joined(separator: "\n"))</div>
      """
    return WebPages.plainPage(title: "API", link: "/docs", body: body)
  }

  private func anchor(_ endpoint: Endpoint) -> String {
    let path = endpoint.path.map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
    return endpoint.method.rawValue.lowercased() + path
  }

  private func entry(_ endpoint: Endpoint) -> String {
    "<li><a href=\"#\(anchor(endpoint))\"><code>\(endpoint.method.rawValue) \(HTML.escaped(endpoint.path))</code></a></li>"
  }

  private func section(_ endpoint: Endpoint) -> String {
    var text = "<section id=\"\(anchor(endpoint))\"><h2>\(endpoint.method.rawValue) \(HTML.escaped(endpoint.path))</h2>"
    text += "<p>\(Self.marked(endpoint.summary))</p>"
    if !endpoint.parameters.isEmpty {
      text += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Parameters\"><table>"
      text += "<thead><tr><th>parameter</th><th>value</th><th>meaning</th></tr></thead><tbody>"
      for parameter in endpoint.parameters {
        text += "<tr><td><code>\(HTML.escaped(parameter.name))</code>\(parameter.isRequired ? ", required" : "")</td>"
        text += "<td>\(HTML.escaped(parameter.words))</td><td>\(Self.marked(parameter.note))</td></tr>"
      }
      text += "</tbody></table></div>"
    }
    if let body = endpoint.body { text += "<p>Request body: \(Self.types(Array(body.content.keys))).</p>" }
    return text + "<p>Answer: \(Self.types(Array(endpoint.answer.keys))).</p></section>"
  }

  /// With what stands between backquotes as code.
  private static func marked(_ text: String) -> String {
    HTML.escaped(text).split(separator: "`", omittingEmptySubsequences: false).enumerated().map { place, part in
      place.isMultiple(of: 2) ? String(part) : "<code>\(part)</code>"
    }.joined()
  }

  private static func types(_ types: [String]) -> String {
    types.sorted().map { "<code>\(HTML.escaped($0))</code>" }.joined(separator: " or ")
  }
}

extension Parameter {
  /// What it may be, in words.
  fileprivate var words: String {
    switch kind {
    case .text: "text"
    case .number(let range, let value):
      "\(range.lowerBound) to \(range.upperBound)" + (value.map { ", default \($0)" } ?? "")
    case .flag: "true or false"
    case .choice(let choices): choices.joined(separator: ", ")
    }
  }
}
