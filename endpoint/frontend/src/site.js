// Entry: what every page does with a script. Small; what is large is loaded when it is needed.
import { closeDrops } from "./drops.js";
import { watchPictures } from "./pictures/index.js";
import { offerSuggestions } from "./search/suggest.js";

closeDrops();
offerSuggestions();
watchPictures();
