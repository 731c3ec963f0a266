enum HomeTemplate {
  static let text = #"""
    <h1>Atlases</h1>
    <p class="lead">Tables of trained neural architectures. Choose one to explore it, or query them
    <a href="/docs">over HTTP</a> and from Python.</p>
    {{^atlases}}<p>This server has no atlas. Start it with <code>nasatlas serve FILE.atlas</code>.</p>{{/atlases}}
    <div class="cards">{{#atlases}}
    <article class="card"><h2><a href="{{link}}">{{name}}</a></h2>
    {{#title}}<p>{{title}}</p>{{/title}}
    {{#isSealed}}<p class="badge">Sealed: test values appear when a ledger is closed.</p>{{/isSealed}}
    {{#glance}}{{#histogram}}{{{histogram}}}<p class="small">{{measure}}</p>{{/histogram}}
    {{#best}}<p class="best">{{#glyph}}{{{glyph}}}{{/glyph}}<span>Best <strong>{{value}}</strong>: <a href="{{link}}">{{short}}</a><br>\#
    <span class="small">{{words}}</span></span></p>{{/best}}
    <p class="small">{{making}}</p>{{/glance}}
    <dl><dt>Architectures</dt><dd>{{architectures}}</dd><dt>Runs</dt><dd>{{runs}}</dd>
    {{#measurements}}<dt>Measurements</dt><dd>{{measurements}}</dd>{{/measurements}}<dt>Data sets</dt><dd>{{datasets}}</dd>
    <dt>Spaces</dt><dd>{{spaces}}</dd><dt>Digest</dt><dd><code>{{digest}}</code></dd></dl>
    {{#citations}}<p class="small"><strong>Cite</strong> {{.}}</p>{{/citations}}
    {{^citations}}<p class="small">Its sources state no citation.</p>{{/citations}}
    </article>{{/atlases}}</div>
    """#
}

enum SearchTemplate {
  static let text = #"""
    <h1>Search</h1>
    {{#isEmpty}}<p class="empty">{{#asked}}Nothing is called <code>{{asked}}</code>, and no id begins with it.{{/asked}}\#
    {{^asked}}Write a name or an id into the box above.{{/asked}}</p>
    <p>Atlases and data sets are found by parts of their names. Architectures are found by a text that the space reads,
    a number of a published table, an id, or three or more first digits of an id. Examples:</p>
    <ul>{{#hints}}<li><code>{{.}}</code></li>{{/hints}}</ul>{{/isEmpty}}
    {{#hasPlaces}}<h2>Names</h2><ul>{{#places}}<li><a href="{{link}}">{{label}}</a> <span class="small">{{note}}</span></li>{{/places}}</ul>{{/hasPlaces}}
    {{#groups}}<section><h2>Architectures of <a href="{{link}}">{{name}}</a></h2><ul class="found">{{#entries}}<li>{{> entry}}</li>
    {{/entries}}</ul></section>{{/groups}}
    """#
}

enum AtlasTemplate {
  static let text = #"""
    <h1>{{name}}</h1>
    {{#title}}<p class="lead">{{title}}</p>{{/title}}
    {{#form}}{{> question}}{{/form}}
    <p id="summary">{{summary}}{{#whole}} <a href="{{whole}}">Show all</a>{{/whole}}</p>
    <div class="charts pair">{{#charts}}{{> chart}}{{/charts}}</div>
    <dl class="facets">{{#facets}}<dt>{{name}}</dt><dd>{{#parts}}<a href="{{link}}">{{label}}</a> <span class="small">{{count}}</span> {{/parts}}</dd>{{/facets}}</dl>
    <section id="rows"><h2>Architectures</h2>
    {{#empty}}<p class="empty">{{empty}} {{#whole}}<a href="{{whole}}">Show all</a>{{/whole}}</p>{{/empty}}
    <form method="get" action="{{path}}/compare">
    <input type="hidden" name="setting" value="{{setting}}"><input type="hidden" name="measure" value="{{measure}}">
    <div class="scroll" tabindex="0" role="region" aria-label="Table of architectures"><table class="ranking">
    <thead><tr><th scope="col"><span class="hidden">Compare</span></th><th scope="col" class="number">rank</th>\#
    <th scope="col" class="name">architecture</th>\#
    {{#columns}}<th scope="col" class="number"{{#order}} aria-sort="{{order}}"{{/order}}><a href="{{link}}">{{label}}</a></th>{{/columns}}</tr></thead>
    <tbody>{{#rows}}<tr><td><input type="checkbox" name="a" value="{{#architecture}}{{text}}{{/architecture}}" \#
    aria-label="Compare {{#architecture}}{{short}}{{/architecture}}"></td>\#
    <td class="number">{{rank}}</td><td class="name">{{> entry}}</td>{{#cells}}<td class="number">{{.}}</td>{{/cells}}</tr>
    {{/rows}}</tbody></table></div>
    {{> legend}}
    <p class="actions"><button>Compare the chosen</button>
    {{#before}}<a rel="prev" href="{{before}}">← previous</a>{{/before}} <span>{{place}}</span>
    {{#next}}<a rel="next" href="{{next}}">next →</a>{{/next}}</p></form>
    <p class="actions">All rows: <a href="{{csv}}" download>CSV</a> <a href="{{json}}">JSON</a>
    <a href="{{ndjson}}">NDJSON of the atlas</a> <a href="{{path}}/surrogates">Surrogates</a></p>
    <details class="copy"><summary>The same with curl</summary><pre><code>{{curl}}</code></pre></details>
    {{#python}}<details class="copy"><summary>The same in Python</summary><pre><code>{{.}}</code></pre></details>{{/python}}
    </section>
    {{#relations}}<section class="relations"><h2>How alike settings rank</h2>{{> chart}}</section>{{/relations}}
    <section><h2>What to cite</h2><div class="cards">{{> cards}}</div></section>
    """#

  static let form = #"""
    <form class="question" id="question" method="get" action="{{path}}">
    <label>Setting <select name="setting">{{#settings}}<option value="{{value}}" {{#isChosen}}selected{{/isChosen}}>{{label}}</option>{{/settings}}</select></label>
    <label>Measure <select name="measure">{{#measures}}<option value="{{value}}" {{#isChosen}}selected{{/isChosen}}>{{label}}</option>{{/measures}}</select></label>
    {{#hasCosts}}<label>Against <select name="against">{{#costs}}<option value="{{value}}" {{#isChosen}}selected{{/isChosen}}>{{label}}</option>{{/costs}}</select></label>{{/hasCosts}}
    <label class="wide">Only where <input name="where" value="{{condition}}" placeholder="{{example}}" spellcheck="false" autocomplete="off"></label>
    <button>Show</button>
    {{#kept}}<input type="hidden" name="show" value="{{.}}">{{/kept}}
    </form>
    <details class="chooser"><summary>Columns ({{columnCount}})</summary><form method="get" action="{{path}}"><fieldset>
    <legend class="hidden">Columns of the table</legend>
    <input type="hidden" name="setting" value="{{setting}}"><input type="hidden" name="measure" value="{{measure}}">\#
    <input type="hidden" name="against" value="{{against}}"><input type="hidden" name="where" value="{{condition}}">
    {{#columns}}<label class="tick"><input type="checkbox" name="show" value="{{value}}" {{#isChosen}}checked{{/isChosen}}> {{label}}</label>
    {{/columns}}<button>Show these columns</button></fieldset></form></details>
    <form class="question" method="get" action="{{path}}/architecture">
    <input type="hidden" name="setting" value="{{setting}}"><input type="hidden" name="measure" value="{{measure}}">
    <label class="wide">Architecture <input name="a" value="{{architecture}}" required placeholder="{{exampleArchitecture}}" spellcheck="false" autocomplete="off"></label>
    <button>Open</button>
    </form>
    """#
}

enum MeasurementsTemplate {
  static let text = #"""
    <h1>{{name}}</h1>
    {{#title}}<p class="lead">{{title}}</p>{{/title}}
    {{#withheld}}<p class="badge">{{withheld}} <a href="/ledgers">Open a ledger</a></p>{{/withheld}}
    <p id="summary">{{summary}}</p>
    {{#hasQuantities}}<form class="question" id="question" method="get" action="{{path}}">
    <input type="hidden" name="space" value="{{space}}">
    <label>Quantity <select name="by">{{#options}}<option value="{{value}}" {{#isChosen}}selected{{/isChosen}}>{{label}}</option>{{/options}}</select></label>
    <label>Order <select name="order"><option value="">smallest first</option>\#
    <option value="reversed" {{#isReversed}}selected{{/isReversed}}>largest first</option></select></label>
    <label class="wide">Only where <input name="where" value="{{condition}}" spellcheck="false" autocomplete="off"></label>
    <button>Show</button></form>
    {{#histogram}}<figure>{{{histogram}}}<figcaption class="small">{{caption}}</figcaption></figure>{{/histogram}}
    <section id="rows"><h2>Architectures</h2>
    {{#isEmpty}}<p class="empty">No architecture passes the filter. Widen its limits, or remove a condition.</p>{{/isEmpty}}
    <div class="scroll" tabindex="0" role="region" aria-label="Table of architectures"><table class="ranking">
    <thead><tr><th scope="col" class="number">rank</th><th scope="col" class="name">architecture</th>\#
    {{#columns}}<th scope="col" class="number">{{.}}</th>{{/columns}}</tr></thead>
    <tbody>{{#rows}}<tr><td class="number">{{rank}}</td><td class="name">{{> entry}}</td>{{#cells}}<td class="number">{{.}}</td>{{/cells}}</tr>
    {{/rows}}</tbody></table></div>
    {{> legend}}
    <p class="actions">{{#before}}<a rel="prev" href="{{before}}">← previous</a>{{/before}} <span>{{place}}</span>
    {{#next}}<a rel="next" href="{{next}}">next →</a>{{/next}}</p></section>
    <section><h2>Measurements</h2><div class="scroll" tabindex="0" role="region" aria-label="Quantities"><table>
    <thead><tr><th scope="col">quantity</th><th scope="col">data set</th><th scope="col" class="number">architectures</th>\#
    <th scope="col" class="number">smallest</th><th scope="col" class="number">largest</th></tr></thead>
    <tbody>{{#quantities}}<tr><th scope="row"><a href="{{link}}">{{label}}</a></th><td>{{dataset}}</td><td class="number">{{count}}</td>\#
    <td class="number">{{smallest}}</td><td class="number">{{largest}}</td></tr>
    {{/quantities}}</tbody></table></div></section>{{/hasQuantities}}
    <section><h2>What to cite</h2><div class="cards">{{> cards}}</div></section>
    """#

  static let architecture = #"""
    <h1>{{short}}</h1>
    {{#isLong}}<p class="lead"><code>{{text}}</code></p>{{/isLong}}
    <div class="columns facts"><section><h2>Drawing</h2>
    {{#drawing}}<div class="scroll" tabindex="0" role="region" aria-label="Drawing">{{{drawing}}}</div>{{/drawing}}
    {{> legend}}
    {{^drawing}}<p>This space has no drawing.</p>{{/drawing}}</section>
    <section><h2>Measurements</h2>
    {{#hasMeasurements}}<dl>{{#measurements}}<dt>{{label}}</dt><dd>{{value}}</dd>{{/measurements}}</dl>{{/hasMeasurements}}
    {{^hasMeasurements}}<p>The atlas shows no measurement of this architecture.</p>{{/hasMeasurements}}
    <h2>Names</h2><dl>{{#names}}<dt>{{label}}</dt><dd><code>{{value}}</code></dd>{{/names}}</dl></section></div>
    """#
}

enum ArchitectureTemplate {
  static let text = #"""
    <h1>{{short}}</h1>
    {{#isLong}}<p class="lead"><code>{{text}}</code></p>{{/isLong}}
    <p class="headline">{{summary}}</p>
    <div class="columns facts"><section><h2>Drawing</h2>
    {{#drawing}}<div class="scroll" tabindex="0" role="region" aria-label="Drawing">{{{drawing}}}</div>{{/drawing}}
    {{> legend}}
    {{#hasChoices}}<dl>{{#drawnChoices}}<dt>{{label}}</dt><dd><code>{{value}}</code></dd>{{/drawnChoices}}</dl>{{/hasChoices}}
    {{^drawing}}<p>This space has no drawing.</p>{{/drawing}}</section>
    <section><h2>Values</h2>{{#values}}
    {{#hasValues}}<div class="scroll" tabindex="0" role="region" aria-label="Values by metric and split"><table>
    <thead><tr><th scope="col">setting</th><th scope="col">metric</th>{{#splits}}<th scope="col" class="number">{{.}}</th>{{/splits}}<th scope="col" class="number">mean of</th></tr></thead>
    <tbody>{{#rows}}<tr><th scope="row">{{setting}}</th><td><a href="{{link}}"{{#isCurrent}} aria-current="true"{{/isCurrent}}>{{metric}}</a></td>\#
    {{#cells}}<td class="number">{{.}}</td>{{/cells}}<td class="number">{{runs}}</td></tr>
    {{/rows}}</tbody></table></div>
    <details><summary>Every run: {{runCount}}</summary><div class="scroll" tabindex="0" role="region" aria-label="Final values"><table>
    <thead><tr><th scope="col">setting</th><th scope="col">seed</th><th scope="col">status</th>\#
    {{#measures}}<th scope="col" class="number">{{.}}</th>{{/measures}}</tr></thead>
    <tbody>{{#runs}}<tr><td>{{setting}}</td><td>{{seed}}</td><td>{{status}}</td>{{#cells}}<td class="number">{{.}}</td>{{/cells}}</tr>
    {{/runs}}</tbody></table></div></details>{{/hasValues}}
    {{^hasValues}}<p>The atlas has no run of this architecture.</p>{{/hasValues}}{{/values}}
    <dl>{{#traits}}<dt>{{label}}</dt><dd>{{value}}</dd>{{/traits}}</dl>
    {{#prediction}}<h2>Prediction</h2>{{{drawing}}}<p>{{words}}</p>{{/prediction}}
    </section></div>
    <div class="charts pair">{{#charts}}{{> chart}}{{/charts}}</div>
    <div class="columns">{{#hasNeighbors}}<section><h2>Neighbors</h2><p>{{neighborSummary}}</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Neighbors"><table class="ranking">
    <thead><tr><th scope="col" class="name">neighbor</th><th scope="col" class="number">{{measure}}</th><th scope="col" class="number">change</th></tr></thead>
    <tbody>{{#neighbors}}<tr><td class="name">{{> entry}}</td><td class="number">{{value}}</td><td class="number">{{change}}</td></tr>
    {{/neighbors}}</tbody></table>
    {{#hasMore}}<details><summary>{{moreSummary}}</summary><table class="ranking"><tbody>{{#more}}<tr><td class="name">{{> entry}}</td>\#
    <td class="number">{{value}}</td><td class="number">{{change}}</td></tr>{{/more}}</tbody></table></details>{{/hasMore}}
    </div></section>{{/hasNeighbors}}
    <section><h2>Names</h2><dl>{{#names}}<dt>{{label}}</dt><dd><code>{{value}}</code></dd>{{/names}}</dl>
    {{#hasGroups}}<h2>{{vectorName}}</h2><ul class="slots">{{#groups}}<li><b>{{name}}</b>{{#slots}}<i{{#isOn}} class="on"{{/isOn}}>{{label}}</i>{{/slots}}</li>
    {{/groups}}</ul><p class="small">One box per slot, in their order; filled is 1.</p>{{/hasGroups}}
    <details class="copy"><summary>The same with curl</summary><pre><code>{{curl}}</code></pre></details>
    <details class="copy"><summary>The same in Python</summary><pre><code>{{python}}</code></pre></details>
    </section></div>
    """#
}

enum CompareTemplate {
  static let text = #"""
    <h1>Compare</h1>
    <p class="lead">{{summary}}</p>
    <form class="question" method="get" action="{{path}}">
    {{#hidden}}<input type="hidden" name="{{label}}" value="{{value}}">{{/hidden}}
    <label class="wide">Add an architecture <input name="a" spellcheck="false" autocomplete="off" required></label><button>Add</button>
    </form>
    <div class="scroll" tabindex="0" role="region" aria-label="Values"><table class="ranking">
    <thead><tr><th scope="col" class="name">architecture</th>{{#columns}}<th scope="col" class="number">{{.}}</th>{{/columns}}\#
    <th scope="col" class="number">mean of</th><th scope="col"><span class="hidden">Remove</span></th></tr></thead>
    <tbody>{{#rows}}<tr><td class="name">{{> entry}}</td>{{#cells}}<td class="number">{{.}}</td>{{/cells}}<td class="number">{{runs}}</td>\#
    <td><a href="{{without}}" aria-label="Remove {{#architecture}}{{short}}{{/architecture}}">remove</a></td></tr>
    {{/rows}}</tbody></table></div>
    {{> legend}}
    {{#noCurves}}<p class="empty">{{noCurves}}</p>{{/noCurves}}
    <div class="charts">{{#charts}}{{> chart}}{{/charts}}</div>
    """#
}

enum SurrogatesTemplate {
  static let text = #"""
    <h1>Surrogates of {{name}}</h1>
    <p class="lead">Predictors fitted to this atlas. They answer for architectures without a run.</p>
    {{^surrogates}}<p>There is no surrogate yet. Fit one:</p><pre><code>{{command}}</code></pre>{{/surrogates}}
    {{#surrogates}}<section><h2>{{subject}}</h2><p>{{summary}}</p>
    <div class="charts">{{#charts}}{{> chart}}{{/charts}}</div>
    <div class="scroll" tabindex="0" role="region" aria-label="Figures of held-out predictions"><table>
    <thead><tr><th scope="col">held-out architectures</th>{{#titles}}<th scope="col" class="number">{{.}}</th>{{/titles}}</tr></thead>
    <tbody>{{#strata}}<tr><td>{{label}}</td>{{#cells}}<td class="number">{{.}}</td>{{/cells}}</tr>{{/strata}}</tbody></table></div>
    </section>{{/surrogates}}
    """#
}

enum LedgerTemplate {
  static let entry = #"""
    <h1>Ledgers</h1>
    <p class="lead">A ledger is the budget of one search: opened over HTTP, charged once per answer. Its id opens it.</p>
    <form class="question" method="get" action="/ledgers">
    <label class="wide">Id <input name="id" required spellcheck="false" autocomplete="off"></label><button>Open</button>
    </form>
    {{^keepsLedgers}}<p class="empty">This server keeps no ledgers. Start it with <code>--set state-folder=FOLDER</code>.</p>{{/keepsLedgers}}
    {{#keepsLedgers}}<section><h2>Ledgers of this server</h2>
    {{#isEmpty}}<p class="empty">Nobody has opened a ledger yet. The example below opens one.</p>{{/isEmpty}}
    {{^isEmpty}}<div class="scroll" tabindex="0" role="region" aria-label="Ledgers"><table>
    <thead><tr><th scope="col">id begins with</th><th scope="col">atlas</th><th scope="col">question</th><th scope="col" class="number">queries</th><th scope="col">state</th></tr></thead>
    <tbody>{{#ledgers}}<tr><td><code>{{digits}}…</code></td><td>{{atlas}}</td><td>{{subject}}</td><td class="number">{{spent}}</td><td>{{state}}</td></tr>
    {{/ledgers}}</tbody></table></div>
    <p class="small">A whole id lets its reader spend the budget, so this list has the first digits alone.</p>{{/isEmpty}}</section>{{/keepsLedgers}}
    {{#curl}}<section><h2>Example</h2><details class="copy" open><summary>With curl</summary><pre><code>{{.}}</code></pre></details>{{/curl}}
    {{#python}}<details class="copy" open><summary>In Python</summary><pre><code>{{.}}</code></pre></details></section>{{/python}}
    <p>All operations: <a href="/docs">the HTTP interface</a>.</p>
    """#

  static let text = #"""
    <h1>Ledger <code>{{id}}</code></h1>
    <p class="lead">{{subject}}</p>
    {{#report}}<p><strong>Closed.</strong> {{report}}</p>{{/report}}
    <dl>{{#budget}}<dt>{{label}}</dt><dd>{{value}}</dd>{{/budget}}<dt>Answers</dt><dd>{{count}}</dd><dt>Best so far</dt><dd>{{best}}</dd></dl>
    <div class="charts">{{#charts}}{{> chart}}{{/charts}}</div>
    <section><h2>Answers</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Answers, the last first"><table>
    <thead><tr><th scope="col" class="number">answer</th><th scope="col">architecture</th><th scope="col" class="number">value</th><th scope="col" class="number">epochs spent</th></tr></thead>
    <tbody>{{#steps}}<tr><td class="number">{{number}}</td><td><a href="{{link}}"><code>{{text}}</code></a></td><td class="number">{{value}}</td><td class="number">{{spent}}</td></tr>
    {{/steps}}</tbody></table></div></section>
    """#
}

enum ErrorTemplate {
  static let text = #"""
    <h1>{{heading}}</h1>
    <div class="fault" role="alert"><p>{{message}}</p>
    {{#remedy}}<p>{{remedy}}</p>{{/remedy}}
    <p class="small"><code>{{code}}</code></p></div>
    {{#form}}{{> question}}{{/form}}
    {{#again}}<p><a href="{{again}}">Try again</a></p>{{/again}}
    {{#whole}}<p><a href="{{whole}}">Show all of the atlas</a></p>{{/whole}}
    """#
}
