// The shapes of countries, fine enough for a whole window.
import atlas from "world-atlas/countries-50m.json";
import { shapesOf } from "./shapes.js";

export { polygonsOf } from "./shapes.js";
export const world = () => shapesOf(atlas);
