"""A reader without a pointer: goes on by Tab, and sees at each stop where the focus is."""

from base64 import b64encode
from dataclasses import dataclass

from playwright.sync_api import FloatRect, Page

WHERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return { is: "nothing", wrong: "" };
  const drawn = at.closest(".CodeMirror") ?? at;
  const style = getComputedStyle(drawn);
  const boxes = [...drawn.getClientRects()];
  const isSeen = (x, y) => {
    const top = document.elementFromPoint(x, y);
    const labels = [...(at.labels ?? [])];
    // Of a range, the pointer meets the handle alone.
    if (at.type === "range" && top?.contains(at)) return true;
    return top && (drawn.contains(top) || labels.some((each) => each.contains(top)));
  };
  const parts = [0.08, 0.3, 0.5, 0.7, 0.92];
  const seen = boxes.some((box) => parts.some((x) => parts.some((y) => isSeen(box.left + box.width * x, box.top + box.height * y))));
  const isRinged = at.type === "range" || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const name = `${at.tagName}#${at.id}.${at.className} ${at.textContent.trim().slice(0, 40)}`;
  return { is: name, wrong: !seen ? "hidden" : !isRinged ? "without a ring" : "" };
}"""  # noqa: E501
BOX = """() => {
  const at = document.activeElement.closest(".CodeMirror") ?? document.activeElement;
  const { x, y, width, height } = at.getBoundingClientRect();
  const [left, top] = [Math.max(0, x - 6), Math.max(0, y - 6)];
  return {
    x: left, y: top,
    width: Math.min(innerWidth, x + width + 6) - left, height: Math.min(innerHeight, y + height + 6) - top,
  };
}"""  # noqa: E501
# Where two drawings differ by 3 to 1 or more, which is what WCAG asks of what is no text.
CHANGED = """async (drawings) => {
  const [one, other] = await Promise.all(drawings.map(async (text) => {
    const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    const ground = new OffscreenCanvas(image.width, image.height).getContext("2d");
    ground.drawImage(image, 0, 0);
    return ground.getImageData(0, 0, image.width, image.height).data;
  }));
  const part = (value) => (value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const light = (data, at) => 0.2126 * part(data[at]) + 0.7152 * part(data[at + 1]) + 0.0722 * part(data[at + 2]);
  let changed = 0;
  for (let at = 0; at < one.length; at += 4) {
    const [dark, pale] = [light(one, at), light(other, at)].sort((a, b) => a - b);
    if ((pale + 0.05) / (dark + 0.05) >= 3) changed += 1;
  }
  return changed;
}"""  # noqa: E501


@dataclass(frozen=True)
class Keyboard:
    """Keys pressed on a page, as somebody does who sees it and cannot point at it."""

    page: Page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def is_at(self, wanted: str) -> bool:
        return bool(self.page.evaluate("wanted => document.activeElement.matches(wanted)", wanted))

    def look(self) -> str:
        """Where the focus is; it is an error if that cannot be seen."""
        found = self.page.evaluate(WHERE)
        assert not found["wrong"], f"{found['is']} is {found['wrong']} on {self.page.url}"
        return str(found["is"])

    def go(self, wanted: str, key: str = "Tab", most: int = 200) -> None:
        """Press Tab until what is wanted has the focus; each stop on the way is seen."""
        passed = []
        for _step in range(most):
            self.press(key)
            passed.append(self.look())
            if self.is_at(wanted):
                self._expect_ring()
                return
        raise AssertionError(f"{wanted} was not reached: {passed}")

    def use(self, wanted: str, *keys: str, back: bool = False) -> None:
        """Go there and press keys, Enter if none is named."""
        self.go(wanted, "Shift+Tab" if back else "Tab")
        self.press(*(keys or ("Enter",)))

    def leave(self, most: int = 200) -> int:
        """Press Tab until the page is left, as nothing holds the focus; how many stops it took."""
        for step in range(most):
            self.press("Tab")
            if self.look() == "nothing":
                return step
        raise AssertionError(f"no way out of {self.page.url}")

    def _expect_ring(self) -> None:
        """The drawing differs with and without the focus, and strongly."""
        box: FloatRect = self.page.evaluate(BOX)
        drawings = [self._draw(box)]
        self.page.evaluate("() => { window.left = document.activeElement; window.left.blur(); }")
        drawings.append(self._draw(box))
        self.page.evaluate("() => window.left.focus({ preventScroll: true })")
        changed = self.page.evaluate(CHANGED, drawings)
        assert changed > 40, f"{self.look()}: {changed} pixels show the focus"

    def _draw(self, box: FloatRect) -> str:
        return b64encode(self.page.screenshot(clip=box)).decode()
