extension Assets {
  /// Draws charts, zooms and saves them, filters by brushed regions, copies lines, and follows what changes of itself.
  static let script = chartScript + brushScript + pageScript

  private static let chartScript = #"""
    "use strict";
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const bright = {"#4c78a8": "#9cc9f5", "#e45756": "#ff9c94", "#1a2027": "#e6eaee"};
    // Marks on dark paper are lighter and denser, or thin points vanish.
    function inDark(value) {
      if (Array.isArray(value)) return value.map(inDark);
      if (value && typeof value === "object") {
        const made = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inDark(one)]));
        if (typeof made.type === "string" && made.opacity < 0.8) made.opacity = Math.min(1, made.opacity + 0.3);
        return made;
      }
      return bright[value] || value;
    }
    function zoomed(layer, zoom) {
      const encoding = {...layer.encoding};
      for (const axis of Object.keys(zoom)) if (encoding[axis])
        encoding[axis] = {...encoding[axis], scale: {...encoding[axis].scale, domain: zoom[axis], nice: false, zero: false}};
      const mark = typeof layer.mark === "string" ? {type: layer.mark} : layer.mark;
      return {...layer, encoding, mark: {...mark, clip: true}};
    }
    function themed(figure, plot) {
      const ink = dark.matches ? "#e6eaee" : "#1a2027", line = dark.matches ? "#38424d" : "#d5dbe1";
      const axis = {labelColor: ink, titleColor: ink, domainColor: ink, tickColor: ink, gridColor: line};
      const config = figure.spec.config || {};
      // A later version of Vega-Lite draws what an earlier one specifies.
      const {$schema, ...rest} = figure.spec;
      let layers = dark.matches ? inDark(rest.layer) : rest.layer;
      if (figure.zoom) layers = layers.map(layer => zoomed(layer, figure.zoom));
      if (figure.dataset.x) {
        const encodings = figure.dataset.y ? ["x", "y"] : ["x"];
        const select = {type: "interval", encodings, mark: {fill: "#e0a030", fillOpacity: 0.2, stroke: "#e0a030"}};
        layers = layers.map((layer, place) => place ? layer : {...layer, params: [{name: "brush", select}]});
      }
      return {...rest, layer: layers, width: Math.max(220, plot.clientWidth), height: plot.clientHeight,
        background: "transparent", autosize: {type: "fit", contains: "padding"}, config: {...config,
        axis: {...config.axis, ...axis}, axisY: {titleFontSize: 11, titleLimit: Math.max(120, plot.clientHeight - 100)}, legend: {...config.legend, labelColor: ink, titleColor: ink},
        title: {color: ink, subtitleColor: ink}, view: {stroke: line}}};
    }
    function say(plot, text) {
      const line = document.createElement("p");
      line.className = "loading";
      line.textContent = text;
      plot.replaceChildren(line);
    }
    // One drawing after the other: a second one at the same time would take the first from under the mouse.
    function draw(figure) {
      figure.work = (figure.work || Promise.resolve()).then(() => drawNow(figure));
      return figure.work;
    }
    async function drawNow(figure) {
      const plot = figure.querySelector(".plot");
      if (!window.vegaEmbed) {
        say(plot, "Charts are drawn when the server has its chart bundle: run tools/setup --charts.");
        return;
      }
      try {
        if (!figure.spec || figure.dataset.live) {
          const answer = await fetch(figure.dataset.chart, {headers: {accept: "application/json"}});
          if (!answer.ok) throw new Error((await answer.json()).detail || answer.status);
          figure.spec = await answer.json();
        }
        if (figure.view) figure.view.finalize();
        const options = {actions: false, renderer: "svg", mode: "vega-lite", ast: true};
        figure.view = (await vegaEmbed(plot, themed(figure, plot), options)).view;
        equip(figure);
        figure.dataset.drawn = "yes";
      } catch (error) {
        say(plot, "This chart could not be drawn: " + error.message);
        figure.dataset.drawn = "no";
      }
    }
    function equip(figure) {
      const open = figure.dataset.open;
      if (open) figure.view.addEventListener("click", (event, item) => {
        const architecture = item && item.datum && item.datum.architecture;
        if (architecture) location.assign(open + (open.includes("?") ? "&" : "?") + "a=" + encodeURIComponent(architecture));
      });
      if (figure.dataset.x) figure.view.addSignalListener("brush", (name, value) => brushed(figure, value));
      tools(figure);
    }
    function tools(figure) {
      const bar = figure.querySelector(".tools");
      if (bar.childElementCount) return;
      function add(text, label, act) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = text;
        button.setAttribute("aria-label", label);
        button.title = label;
        button.addEventListener("click", act);
        bar.append(button);
      }
      if (figure.dataset.zoom) {
        add("+", "Zoom in", () => zoom(figure, 0.6));
        add("−", "Zoom out", () => zoom(figure, 1 / 0.6));
        add("Reset", "Show the whole chart and all rows", () => { figure.zoom = undefined; brushed(figure, {}); draw(figure); });
      }
      for (const kind of ["SVG", "PNG"]) add(kind, "Save the chart as " + kind, () => save(figure, kind.toLowerCase()));
      bar.append(document.createElement("output"));
    }
    // Around the brushed region where there is one, else around the middle.
    function zoom(figure, factor) {
      const made = {...figure.zoom};
      for (const axis of figure.dataset.zoom) {
        const picked = factor < 1 && figure.picked && figure.picked[axis];
        if (picked) { made[axis] = picked; continue; }
        const scale = figure.view.scale(axis), [from, to] = scale.range(), middle = (from + to) / 2;
        made[axis] = [from, to].map(end => scale.invert(middle + (end - middle) * factor)).sort((a, b) => a - b);
      }
      figure.zoom = made;
      draw(figure);
    }
    async function save(figure, kind) {
      const paper = getComputedStyle(document.body).backgroundColor;
      const link = document.createElement("a");
      figure.view.background(paper);
      link.href = await figure.view.toImageURL(kind, 2);
      figure.view.background("transparent");
      link.download = figure.dataset.chart.split("?")[0].split("/").pop() + "." + kind;
      figure.dataset.saved = kind + " " + link.href.length;
      link.click();
    }

    """#

  /// A brushed region becomes a filter of the table: in the address, in the field, and in the rows.
  private static let brushScript = #"""
    let settling;
    function brushed(figure, value) {
      const picked = {};
      for (const axis of ["x", "y"]) {
        const range = value[figure.dataset[axis] && axis] || (axis === "x" && value.low);
        if (range && range[0] !== range[1]) picked[axis] = [...range].sort((a, b) => a - b);
      }
      figure.picked = Object.keys(picked).length ? picked : undefined;
      clearTimeout(settling);
      settling = setTimeout(narrow, 300);
    }
    function number(value) { return String(Number(value.toPrecision(7))); }
    async function narrow() {
      const field = document.querySelector("#question [name=where]");
      if (!field) return;
      const parts = field.defaultValue ? ["(" + field.defaultValue + ")"] : [];
      for (const figure of figures) {
        const said = [];
        for (const axis of Object.keys(figure.picked || {})) {
          const [low, high] = figure.picked[axis].map(number);
          parts.push(figure.dataset[axis] + " >= " + low + " and " + figure.dataset[axis] + " <= " + high);
          said.push(low + " to " + high);
        }
        const output = figure.querySelector(".tools output");
        if (output) output.textContent = said.length ? "rows: " + said.join(", ") : "";
      }
      const address = new URL(location.href);
      address.searchParams.delete("page");
      if (parts.length) address.searchParams.set("where", parts.join(" and ")); else address.searchParams.delete("where");
      if (address.href === location.href) return;
      const answer = await fetch(address);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const name of ["summary", "rows"]) {
        const made = page.getElementById(name);
        if (made) document.getElementById(name).replaceWith(made);
      }
      field.value = parts.join(" and ");
      history.replaceState(null, "", address);
      equipLines();
    }

    """#

  private static let pageScript = #"""
    function begin(figure) { if (!figure.work) draw(figure); }
    const figures = [...document.querySelectorAll("figure.chart")];
    const seen = new IntersectionObserver(entries => {
      for (const entry of entries) if (entry.isIntersecting) { seen.unobserve(entry.target); begin(entry.target); }
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
    addEventListener("beforeprint", () => figures.forEach(begin));
    function equipLines() {
      for (const box of document.querySelectorAll("details.copy")) {
        if (box.querySelector("button")) continue;
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
    }
    equipLines();
    for (const select of document.querySelectorAll("form.question select"))
      select.addEventListener("change", () => {
        // Columns and the other axis of one setting need not exist in another.
        if (select.name !== "against")
          for (const other of select.form.querySelectorAll("[name=show], [name=against]")) other.disabled = true;
        select.form.requestSubmit();
      });
    const live = figures.filter(figure => figure.dataset.live);
    if (live.length) setInterval(() => { if (!document.hidden) live.forEach(draw); }, 3000);
    """#
}
