// The shapes of countries out of an atlas; their ids are the numbers of ISO 3166-1.
import { feature } from "topojson-client";

const antarctica = "010"; // it would take a fifth of the height

export function shapesOf(atlas) {
  const shapes = feature(atlas, atlas.objects.countries);
  shapes.features = shapes.features.filter((each) => each.id !== antarctica);
  for (const each of shapes.features) {
    each.properties = { ...each.properties, number: each.id ?? each.properties.name };
    polygonsOf(each.geometry).forEach((rings) => rings.forEach(join));
  }
  return shapes;
}

export const polygonsOf = ({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates);

// A ring across the 180th meridian jumps from one edge of the map to the other; it is drawn on, to the east.
function join(ring) {
  let turn = 0;
  for (let at = 1; at < ring.length; at += 1) {
    const jump = ring[at][0] + turn - ring[at - 1][0];
    if (Math.abs(jump) > 180) turn -= 360 * Math.sign(jump);
    ring[at] = [ring[at][0] + turn, ring[at][1]];
  }
  if (Math.min(...ring.map(([x]) => x)) < -180) ring.forEach((point, at) => (ring[at] = [point[0] + 360, point[1]]));
}
