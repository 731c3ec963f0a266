/// Files that pages link to.
enum Assets {
  static let icon = #"""
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2f5d8a"/>\#
    <g stroke="#fff" stroke-width="2" fill="none"><path d="M8 24 16 8l8 16M8 24h16"/></g>\#
    <g fill="#fff"><circle cx="8" cy="24" r="3"/><circle cx="16" cy="8" r="3"/><circle cx="24" cy="24" r="3"/></g></svg>
    """#

  static let style = #"""
    :root{--ink:#1a2027;--soft:#57616d;--paper:#fff;--card:#f5f7f9;--line:#d5dbe1;--link:#1f5fa6;--accent:#2f5d8a;--button:#2f5d8a;--warn:#8a4b08}
    @media (prefers-color-scheme:dark){:root{--ink:#e6eaee;--soft:#a3aeb9;--paper:#14181d;--card:#1d232a;--line:#38424d;--link:#7db6f2;--accent:#5b93cc;--button:#33689f;--warn:#f0b46a}}
    *{box-sizing:border-box}
    body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
    a{color:var(--link)}
    a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
    .skip{position:absolute;left:-99em}.skip:focus{left:1em;top:.5em;background:var(--paper);padding:.3em}
    .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    header{display:flex;flex-wrap:wrap;gap:.3em 1.5em;justify-content:space-between;padding:.7em 1.2em;border-bottom:1px solid var(--line)}
    header ol{display:flex;flex-wrap:wrap;list-style:none;margin:0;padding:0;gap:.5em}
    header li+li::before{content:"/";color:var(--soft);margin-right:.5em}
    header nav:last-child a{margin-left:1em}
    .home{font-weight:700;text-decoration:none;color:var(--ink)}
    main{max-width:76rem;margin:0 auto;padding:1rem 1.2rem 4rem}
    h1{font-size:1.6rem;line-height:1.25;margin:.6rem 0;overflow-wrap:anywhere}h2{font-size:1.2rem;margin:1.6rem 0 .5rem}h3{font-size:1rem;margin:1rem 0 .3rem}
    h2 a{overflow-wrap:anywhere}
    .lead{color:var(--soft);margin:.2rem 0 1rem}.small{font-size:.875rem;color:var(--soft)}
    code{font:.875em/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
    pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.7rem;overflow-x:auto}pre code{overflow-wrap:normal}
    .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:1rem}
    .card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.9rem 1rem}.card h2,.card h3{margin-top:0}
    .badge{color:var(--warn);font-weight:600;font-size:.875rem}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .8rem;margin:.4rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
    form.question{display:flex;flex-wrap:wrap;gap:.6rem;align-items:end;margin:.6rem 0}
    label{display:flex;flex-direction:column;font-size:.8rem;color:var(--soft);min-width:0;max-width:100%}label.wide{flex:1 1 18rem}
    input:not([type=checkbox]),select,button{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:.35rem .6rem;max-width:100%}
    button{background:var(--button);border-color:var(--button);color:#fff;cursor:pointer;font-weight:600}
    .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1.2rem;margin:1rem 0}
    figure{margin:0;min-width:0}.plot{width:100%;min-height:2rem}.plot svg{max-width:100%;height:auto}figcaption{font-size:.875rem;color:var(--soft)}
    .scroll{overflow-x:auto;max-width:100%}
    table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;white-space:nowrap}
    th{font-size:.85rem;white-space:nowrap}.number{text-align:right;white-space:nowrap}td code{white-space:nowrap}
    .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1.2rem}
    .vector{overflow-wrap:anywhere}
    .actions{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center}
    .copy{margin:.4rem 0;position:relative}.copy button{position:absolute;right:.5rem;margin-top:1.2rem}
    .diagram{display:block;max-width:100%;height:auto;margin:0 auto}
    .diagram text{font:13px ui-monospace,monospace;fill:var(--ink);stroke:none}.diagram g text{text-anchor:middle}
    .diagram rect{fill:var(--card);stroke:var(--soft)}.diagram .input rect,.diagram .output rect{stroke:var(--accent);stroke-width:2}
    .diagram .node rect{stroke-dasharray:3 2}.diagram .arrow{fill:none;stroke:var(--soft);stroke-width:1.4;marker-end:url(#tip)}
    .diagram .arrow.dead{stroke-dasharray:3 4;opacity:.45}.diagram .operation.dead{opacity:.55}.diagram marker path{fill:var(--soft)}
    @media print{header,form,.actions,.copy{display:none}}
    """#

  /// Draws charts, copies lines, and follows what changes of itself.
  static let script = #"""
    "use strict";
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const quiet = matchMedia("(prefers-reduced-motion: reduce)");
    function themed(spec, width) {
      const ink = dark.matches ? "#e6eaee" : "#1a2027", line = dark.matches ? "#38424d" : "#d5dbe1";
      const axis = {labelColor: ink, titleColor: ink, domainColor: ink, tickColor: ink, gridColor: line};
      const config = spec.config || {};
      // A later version of Vega-Lite draws what an earlier one specifies.
      const {$schema, ...rest} = spec;
      return {...rest, width, background: "transparent", config: {...config,
        axis: {...config.axis, ...axis}, legend: {...config.legend, labelColor: ink, titleColor: ink},
        title: {color: ink, subtitleColor: ink}, view: {stroke: line}, autosize: {type: "fit-x", contains: "padding"}}};
    }
    async function draw(figure) {
      const plot = figure.querySelector(".plot");
      if (!window.vegaEmbed) {
        plot.textContent = "Charts are drawn when the server has its chart bundle: run tools/setup --charts.";
        return;
      }
      try {
        if (!figure.spec || figure.dataset.live) {
          const answer = await fetch(figure.dataset.chart, {headers: {accept: "application/json"}});
          if (!answer.ok) throw new Error((await answer.json()).detail || answer.status);
          figure.spec = await answer.json();
        }
        if (figure.view) figure.view.finalize();
        const spec = themed(figure.spec, Math.max(220, plot.clientWidth - 4));
        figure.view = await vegaEmbed(plot, spec, {actions: false, renderer: "svg", mode: "vega-lite", ast: true});
        figure.dataset.drawn = "yes";
      } catch (error) {
        plot.textContent = "This chart could not be drawn: " + error.message;
        figure.dataset.drawn = "no";
      }
    }
    const figures = [...document.querySelectorAll("figure.chart")];
    const seen = new IntersectionObserver(entries => {
      for (const entry of entries) if (entry.isIntersecting) { seen.unobserve(entry.target); draw(entry.target); }
    }, {rootMargin: "400px"});
    figures.forEach(figure => seen.observe(figure));
    dark.addEventListener("change", () => figures.filter(figure => figure.view).forEach(draw));
    let width = innerWidth, waiting;
    addEventListener("resize", () => {
      if (innerWidth === width) return;
      width = innerWidth;
      clearTimeout(waiting);
      waiting = setTimeout(() => figures.filter(figure => figure.view).forEach(draw), 150);
    });
    addEventListener("beforeprint", () => figures.forEach(draw));
    for (const box of document.querySelectorAll("details.copy")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.addEventListener("click", async () => {
        const text = box.querySelector("code").textContent;
        try {
          await navigator.clipboard.writeText(text);
          button.textContent = "Copied";
        } catch {
          getSelection().selectAllChildren(box.querySelector("code"));
          button.textContent = "Selected";
        }
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      });
      box.insertBefore(button, box.querySelector("pre"));
    }
    for (const select of document.querySelectorAll("form.question select"))
      select.addEventListener("change", () => select.form.requestSubmit());
    const live = figures.filter(figure => figure.dataset.live);
    if (live.length) setInterval(() => { if (!document.hidden) live.forEach(draw); }, 3000);
    """#
}
