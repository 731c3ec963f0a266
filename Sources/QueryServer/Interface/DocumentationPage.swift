import HTTPTypes
import Records
import WebPages

/// All operations on one page, without scripts and without anything from elsewhere.
struct DocumentationPage {
  private let endpoints: [Endpoint]

  init(_ endpoints: [Endpoint]) { self.endpoints = endpoints }

  var html: String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>NASAtlas: HTTP interface</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style>
    :root { color-scheme: light dark; }
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
    code, h2 { font-family: ui-monospace, monospace; } h2 { font-size: 1rem; overflow-wrap: anywhere; }
    section { border-top: 1px solid #8888; } table { border-collapse: collapse; width: 100%; }
    td, th { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; }
    </style></head><body>
    <h1>NASAtlas \(HTML.escaped(nasAtlasVersion)): HTTP interface</h1>
    <p>For programs: <a href="/v1/openapi.json">/v1/openapi.json</a>. Errors are
    <code>application/problem+json</code> (RFC 9457) with a stable <code>code</code>, what is <code>allowed</code>, and a
    <code>hint</code>.</p>
    \(endpoints.map(section).joined(separator: "\n"))
    </body></html>

    """
  }

  private func section(_ endpoint: Endpoint) -> String {
    var text = "<section><h2>\(endpoint.method.rawValue) \(HTML.escaped(endpoint.path))</h2>"
    text += "<p>\(HTML.escaped(endpoint.summary))</p>"
    if !endpoint.parameters.isEmpty {
      text += "<table><tr><th>parameter</th><th>values</th><th></th></tr>"
      for parameter in endpoint.parameters {
        text += "<tr><td><code>\(HTML.escaped(parameter.name))</code>\(parameter.isRequired ? ", required" : "")</td>"
        text += "<td>\(HTML.escaped(parameter.words))</td><td>\(HTML.escaped(parameter.note))</td></tr>"
      }
      text += "</table>"
    }
    if let body = endpoint.body { text += "<p>Accepts \(Self.types(Array(body.content.keys))).</p>" }
    return text + "<p>Returns \(Self.types(Array(endpoint.answer.keys))).</p></section>"
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
