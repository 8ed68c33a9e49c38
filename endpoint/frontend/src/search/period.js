// The period: two handles over the bars of the years; the fields beside them hold what is sent.

/** @param {HTMLFormElement} form */
export function preparePeriod(form) {
  const period = form.querySelector("[data-period]");
  const handles = period?.querySelector(".handles");
  if (!(period instanceof HTMLElement) || !(handles instanceof HTMLElement)) return;
  handles.hidden = false;
  const [from, to] = /** @type {HTMLInputElement[]} */ ([...handles.querySelectorAll("input")]);
  const [since, until] = /** @type {HTMLInputElement[]} */ ([...period.querySelectorAll("input[type=number]")]);

  /** @param {HTMLInputElement} moved */
  const show = (moved) => {
    if (Number(from.value) > Number(to.value)) (moved === from ? to : from).value = moved.value;
    since.value = from.value === from.min ? "" : from.value;
    until.value = to.value === to.max ? "" : to.value;
    shade(period, Number(from.value), Number(to.value));
  };
  for (const handle of [from, to]) handle.addEventListener("input", () => show(handle));
}

/**
 * @param {HTMLElement} period
 * @param {number} from
 * @param {number} to
 */
function shade(period, from, to) {
  for (const bar of period.querySelectorAll("rect")) {
    const year = Number(bar.dataset.year);
    bar.classList.toggle("outside", year < from || year > to);
  }
}
