// The parts of ECharts that the views use.
import { BarChart, GraphChart, LineChart, PieChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GeoComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, registerMap, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, GraphChart, LineChart, PieChart, ScatterChart]);
use([AriaComponent, GeoComponent, GridComponent, TooltipComponent, LabelLayout, SVGRenderer]);

export { init, registerMap };
