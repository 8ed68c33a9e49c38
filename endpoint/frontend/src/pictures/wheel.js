// Goals as a ring, their targets around it.
import "echarts/lib/chart/sunburst";
import { base, tooltip } from "./data.js";

/** @param {import("./data.js").Drawing} drawing */
export function option(drawing) {
  const { values, palette, wide, format } = drawing;
  const size = wide < 500 ? 10 : 13;
  return {
    ...base(drawing),
    tooltip: tooltip(({ data, name }) => (data?.full ? `${data.full}: ${format(data.count)}` : name), palette),
    series: [
      {
        type: "sunburst",
        radius: ["22%", "96%"],
        nodeClick: false,
        sort: undefined,
        itemStyle: { borderColor: palette.paper, borderWidth: 1.5 },
        emphasis: { focus: "ancestor" },
        levels: [{}, { r0: "24%", r: "54%", label: { color: "#fff", fontWeight: 700, fontSize: size + 3, rotate: 0, minAngle: 9 } }, { r0: "55%", r: "94%", label: { color: palette.ink, fontSize: size, rotate: "radial", minAngle: 4 } }],
        data: values.parts.map((goal) => ({
          name: goal.name,
          full: goal.full,
          count: goal.value,
          address: goal.address,
          itemStyle: { color: goal.colour },
          // The ring of targets has the colour of the goal, paler, with dark words on it.
          children: (goal.parts ?? []).map((target) => ({ name: target.name, full: target.full, count: target.value, value: target.value, address: target.address, itemStyle: { color: pale(goal.colour, palette.paper) } })),
          value: goal.parts?.length ? undefined : goal.value,
        })),
      },
    ],
  };
}

/**
 * @param {string} colour such as "#DDA63A"
 * @param {string} paper such as "rgb(255, 255, 255)"
 */
function pale(colour, paper) {
  const ground = (paper.match(/[\d.]+/g) ?? []).map(Number);
  const digits = /^#(..)(..)(..)$/.exec(colour);
  const parts = digits ? digits.slice(1).map((each) => parseInt(each, 16)) : ground;
  return `rgb(${parts.map((value, at) => Math.round(0.3 * value + 0.7 * ground[at])).join(",")})`;
}
