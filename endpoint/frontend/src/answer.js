// The place of the answer: what it is, in which views, and how to take it along.
import { button, duration, h, size } from "./dom.js";
import { clearProblem, drawProblem, emptyQuery, markProblem, readProblem } from "./problems.js";
import { readAnswer } from "./rows.js";
import { endpoint } from "./server.js";
import * as chart from "./views/chart.js";
import * as graph from "./views/graph.js";
import * as map from "./views/map.js";
import * as table from "./views/table.js";
import * as text from "./views/text.js";
import { _, ngettext } from "./words.js";

const views = { table, chart, map, graph, text };
const longestLink = 6000;

// A plugin of yasr that has the whole place; yasr keeps the answer and the settings.
export function answerPlugin(context) {
  return class Answer {
    priority = 100;
    label = _("Answer");
    hideFromSelection = true;

    constructor(yasr) {
      this.yasr = yasr;
      this.settings = {};
      /** @type {any} */
      this.answer = null;
    }

    canHandleResults() {
      return Boolean(this.yasr.results);
    }

    getIcon() {}

    destroy() {
      this.end?.();
      this.end = null;
    }

    async draw(settings) {
      this.settings = settings ?? {};
      this.tab = context.tabOf(this.yasr);
      this.yasr.resultsEl.replaceChildren();
      const error = this.yasr.results.getError();
      if (error) return this.drawError(error);
      this.read();
      await this.redraw();
    }

    drawError(error) {
      const yasqe = this.tab.getYasqe();
      const problem = context.ranQuery(this.tab).trim() ? readProblem(error.text) : emptyQuery;
      markProblem(yasqe, problem);
      const goTo = () => {
        yasqe.focus();
        yasqe.setCursor({ line: problem.line - 1, ch: Math.max(0, problem.column - 1) });
      };
      this.destroy();
      this.yasr.resultsEl.replaceChildren(drawProblem(problem, goTo));
    }

    read() {
      clearProblem(this.tab.getYasqe());
      const source = this.yasr.results.getOriginalResponseAsString() ?? "";
      const said = typeof source === "string" ? source : JSON.stringify(source);
      this.answer = { ...readAnswer(said, this.yasr.results.getContentType() ?? ""), source: said };
    }

    async redraw(focus) {
      this.destroy();
      const fitting = Object.keys(views).filter((name) => views[name].fits(this.answer));
      const name = fitting.includes(this.settings.view) ? this.settings.view : fitting[0];
      const place = h("div", { className: `view view-${name}` });
      const asked = [["query", context.ranQuery(this.tab)], ...context.graphsOf(this.tab)];
      const parts = [this.summary(), this.switch(fitting, name), place, downloads(asked, this.answer.kind, context.setup), citation(asked, context.setup)];
      this.yasr.resultsEl.replaceChildren(...parts.filter(Boolean));
      if (focus) this.yasr.resultsEl.querySelector(focus)?.focus();
      const keep = (chosen) => this.change({ [name]: chosen }, true);
      await this.drawInto(place, name, keep);
    }

    async drawInto(place, name, keep) {
      let end = null;
      try {
        end = await views[name].draw(place, this.answer, this.settings[name] ?? {}, keep, context.setup);
      } catch (error) {
        place.replaceChildren(drawProblem({ title: _("This view could not be drawn"), detail: /** @type {Error} */ (error).message }));
      }
      // Whoever was quicker has put another view here meanwhile.
      if (place.isConnected) this.end = end;
      else end?.();
    }

    change(settings, isInside) {
      const active = isInside ? document.activeElement?.closest(".field")?.textContent : null;
      this.settings = { ...this.settings, ...settings };
      this.yasr.config.plugins.answer.dynamicConfig = this.settings;
      this.yasr.emit("change", this.yasr);
      this.redraw(isInside ? null : '.views [aria-pressed="true"]').then(() => {
        const fields = [...this.yasr.resultsEl.querySelectorAll(".choices .field")];
        if (active) fields.find((each) => each.textContent === active)?.querySelector("select").focus();
      });
    }

    summary() {
      const meta = context.metaOf(this.tab);
      const kind = this.answer.kind;
      const rows = kind === "table" ? ngettext("%(num)s row", "%(num)s rows", this.answer.rows.length) : kind === "graph" ? ngettext("%(num)s triple", "%(num)s triples", this.answer.rows.length) : "";
      const parts = [rows, ...(meta ? tell(meta) : [_("from your last visit")])].filter(Boolean);
      return h("p", { className: "summary", role: "status" }, parts.map((part, at) => h("span", {}, `${at ? " · " : ""}${part}`)));
    }

    switch(fitting, current) {
      const all = Object.keys(views).map((name) => {
        const isFit = fitting.includes(name);
        return button(views[name].label, () => this.change({ view: name }), { "aria-pressed": String(name === current), disabled: !isFit, title: isFit ? undefined : _("This answer cannot be shown so") });
      });
      return h("div", { className: "views", role: "group", "aria-label": _("Show as") }, all);
    }
  };
}

function tell({ seconds, engine, bytes, snapshot, isKept }) {
  return [
    duration(seconds),
    engine === null ? "" : isKept ? _("kept from before, when the query took %(time)s", { time: duration(engine) }) : _("%(time)s of it for the query", { time: duration(engine) }),
    size(bytes),
    snapshot ? _("snapshot %(id)s", { id: snapshot }) : "",
  ];
}

function downloads(asked, kind, setup) {
  const formats = kind === "table" || kind === "boolean" ? setup.tables : setup.graphs;
  const links = formats.map((each) => {
    const values = new URLSearchParams([...asked, ["as", each.key]]);
    const isShort = String(values).length <= longestLink;
    return h("a", { href: isShort ? `/sparql?${values}` : "#", download: `answer.${each.key}`, onclick: isShort ? undefined : (event) => fetchFile(event, values, each) }, each.label);
  });
  return h("p", { className: "downloads" }, h("span", {}, _("Download")), links);
}

// A page with the answer's citation, where there is a release on which it stays the same.
function citation(asked, { release }) {
  if (!release) return null;
  const fields = asked.map(([name, value]) => h("input", { type: "hidden", name, value }));
  return h("form", { method: "post", action: "/answers", className: "cite" }, fields, h("button", { className: "quiet" }, _("Cite this answer on release %(release)s", { release })));
}

// A query too long for an address is sent as a form, and its answer saved from here.
async function fetchFile(event, values, format) {
  event.preventDefault();
  const answer = await fetch(endpoint, { method: "POST", body: values });
  const address = URL.createObjectURL(await answer.blob());
  const link = h("a", { href: address, download: answer.ok ? `answer.${format.key}` : "problem.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
