// Entry: what every page does with a script. Small; what is large is loaded when it is needed.
import { offerThemes } from "./themes.js";

offerThemes();
