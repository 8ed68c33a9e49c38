// @ts-nocheck: works on yasgui's own parts, which its types keep private.
// The work bench: yasgui's tabs and editors, set up for our endpoint.
import Yasgui from "@zazuko/yasgui";
import { answerPlugin } from "./answer.js";
import { declareAll, registerCompletion } from "./completion.js";
import { button, duration, h } from "./dom.js";
import { clearProblem } from "./problems.js";
import { endpoint, newId, stopRunning } from "./server.js";
import { toolbar } from "./toolbar.js";
import { _, comma } from "./words.js";

const start = `SELECT ?type (COUNT(?thing) AS ?things)
WHERE { ?thing a ?type }
GROUP BY ?type
ORDER BY DESC(?things) ?type
`;

export class Bench {
  constructor(place, setup) {
    this.setup = setup;
    this.timeout = setup.timeout;
    this.ran = new Map();
    this.listeners = [];
    registerCompletion(Yasgui.Yasqe, setup.prefixes);
    const context = { setup, tabOf: (yasr) => this.tabOf(yasr), metaOf: (tab) => this.ran.get(tab.getId())?.meta, ranQuery: (tab) => this.ran.get(tab.getId())?.query ?? tab.getYasqe().getValue(), graphsOf: (tab) => graphsOf(tab).map(({ name, value }) => [name, value]) };
    const { Yasr } = Yasgui;
    Yasr.plugins = {};
    Yasr.defaults.plugins = {};
    Yasr.defaults.errorRenderers = [];
    Yasr.registerPlugin("answer", answerPlugin(context));
    this.yasgui = new Yasgui(place, this.configuration());
    // A list of tabs may hold tabs alone: the button for a new one stands beside it.
    const tabs = place.querySelector(".tabsList");
    tabs.after(tabs.querySelector(".addTab"));
    this.yasgui.on("tabAdd", () => queueMicrotask(() => this.dress()));
    this.yasgui.on("tabSelect", () => this.dress());
    this.yasgui.on("queryBefore", (event, tab) => this.begin(tab));
    this.dress();
  }

  configuration() {
    return {
      persistenceId: "ssc4c",
      tabName: _("Query"),
      populateFromUrl: false,
      autofocus: false,
      copyEndpointOnNewTab: false,
      endpointInfo: () => toolbar(this, this.setup),
      endpointCatalogueOptions: { getData: () => [] },
      requestConfig: { endpoint, method: "POST", acceptHeaderGraph: "application/n-triples", acceptHeaderSelect: "application/sparql-results+json" },
      yasqe: {
        value: start,
        showQueryButton: false,
        createShareableLink: null,
        resizeable: true,
        editorHeight: "20rem",
        screenReaderLabel: _("SPARQL query"),
        extraKeys: { Tab: false, "Shift-Tab": false, Esc: false },
      },
      yasr: { defaultPlugin: "answer", pluginOrder: ["answer"], maxPersistentResponseSize: 50_000, prefixes: this.setup.prefixes },
    };
  }

  tabOf(yasr) {
    return Object.values(this.yasgui._tabs).find((tab) => tab.getYasr() === yasr);
  }

  yasqe() {
    return this.yasgui.getTab().getYasqe();
  }

  // Puts a query into a tab: the one in front if nothing of the person's own stands there.
  open(query, name, isToRun, graphs = []) {
    const current = this.yasgui.getTab();
    const isOurs = [start, current.given].includes(current.getYasqe().getValue());
    const known = Object.values(this.yasgui._tabs).find((tab) => textOf(tab) === query);
    if (known) this.yasgui.selectTabId(known.getId());
    const tab = known ?? (isOurs ? current.setQuery(query).setName(name) : this.yasgui.addTab(true, { name, yasqe: { value: query } }));
    tab.given = query;
    tab.setRequestConfig({ args: graphs.map(([key, value]) => ({ name: key, value })) });
    this.dress();
    this.showGraphs(tab);
    if (isToRun) this.run();
    tab.rootEl.scrollIntoView({ block: "nearest" });
  }

  run() {
    // What goes wrong is shown in the place of the answer.
    this.yasgui.getTab().query().catch(() => {});
  }

  async stop() {
    const tab = this.yasgui.getTab();
    const { id } = this.ran.get(tab.getId());
    try {
      await stopRunning(id);
    } finally {
      tab.getYasqe().abortQuery();
    }
  }

