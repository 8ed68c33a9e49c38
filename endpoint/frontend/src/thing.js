// Entry: a long page of a thing. Its list of contents shows which section is read.
export {};

/** @type {Map<Element, HTMLAnchorElement>} */
const links = new Map();
/** @type {NodeListOf<HTMLAnchorElement>} */
const entries = document.querySelectorAll(".contents a");
for (const link of entries) {
  const section = document.getElementById(link.hash.slice(1))?.closest("section");
  if (section) links.set(section, link);
}

/** @type {Set<Element>} */
const seen = new Set();

/** Marks the section that was asked for while it is seen, else the first one that is. */
function mark() {
  const shown = [...links.keys()].filter((section) => seen.has(section));
  const now = shown.find((section) => links.get(section)?.hash === location.hash) ?? shown[0];
  if (!now) return;
  for (const [section, link] of links) {
    if (section === now) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

const observer = new IntersectionObserver(
  (changes) => {
    for (const { target, isIntersecting } of changes) {
      if (isIntersecting) seen.add(target);
      else seen.delete(target);
    }
    mark();
  },
  { rootMargin: "0px 0px -60% 0px" },
);
for (const section of links.keys()) observer.observe(section);
addEventListener("hashchange", mark);
