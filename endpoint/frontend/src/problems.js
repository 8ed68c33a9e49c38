// What went wrong, in clear words, and where in the query.
import { h } from "./dom.js";
import { _ } from "./words.js";

export const emptyQuery = { title: _("The query is empty"), detail: _("Write one above, or take one of the examples.") };

export function readProblem(text) {
  if (/abort/i.test(text) && text.length < 200) {
    return { title: _("Stopped"), detail: _("The query was stopped before its answer was there.") };
  }
  if (/failed to fetch|networkerror|load failed/i.test(text)) {
    return { title: _("No connection"), detail: _("The server could not be reached. Is the network there?") };
  }
  try {
    const said = JSON.parse(text);
    if (said.title) return said;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { title: _("The query failed"), detail: text };
}

export function drawProblem(problem, goTo) {
  const place = problem.line && h("p", {}, h("button", { type: "button", className: "linklike", onclick: goTo }, _("Go to line %(line)s, column %(column)s", problem)));
  return h(
    "div",
    { className: "problem", role: "alert" },
    h("h2", {}, _(problem.title)),
    h("p", { className: "problem-detail", dir: "auto" }, problem.detail),
    place || null,
    problem.status ? h("p", { className: "small" }, `${_("Status")} ${problem.status}`) : null,
  );
}

const mark = "problem-line";

export function markProblem(yasqe, problem) {
  clearProblem(yasqe);
  if (!problem.line) return;
  const line = Math.min(problem.line, yasqe.getDoc().lineCount()) - 1;
  yasqe.marked = yasqe.addLineClass(line, "background", mark);
  yasqe.setGutterMarker(line, "gutterErrorBar", h("span", { className: "problem-mark", title: problem.detail }, "!"));
}

export function clearProblem(yasqe) {
  if (!yasqe.marked) return;
  yasqe.removeLineClass(yasqe.marked, "background", mark);
  yasqe.setGutterMarker(yasqe.marked, "gutterErrorBar", null);
  yasqe.marked = null;
}
