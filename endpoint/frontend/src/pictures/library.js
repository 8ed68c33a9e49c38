// The heart of ECharts; each kind of drawing adds the parts that it needs.
import { AriaComponent, TooltipComponent } from "echarts/components";
import { init, registerMap, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

use([AriaComponent, LabelLayout, SVGRenderer, TooltipComponent]);

export { init, registerMap, use };
