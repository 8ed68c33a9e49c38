// The outline of the land as the path of an SVG picture, in the projection of our maps.
import { project } from "./src/pictures/projection.js";

// From the south of Chile to the north of Norway; nobody cooperates farther out. See endpoint/home.py.
export const VIEW = "-172 -80 344 140";
const SOUTH = -58;

export function outline(topology) {
  const arcs = topology.arcs.map((arc) => unpack(arc, topology.transform));
  const rings = topology.objects.land.geometries.flatMap((each) => each.arcs).flat();
  return rings.map((ring) => close(ring.flatMap((index) => along(arcs, index)))).join("");
}

function unpack(arc, { scale, translate }) {
  let [x, y] = [0, 0];
  return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
}

function along(arcs, index) {
  return index < 0 ? arcs[~index].toReversed() : arcs[index];
}

function close(ring) {
  if (ring.every(([, latitude]) => latitude < SOUTH)) return "";
  return pieces(ring).map((piece) => {
    const points = piece.map((point) => project(point).map((each) => Math.round(each * 10) / 10).join(" "));
    return `M${points.filter((each, place) => each !== points[place - 1]).join("L")}Z`;
  }).join("");
}

// What crosses the edge of the map goes on at the other: no line is drawn across the world.
function pieces(ring) {
  const found = [[]];
  ring.forEach((point, place) => {
    if (place && Math.abs(point[0] - ring[place - 1][0]) > 180) found.push([]);
    found.at(-1).push(point);
  });
  return found;
}