  onRun(listener) {
    this.listeners.push(listener);
  }

  // Each run has an id of its own, by which it can be stopped.
  begin(tab) {
    const id = newId();
    declareAll(tab.getYasqe(), this.setup.prefixes);
    const query = tab.getYasqe().getValue();
    this.ran.set(tab.getId(), { id, query, meta: null });
    const args = [{ name: "id", value: id }, ...graphsOf(tab)];
    if (this.timeout !== this.setup.timeout) args.push({ name: "timeout", value: String(this.timeout) });
    tab.setRequestConfig({ endpoint, args });
    clearProblem(tab.getYasqe());
    this.showState(tab, true);
  }

  end(tab, response, milliseconds) {
    const run = this.ran.get(tab.getId());
    this.showState(tab, false);
    if (!run) return;
    const headers = response.headers;
    run.meta = headers ? readMeta(headers, response.content, milliseconds) : null;
    const told = headers ? duration(milliseconds / 1000) : _("no answer");
    for (const listener of this.listeners) listener({ time: Date.now(), query: run.query, told });
  }

  // The graphs that the query in front is restricted to, as pairs of parameter and IRI.
  graphs() {
    return graphsOf(this.yasgui.getTab()).map(({ name, value }) => [name, value]);
  }

  showGraphs(tab) {
    const graphs = graphsOf(tab);
    const forget = () => {
      tab.setRequestConfig({ args: [] });
      this.showGraphs(tab);
      tab.rootEl.querySelector(".shelf").dispatchEvent(new Event("stale"));
    };
    const told = graphs.map(({ name, value }) => name === defaultGraph ? _("default graph %(iri)s", { iri: value }) : _("named graph %(iri)s", { iri: value }));
    const line = h("p", { className: "small" }, `${_("This query sees only:")} ${told.join(comma)} · `, button(_("Let it see all"), forget, { className: "quiet" }));
    tab.rootEl.querySelector(".graphs").replaceChildren(...(graphs.length ? [line] : []));
  }

  showState(tab, isRunning) {
    const bar = tab.rootEl.querySelector(".toolbar");
    bar.querySelector(".run").disabled = isRunning;
    bar.querySelector(".stop").hidden = !isRunning;
    bar.querySelector(".state").textContent = isRunning ? _("Running…") : "";
    tab.rootEl.setAttribute("aria-busy", String(isRunning));
  }

  // Listens to the editor of the tab in front, once.
  dress() {
    for (const box of this.yasgui.rootEl.querySelectorAll(".tab input")) box.setAttribute("aria-label", _("Name of the tab"));
    const tab = this.yasgui.getTab();
    const yasqe = tab?.getYasqe();
    if (!yasqe || tab.isDressed) return;
    tab.isDressed = true;
    yasqe.on("queryResponse", (event, response, milliseconds) => this.end(tab, response, milliseconds));
    yasqe.on("change", (event, { origin }) => {
      clearProblem(yasqe);
      if (origin === "paste") declareAll(yasqe, this.setup.prefixes);
      tab.rootEl.querySelector(".shelf").dispatchEvent(new Event("stale"));
    });
    this.showGraphs(tab);
    tab.rootEl.querySelector(".yasr").prepend(h("h2", { className: "unseen" }, _("Answer")));
  }
}

// The server tells how long the engine took, or, of a kept answer, how long it had taken.
function readMeta(headers, content, milliseconds) {
  const timing = headers.get("Server-Timing") ?? "";
  const engine = /(?:^|,\s*)(?:engine|query)[^,]*;dur=([\d.]+)/.exec(timing);
  return {
    seconds: milliseconds / 1000,
    engine: engine ? Number(engine[1]) / 1000 : null,
    bytes: new Blob([content]).size,
    snapshot: headers.get("SSC4C-Snapshot"),
    isKept: /\b(?:hit|kept)\b/.test(timing),
  };
}

const defaultGraph = "default-graph-uri";
const graphParameters = [defaultGraph, "named-graph-uri"];
const graphsOf = (tab) => (tab.getRequestConfig().args ?? []).filter(({ name }) => graphParameters.includes(name));
const textOf = (tab) => tab.getYasqe()?.getValue() ?? tab.getPersistedJson().yasqe.value;
