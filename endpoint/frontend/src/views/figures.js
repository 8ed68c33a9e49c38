// What all drawn views share: the library, loaded when first needed, our colours, and the frame.
import { h } from "../dom.js";
import { _ } from "../words.js";

let loading = null;
export function loadCharts() {
  loading ??= import("./echarts.js");
  return loading;
}

export function colours() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(name).trim();
  return {
    ink: get("--ink"), line: get("--line"), muted: get("--muted"), paper: get("--paper"), soft: get("--soft"), font: get("--sans"),
    series: [get("--s1"), get("--s2"), get("--s3"), get("--adaptation"), get("--practice"), get("--muted")],
  };
}

// Draws into a figure with a caption; the same is told as text below. Gives back how to end it.
export function figure(place, echarts, { height = 420, ...option }, caption, text) {
  const canvas = h("div", { className: "drawing", role: "img", "aria-label": caption });
  canvas.style.height = `${height}px`;
  place.append(
    h(
      "figure",
      { className: "drawn" },
      canvas,
      h("figcaption", {}, caption),
      h("details", {}, h("summary", {}, _("The same as text")), h("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": _("The same as text") }, text)),
    ),
  );
  const chart = echarts.init(canvas, null, { renderer: "svg" });
  chart.setOption({ ...option, aria: { ...option.aria, enabled: true, label: { description: caption } } });
  const watch = new ResizeObserver(() => chart.resize());
  watch.observe(canvas);
  return () => {
    watch.disconnect();
    chart.dispose();
  };
}
