enum HomeTemplate {
  static let text = #"""
    <h1>Atlases</h1>
    <p class="lead">Tables of trained neural architectures: choose one to look around, or ask them all
    <a href="/docs">over HTTP</a> and from Python.</p>
    {{^atlases}}<p>No atlas is served.</p>{{/atlases}}
    <div class="cards">{{#atlases}}
    <article class="card"><h2><a href="{{link}}">{{name}}</a></h2>
    {{#title}}<p>{{title}}</p>{{/title}}
    {{#isSealed}}<p class="badge">sealed: test values are disclosed when a ledger is closed</p>{{/isSealed}}
    <dl><dt>Architectures</dt><dd>{{architectures}}</dd><dt>Runs</dt><dd>{{runs}}</dd>
    <dt>Measurements</dt><dd>{{measurements}}</dd><dt>Data sets</dt><dd>{{datasets}}</dd>
    <dt>Spaces</dt><dd>{{spaces}}</dd><dt>Digest</dt><dd><code>{{digest}}</code></dd></dl>
    {{#citations}}<p class="small"><strong>Cite</strong> {{.}}</p>{{/citations}}
    </article>{{/atlases}}</div>
    """#
}

enum AtlasTemplate {
  static let text = #"""
    <h1>{{name}}</h1>
    {{#title}}<p class="lead">{{title}}</p>{{/title}}
    <form class="question" method="get" action="{{path}}">
    <label>Setting <select name="setting">{{#settings}}<option {{#isChosen}}selected{{/isChosen}}>{{label}}</option>{{/settings}}</select></label>
    <label>Measure <select name="measure">{{#measures}}<option {{#isChosen}}selected{{/isChosen}}>{{label}}</option>{{/measures}}</select></label>
    {{#hasCosts}}<label>Against <select name="against">{{#costs}}<option {{#isChosen}}selected{{/isChosen}}>{{label}}</option>{{/costs}}</select></label>{{/hasCosts}}
    <label class="wide">Only where <input name="where" value="{{condition}}" placeholder="{{example}}" spellcheck="false" autocomplete="off"></label>
    <button>Show</button>
    </form>
    <form class="question" method="get" action="{{path}}/architecture">
    <input type="hidden" name="setting" value="{{setting}}"><input type="hidden" name="measure" value="{{measure}}">
    <label class="wide">Architecture <input name="a" required placeholder="{{exampleArchitecture}}" spellcheck="false" autocomplete="off"></label>
    <button>Open</button>
    </form>
    <p>{{summary}}{{#whole}} <a href="{{whole}}">All</a>{{/whole}}</p>
    <dl class="facets">{{#facets}}<dt>{{name}}</dt><dd>{{#parts}}<a href="{{link}}">{{label}}</a> <span class="small">{{count}} runs</span> {{/parts}}</dd>{{/facets}}</dl>
    <div class="charts">{{#charts}}{{> chart}}{{/charts}}</div>
    <section><h2>Architectures</h2>
    <form method="get" action="{{path}}/compare">
    <input type="hidden" name="setting" value="{{setting}}"><input type="hidden" name="measure" value="{{measure}}">
    <div class="scroll" tabindex="0" role="region" aria-label="Table of architectures"><table>
    <thead><tr><th scope="col"><span class="hidden">Compare</span></th><th scope="col">rank</th>\#
    {{#columns}}<th scope="col" class="number"{{#order}} aria-sort="{{order}}"{{/order}}><a href="{{link}}">{{label}}</a></th>{{/columns}}<th scope="col">architecture</th></tr></thead>
    <tbody>{{#rows}}<tr><td><input type="checkbox" name="a" value="{{text}}" aria-label="Compare {{text}}"></td>\#
    <td class="number">{{rank}}</td>{{#cells}}<td class="number">{{.}}</td>{{/cells}}\#
    <td><a href="{{link}}"><code>{{text}}</code></a></td></tr>
    {{/rows}}</tbody></table></div>
    <p class="actions"><button>Compare curves of the chosen</button>
    {{#before}}<a rel="prev" href="{{before}}">← before</a>{{/before}} <span>{{place}}</span>
    {{#next}}<a rel="next" href="{{next}}">next →</a>{{/next}}</p></form>
    <p class="actions">All rows: <a href="{{csv}}" download>CSV</a> <a href="{{json}}">JSON</a>
    <a href="{{ndjson}}">NDJSON of the atlas</a> <a href="{{path}}/surrogates">Surrogates</a></p>
    <details class="copy"><summary>The same with curl</summary><pre><code>{{curl}}</code></pre></details>
    {{#python}}<details class="copy"><summary>The same in Python</summary><pre><code>{{.}}</code></pre></details>{{/python}}
    </section>
    <section><h2>What to cite</h2><div class="cards">{{> cards}}</div></section>
    """#
}

enum ArchitectureTemplate {
  static let text = #"""
    <h1><code>{{text}}</code></h1>
    <p class="lead">{{summary}}</p>
    <div class="columns"><section><h2>Drawing</h2>
    {{#drawing}}<div class="scroll" tabindex="0" role="region" aria-label="Drawing">{{{drawing}}}</div>{{/drawing}}
    {{^drawing}}<p>This space has no drawing.</p>{{/drawing}}</section>
    <section><h2>Names</h2><dl>{{#names}}<dt>{{label}}</dt><dd><code>{{value}}</code></dd>{{/names}}</dl>
    {{#vector}}<h3>{{vectorName}}</h3><p class="vector"><code>{{vector}}</code></p>{{/vector}}</section></div>
    {{#prediction}}<section><h2>Prediction and truth</h2><p>{{.}}</p></section>{{/prediction}}
    <section><h2>Final values</h2>
    {{#hasValues}}<div class="scroll" tabindex="0" role="region" aria-label="Final values"><table>
    <thead><tr><th scope="col">setting</th><th scope="col">seed</th><th scope="col">status</th>\#
    {{#measures}}<th scope="col" class="number">{{.}}</th>{{/measures}}</tr></thead>
    <tbody>{{#runs}}<tr><td>{{setting}}</td><td>{{seed}}</td><td>{{status}}</td>{{#cells}}<td class="number">{{.}}</td>{{/cells}}</tr>
    {{/runs}}</tbody></table></div>{{/hasValues}}
    {{^hasValues}}<p>The atlas has no run of this architecture.</p>{{/hasValues}}</section>
    <div class="charts">{{#charts}}{{> chart}}{{/charts}}</div>
    {{#hasNeighbours}}<section><h2>Neighbors</h2><p>{{neighbourSummary}}</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Neighbors"><table>
    <thead><tr><th scope="col">neighbor</th><th scope="col" class="number">{{measure}}</th><th scope="col" class="number">change</th></tr></thead>
    <tbody>{{#neighbours}}<tr><td><a href="{{link}}"><code>{{text}}</code></a></td><td class="number">{{value}}</td><td class="number">{{change}}</td></tr>
    {{/neighbours}}</tbody></table></div></section>{{/hasNeighbours}}
    <details class="copy"><summary>The same with curl</summary><pre><code>{{curl}}</code></pre></details>
    <details class="copy"><summary>The same in Python</summary><pre><code>{{python}}</code></pre></details>
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
    <div class="charts">{{#charts}}{{> chart}}{{/charts}}</div>
    <div class="scroll" tabindex="0" role="region" aria-label="Values"><table>
    <thead><tr><th scope="col">architecture</th><th scope="col" class="number">{{measure}}</th><th scope="col" class="number">runs</th><th scope="col"></th></tr></thead>
    <tbody>{{#rows}}<tr><td><a href="{{link}}"><code>{{text}}</code></a></td><td class="number">{{value}}</td><td class="number">{{runs}}</td>\#
    <td><a href="{{without}}" aria-label="Take {{text}} away">take away</a></td></tr>
    {{/rows}}</tbody></table></div>
    """#
}

enum SurrogatesTemplate {
  static let text = #"""
    <h1>Surrogates of {{name}}</h1>
    <p class="lead">Predictors that were fitted to this atlas and answer for architectures that nobody trained.</p>
    {{^surrogates}}<p>There is none yet. Make one:</p><pre><code>{{command}}</code></pre>{{/surrogates}}
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
    <p class="lead">A ledger is a search's budget: opened over HTTP, charged once an answer. Whoever knows its id may look.</p>
    <form class="question" method="get" action="/ledgers">
    <label class="wide">Id <input name="id" required spellcheck="false" autocomplete="off"></label><button>Open</button>
    </form>
    <p>How to open one: <a href="/docs">the interface</a>.</p>
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
    <p>{{message}}</p>
    {{#remedy}}<p>{{remedy}}</p>{{/remedy}}
    <p class="small"><code>{{code}}</code></p>
    """#
}
