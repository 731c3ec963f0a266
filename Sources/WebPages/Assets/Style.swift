extension Assets {
  static let style = #"""
    :root{--ink:#1a2027;--soft:#57616d;--paper:#fff;--card:#f5f7f9;--line:#d5dbe1;--link:#1f5fa6;--accent:#2f5d8a;--button:#2f5d8a;--warn:#8a4b08;\#
    --op0:#9aa5b1;--op1:#3b74b4;--op2:#e07b1a;--op3:#3f9b52;--op4:#c8403c;--op5:#7d5ab0;--op6:#8c6046;--op7:#d264a8;--op8:#7f8a1f;--op9:#149bb0}
    @media (prefers-color-scheme:dark){:root{--ink:#e6eaee;--soft:#a3aeb9;--paper:#14181d;--card:#1d232a;--line:#38424d;--link:#7db6f2;--accent:#5b93cc;--button:#33689f;--warn:#f0b46a;\#
    --op0:#6d7986;--op1:#7db6f2;--op2:#ffb066;--op3:#7fd08f;--op4:#ff8f8a;--op5:#bfa3ec;--op6:#d0a589;--op7:#f5a4d8;--op8:#cbd468;--op9:#63d3e4}}
    *{box-sizing:border-box}
    body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
    a{color:var(--link)}
    a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
    .skip{position:absolute;left:-99em}.skip:focus{left:1em;top:.5em;background:var(--paper);padding:.3em;z-index:3}
    .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    header{display:flex;flex-wrap:wrap;gap:.3em 1.5em;justify-content:space-between;align-items:center;padding:.6em 1.2em;border-bottom:1px solid var(--line)}
    header ol{display:flex;flex-wrap:wrap;list-style:none;margin:0;padding:0;gap:.5em}
    header li+li::before{content:"/";color:var(--soft);margin-right:.5em}
    header nav:last-child a{margin-left:1em}header nav:last-child a:first-child{margin-left:0}
    .search{display:flex;gap:.4rem;flex:1 1 16rem;max-width:30rem;margin:0}.search input{flex:1;min-width:0}
    .home{font-weight:700;text-decoration:none;color:var(--ink)}
    main{max-width:76rem;margin:0 auto;padding:1rem 1.2rem 4rem}
    h1{font-size:1.6rem;line-height:1.25;margin:.6rem 0;overflow-wrap:anywhere}h2{font-size:1.2rem;margin:1.6rem 0 .5rem}h3{font-size:1rem;margin:1rem 0 .3rem}
    h2 a{overflow-wrap:anywhere}
    .lead{color:var(--soft);margin:.2rem 0 1rem;overflow-wrap:anywhere}.small{font-size:.875rem;color:var(--soft)}
    code{font:.875em/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
    pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.7rem;overflow-x:auto}pre code{overflow-wrap:normal}
    .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:1rem}
    .card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.9rem 1rem;min-width:0}.card h2,.card h3{margin-top:0}.card p{margin:.5rem 0}
    .badge{color:var(--warn);font-weight:600;font-size:.875rem}
    .fault{border-left:4px solid var(--warn);background:var(--card);padding:.6rem 1rem;margin:.8rem 0;overflow-wrap:anywhere}.fault p{margin:.2rem 0}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .8rem;margin:.4rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
    form.question{display:flex;flex-wrap:wrap;gap:.6rem;align-items:end;margin:.6rem 0}
    label{display:flex;flex-direction:column;font-size:.8rem;color:var(--soft);min-width:0;max-width:100%}label.wide{flex:1 1 18rem}
    input:not([type=checkbox]),select,button{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:.35rem .6rem;max-width:100%}
    button{background:var(--button);border-color:var(--button);color:#fff;cursor:pointer;font-weight:600}
    .chooser{flex:1 1 100%}.chooser summary{width:max-content;cursor:pointer;color:var(--link);font-size:.9rem}
    .chooser fieldset{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));gap:.3rem 1rem;border:1px solid var(--line);border-radius:8px;background:var(--card);padding:.7rem 1rem;margin:.4rem 0}
    .chooser button{justify-self:start}label.tick{flex-direction:row;align-items:center;gap:.4rem;font-size:.9rem;color:var(--ink)}
    .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1.2rem;margin:1rem 0}
    .relations figure{max-width:44rem}
    figure{margin:0;min-width:0}.plot{width:100%;overflow:hidden;position:relative;display:block!important}.plot svg{display:block}figcaption{font-size:.875rem;color:var(--soft)}
    .loading{position:absolute;inset:0;margin:0;display:grid;place-items:center;color:var(--soft);background:var(--card);border-radius:8px}
    .tools{display:flex;flex-wrap:wrap;gap:.3rem;align-items:center;min-height:2rem;margin:.2rem 0}
    .tools button{padding:.1rem .55rem;font-size:.8rem;font-weight:500;background:var(--card);color:var(--ink);border-color:var(--line)}
    .tools output{font-size:.8rem;color:var(--soft);margin-left:.4rem}
    .scroll{overflow-x:auto;max-width:100%;position:relative}
    table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;white-space:nowrap}
    th{font-size:.85rem;white-space:nowrap}.number{text-align:right;white-space:nowrap}td code{white-space:nowrap}
    thead th{vertical-align:bottom}.ranking thead th.number{white-space:normal;min-width:5.6rem;max-width:9.5rem}[aria-current=true]{font-weight:700}.ranking td{vertical-align:middle;padding-block:.15rem}
    .ranking .name{position:sticky;left:0;background:var(--paper);z-index:1;width:100%;max-width:0;min-width:9.5rem}
    .entry{display:flex;gap:.7rem;align-items:center;text-decoration:none;min-height:48px}.entry code{text-decoration:underline;font-weight:600}
    .entry span{min-width:0}.entry small{display:block;color:var(--soft);overflow:hidden;text-overflow:ellipsis;font:.72rem/1.3 ui-monospace,monospace}
    .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1.2rem 2rem;align-items:start}.columns>*{min-width:0}.columns td,.columns th{white-space:normal}.columns .number{white-space:nowrap}.columns thead .number{white-space:normal}.columns td[class=number]{padding-left:.3rem}
    @media (min-width:60rem){.facts{grid-template-columns:minmax(0,25rem) minmax(0,1fr)}}
    .slots{display:flex;flex-wrap:wrap;gap:.4rem 1.1rem;margin:.4rem 0;padding:0;list-style:none}.slots li{font-size:.8rem}.slots b{display:block;font-weight:500;color:var(--soft)}
    .slots i{display:inline-block;min-width:1.15rem;text-align:center;border:1px solid var(--line);font:.75rem/1.3 ui-monospace,monospace;padding:0 .2rem;color:var(--soft);margin:0 1px 1px 0}
    .slots i.on{background:var(--button);border-color:var(--button);color:#fff}
    .best{display:flex;gap:.7rem;align-items:center}.headline{font-size:1.15rem}.empty{padding:.8rem 1rem;background:var(--card);border-radius:8px}
    .found .entry{max-width:44rem}.found{list-style:none;padding:0;margin:.4rem 0}
    .endpoints section{border-top:1px solid var(--line)}.endpoints h2{font:600 1rem/1.4 ui-monospace,monospace;overflow-wrap:anywhere}.endpoints td{white-space:normal;overflow-wrap:anywhere}.endpoints td:first-child{white-space:nowrap}
    .contents{columns:20rem;font-size:.875rem;padding-left:1.2rem}.contents a{overflow-wrap:anywhere}
    .actions{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center}
    .copy{margin:.4rem 0;position:relative}.copy button{position:absolute;right:.5rem;margin-top:1.2rem}
    .legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;min-height:1.2rem}.legend:empty{display:none}
    .op0{--own:var(--op0)}.op1{--own:var(--op1)}.op2{--own:var(--op2)}.op3{--own:var(--op3)}.op4{--own:var(--op4)}.op5{--own:var(--op5)}.op6{--own:var(--op6)}.op7{--own:var(--op7)}.op8{--own:var(--op8)}.op9{--own:var(--op9)}
    svg circle,svg .op1{fill:var(--own,var(--soft))}
    .glyph{flex:none;display:block}.glyph .e{fill:none;stroke:var(--own,var(--soft));stroke-width:2}.glyph .e.op0{stroke-dasharray:3 2;stroke-width:1.4}.glyph path.e:not([class*=op]){stroke-width:1}.glyph .n{fill:var(--ink)}
    .histogram{display:block;width:100%;max-width:26rem;height:auto}.histogram rect{fill:var(--op1)}.histogram path{stroke:var(--line)}.histogram text{font:11px system-ui,sans-serif;fill:var(--soft)}
    .interval{display:block;width:100%;max-width:34rem;height:auto}.interval text{font:12px system-ui,sans-serif;fill:var(--ink)}.interval .scale{stroke:var(--line);stroke-width:2}.interval .around{fill:var(--line)}\#
    .interval .held{fill:var(--op1);opacity:.55}.interval circle{fill:var(--op1)}.interval .truth{stroke:var(--op4);stroke-width:3}
    .diagram{display:block;max-width:100%;height:auto;margin:0 auto}
    .diagram text{font:13px ui-monospace,monospace;fill:var(--ink);stroke:none}.diagram g text{text-anchor:middle}
    .diagram rect{fill:var(--card);stroke:var(--soft)}.diagram .input rect,.diagram .output rect{stroke:var(--accent);stroke-width:2}.diagram g[class*=op] rect{stroke:var(--own,var(--soft));stroke-width:2}
    .diagram .node rect{stroke-dasharray:3 2}.diagram .arrow{fill:none;stroke:var(--own,var(--soft));stroke-width:1.8;marker-end:url(#tip)}
    .diagram .arrow.dead{stroke-dasharray:3 4;opacity:.45}.diagram .operation.dead{opacity:.55}.diagram marker path{fill:var(--soft)}
    @media (max-width:40rem){.entry small{display:none}.entry{gap:.4rem}.ranking th,.ranking td{padding-inline:.3rem}main{padding-inline:.8rem}.search{order:3;flex-basis:100%;max-width:none}}
    @media print{header,form.question,.actions,.copy,.tools{display:none}}
    """#
}
