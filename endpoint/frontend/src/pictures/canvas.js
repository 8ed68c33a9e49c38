// Draws onto a canvas, for pictures as PNG.
import { CanvasRenderer } from "echarts/renderers";
import { use } from "./library.js";

use([CanvasRenderer]);
