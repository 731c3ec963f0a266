import Mustache

/// The frame of every page, and the templates of their bodies.
enum Layout {
  static let library: MustacheLibrary = {
    var library = MustacheLibrary()
    for (name, text) in [
      ("layout", layout), ("home", HomeTemplate.text), ("atlas", AtlasTemplate.text),
      ("architecture", ArchitectureTemplate.text), ("compare", CompareTemplate.text),
      ("surrogates", SurrogatesTemplate.text), ("search", SearchTemplate.text),
      ("measurements", MeasurementsTemplate.text), ("measured architecture", MeasurementsTemplate.architecture),
      ("ledgers", LedgerTemplate.entry), ("ledger", LedgerTemplate.text), ("error", ErrorTemplate.text),
      ("chart", chart), ("cards", cards), ("question", AtlasTemplate.form), ("entry", entry), ("legend", legend),
    ] {
      do {
        library.register(try MustacheTemplate(string: text), named: name)
      } catch {
        preconditionFailure("invalid template \(name): \(error)")
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
    let search: String
    let body: String
    let isScripted: Bool
  }

  /// The page whose body `view` fills in. `search` is what the search box holds.
  static func page(
    _ template: String, _ view: some Any, title: String, crumbs: [Crumb] = [], search: String = "", status: Int = 200
  ) -> Page {
    let body = library.render(view, withTemplate: template) ?? ""
    return Page(frame(title: title, crumbs: crumbs, search: search, body: body), status: status)
  }

  /// A body in the frame of every page.
  static func frame(
    title: String, crumbs: [Crumb], search: String = "", body: String, isScripted: Bool = true
  ) -> String {
    let frame = Frame(title: title, crumbs: crumbs, search: search, body: body, isScripted: isScripted)
    return library.render(frame, withTemplate: "layout") ?? ""
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
    {{#isScripted}}<noscript><style>.plot,.tools{display:none}</style></noscript>
    <script src="/assets/charts.js" defer></script>
    <script src="/assets/page.js" defer></script>{{/isScripted}}
    </head>
    <body>
    <a class="skip" href="#content">To the content</a>
    <header><nav aria-label="Place"><ol>
    <li><a href="/" class="home">NASAtlas</a></li>
    {{#crumbs}}<li><a href="{{link}}">{{label}}</a></li>
    {{/crumbs}}</ol></nav>
    <form class="search" role="search" action="/search"><input type="search" name="q" value="{{search}}" required \#
    aria-label="Search for a name or an id" placeholder="name, id or its first digits" spellcheck="false" \#
    autocomplete="off" maxlength="500"><button>Search</button></form>
    <nav aria-label="Further"><a href="/ledgers">Ledgers</a> <a href="/docs">API</a></nav></header>
    <main id="content">
    {{{body}}}
    </main>
    </body>
    </html>
    """#

  private static let chart = #"""
    <figure class="chart" data-chart="{{source}}"{{#isLive}} data-live="yes"{{/isLive}} data-zoom="{{zoom}}"\#
    {{#fieldX}} data-x="{{fieldX}}"{{/fieldX}}{{#fieldY}} data-y="{{fieldY}}"{{/fieldY}}{{#open}} data-open="{{open}}"{{/open}}>\#
    <div class="plot" role="img" aria-label="{{label}}" style="height:{{height}}px"><p class="loading">Loading the chart…</p></div><div class="tools"></div>
    <noscript>{{#still}}{{{still}}}{{/still}}{{^still}}<p class="small">{{label}}: this chart needs JavaScript.</p>{{/still}}</noscript>
    <figcaption>{{caption}} <a href="{{source}}" download>chart as Vega-Lite</a></figcaption></figure>
    """#

  /// An architecture in a list: its drawing, its short name, and its text where there is room.
  private static let entry = #"""
    {{#architecture}}<a class="entry" href="{{link}}" title="{{text}}">{{#glyph}}{{{glyph}}}{{/glyph}}<span><code>{{short}}</code>\#
    {{#isLong}}<small>{{text}}</small>{{/isLong}}</span></a>{{/architecture}}
    """#

  private static let legend = #"""
    <p class="legend small">{{#barLegend}}A bar for each choice: {{barLegend}}.{{/barLegend}}{{#legend}}\#
    <span><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><circle class="{{style}}" cx="6" cy="6" r="5"/></svg> \#
    {{label}}</span> {{/legend}}</p>
    """#

  private static let cards = #"""
    {{#sources}}<article class="card"><h3>{{title}}</h3>
    {{#citation}}<p><strong>Cite</strong> {{citation}}</p>{{/citation}}
    <dl>{{#version}}<dt>Version</dt><dd>{{version}}</dd>{{/version}}{{#origin}}<dt>Origin</dt><dd>{{origin}}</dd>{{/origin}}\#
    {{#license}}<dt>License</dt><dd>{{license}}</dd>{{/license}}</dl>
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
  /// Pixels that its place has from the first paint on.
  var height = 340
  /// The axes that zoom: `x`, `xy` or nothing.
  var zoom = ""
  /// The fields on the axes, by which a brushed region filters; nil for axes that filter nothing.
  var fieldX: String?
  var fieldY: String?
  /// The address that a click on a mark opens, with the architecture behind it.
  var open: String?
  /// A drawing for readers without scripts.
  var still: String?
}
