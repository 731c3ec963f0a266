import Mustache

/// The frame of every page, and the templates of their bodies.
enum Layout {
  static let library: MustacheLibrary = {
    var library = MustacheLibrary()
    for (name, text) in [
      ("layout", layout), ("home", HomeTemplate.text), ("atlas", AtlasTemplate.text),
      ("architecture", ArchitectureTemplate.text), ("compare", CompareTemplate.text),
      ("surrogates", SurrogatesTemplate.text),
      ("ledgers", LedgerTemplate.entry), ("ledger", LedgerTemplate.text), ("error", ErrorTemplate.text),
      ("chart", chart), ("cards", cards),
    ] {
      do {
        library.register(try MustacheTemplate(string: text), named: name)
      } catch {
        preconditionFailure("the template \(name) is invalid: \(error)")
      }
    }
    return library
  }()

  struct Crumb {
    let label: String
    let link: String
  }

  private struct Frame {
    let title: String
    let crumbs: [Crumb]
    let body: String
  }

  /// The page whose body `view` fills in.
  static func page(_ template: String, _ view: some Any, title: String, crumbs: [Crumb] = [], status: Int = 200) -> Page
  {
    let body = library.render(view, withTemplate: template) ?? ""
    let frame = Frame(title: title, crumbs: crumbs, body: body)
    return Page(library.render(frame, withTemplate: "layout") ?? "", status: status)
  }

  private static let layout = #"""
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{{title}} · NASAtlas</title>
    <link rel="stylesheet" href="/assets/page.css">
    <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
    <script src="/assets/charts.js" defer></script>
    <script src="/assets/page.js" defer></script>
    </head>
    <body>
    <a class="skip" href="#content">To the content</a>
    <header><nav aria-label="Place"><ol>
    <li><a href="/" class="home">NASAtlas</a></li>
    {{#crumbs}}<li><a href="{{link}}">{{label}}</a></li>
    {{/crumbs}}</ol></nav><nav aria-label="Further"><a href="/ledgers">Ledgers</a> <a href="/docs">API</a></nav></header>
    <main id="content">
    {{{body}}}
    </main>
    </body>
    </html>
    """#

  private static let chart = #"""
    <figure class="chart" data-chart="{{source}}"{{#isLive}} data-live="yes"{{/isLive}}><div class="plot" role="img" aria-label="{{label}}"></div>
    <figcaption>{{caption}} <a href="{{source}}" download>chart as Vega-Lite</a></figcaption></figure>
    """#

  private static let cards = #"""
    {{#sources}}<article class="card"><h3>{{title}}</h3>
    {{#citation}}<p><strong>Cite</strong> {{citation}}</p>{{/citation}}
    <dl>{{#version}}<dt>Version</dt><dd>{{version}}</dd>{{/version}}<dt>Origin</dt><dd>{{origin}}</dd>\#
    {{#licence}}<dt>License</dt><dd>{{licence}}</dd>{{/licence}}</dl>
    {{#hasRemarks}}<details><summary>Remarks</summary><ul>{{#remarks}}<li>{{.}}</li>{{/remarks}}</ul></details>{{/hasRemarks}}
    </article>
    {{/sources}}
    """#
}

/// A chart on a page: where its specification is, and what it shows in words.
struct ChartView {
  let source: String
  let label: String
  let caption: String
  /// Whether what it draws may change while one looks.
  var isLive = false
}
