"""How a picture shows in the page: as a canvas with words below it, and with names that screen readers can say."""

import anywidget
import traitlets
from IPython import get_ipython

from course_utils.visuals.ahead import Foreseen, script

# Onto a canvas and not into an <img>: bytes become pixels in 5 ms instead of 13, without a new layout of the page.
_PICTURE = """
export default { initialize: lookAhead, render({ model, el }) {
  const canvas = document.createElement("canvas"), words = document.createElement("p");
  let asked = 0, shown = 0;
  words.className = "course-words";
  words.setAttribute("role", "status");
  words.setAttribute("aria-live", "polite");
  el.classList.add("course-picture");
  el.append(words);
  const say = () => {
    words.textContent = model.get("words");
    words.classList.toggle("course-trouble", model.get("trouble"));
    const told = model.get("alt") || model.get("words");  // without either, the board beside it speaks
    canvas.setAttribute("role", told ? "img" : "presentation");
    if (told) canvas.setAttribute("aria-label", told); else canvas.removeAttribute("aria-label");
  };
  const paint = () => {
    const bytes = model.get("png");
    if (!bytes || !bytes.byteLength) return;
    const mine = ++asked;
    createImageBitmap(new Blob([bytes], { type: "image/png" })).then(next => {
      if (mine < shown) return next.close();  // a newer one was ready before it
      shown = mine;
      if (canvas.width !== next.width || canvas.height !== next.height || !canvas.isConnected) {
        [canvas.width, canvas.height] = [next.width, next.height];
        canvas.style.width = `${model.get("width") || next.width}px`;
        if (canvas.parentNode !== el) el.prepend(canvas);
      }
      canvas.getContext("bitmaprenderer").transferFromImageBitmap(next);
      canvas.dataset.picture = mine;
    }, () => {});
  };
  model.on("change:png", paint);
  model.on("change:words", say); model.on("change:alt", say); model.on("change:trouble", say);
  paint(); say();
} };
"""

_LOOK = """
.course-figure { display: flex; flex-flow: row wrap; align-items: flex-start; gap: 8px 24px; overflow: visible;
  --jp-widgets-font-size: 17px; --jp-widgets-inline-height: 30px; --jp-widgets-slider-handle-size: 20px;
  --jp-widgets-slider-track-thickness: 6px; --jp-widgets-label-color: var(--jp-ui-font-color0, #1a1a1a);
  --jp-widgets-readout-color: var(--jp-ui-font-color0, #1a1a1a); }
.course-figure > .course-controls { flex: 1 1 230px; max-width: 330px; min-width: 220px; overflow: visible; gap: 6px; }
.course-figure > .course-shown { flex: 1 1 480px; max-width: 780px; min-width: 300px; overflow: visible; }
.course-figure .course-control { height: auto; margin: 2px; overflow: visible; flex-wrap: wrap; width: 100%; }
.course-figure .course-control > .widget-label { flex: 1 1 auto; width: auto; max-width: 100%; margin: 0; height: auto;
  line-height: 1.4; text-align: left; white-space: normal; overflow: visible; }
.course-figure .widget-slider > .widget-label { max-width: calc(100% - 84px); }
.course-figure .widget-slider > .widget-readout { order: 1; min-width: 72px; height: auto; line-height: 1.4;
  text-align: right; font-weight: 600; overflow: visible; margin: 0; }
.course-figure .widget-slider > .slider-container { order: 2; flex: 1 0 calc(100% - 24px); height: 26px;
  margin: 6px 12px 0; }
.course-figure .noUi-target { background: #80868c; border: none; }
.course-figure .noUi-handle { background: #0072B2; border-color: #0072B2; }
.course-figure .widget-radio { flex-direction: row; }
.course-figure .course-control.widget-radio > .widget-label,
.course-figure .course-control.widget-dropdown > .widget-label,
.course-figure .course-control.widget-text > .widget-label { flex: 1 0 100%; }
.course-figure .widget-radio-box { flex-flow: row wrap; gap: 2px 16px; height: auto; margin: 0; }
.course-figure .widget-radio-box label { height: auto; line-height: 1.6; display: flex; align-items: center;
  flex-direction: row-reverse; gap: 6px; margin: 0; }
.course-figure .widget-radio-box input, .course-figure .widget-checkbox input { width: 18px; height: 18px; margin: 0;
  flex: none; }
.course-figure .widget-checkbox .widget-label-basic { display: flex; align-items: center; gap: 8px; height: auto;
  line-height: 1.4; white-space: normal; }
.course-figure .widget-button { width: auto; flex: 1 1 auto; height: 36px; font-size: 17px; padding: 0 12px;
  overflow: visible; color: var(--jp-ui-font-color0, #1a1a1a); border: 1px solid var(--jp-border-color1, #bdbdbd); }
.course-figure :is(.noUi-handle, .widget-button, .widget-readout, input, select):focus-visible {
  outline: 3px solid #0072B2; outline-offset: 2px; }
.course-picture canvas { max-width: 100%; height: auto; display: block; background: white; }
.course-picture .course-words { font-size: 17px; line-height: 1.4; margin: 6px 2px; min-height: 1.4em; max-width: 760px;
  color: var(--jp-ui-font-color0, #1a1a1a); }
.course-picture .course-trouble { border-left: 5px solid #BF4F00; padding-left: 8px; font-weight: 600; }
"""


class Picture(Foreseen):
    """A PNG with alt text and, below it, a line of words that screen readers announce when it changes."""

    _esm = script("ahead") + _PICTURE
    _css = _LOOK
    png = traitlets.Bytes(b"").tag(sync=True)
    parts = traitlets.List(default_value=["png", "words", "alt", "trouble"]).tag(sync=True)
    width = traitlets.Int(0).tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    words = traitlets.Unicode("").tag(sync=True)
    trouble = traitlets.Bool(False).tag(sync=True)


_NAMER = """
const wordsIn = source => {
  const text = atob(source.slice(source.indexOf(",") + 1));
  const bytes = Uint8Array.from(text, c => c.charCodeAt(0)), view = new DataView(bytes.buffer);
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at))
    if (text.slice(at + 4, at + 20) === "iTXtDescription\\0")
      return new TextDecoder().decode(bytes.slice(at + 24, at + 8 + view.getUint32(at)));
  return "";
};
let groups = 0;
const put = (node, attribute, text) => {
  if (node.getAttribute(attribute) !== text) node.setAttribute(attribute, text);
};
const name = () => {
  for (const image of document.querySelectorAll('.jp-RenderedImage img[src^="data:image/png"]:not([alt])'))
    image.alt = wordsIn(image.src);
  for (const control of document.querySelectorAll(".course-figure .course-control")) {
    const label = control.querySelector(":scope > .widget-label"), handle = control.querySelector(".noUi-handle");
    for (const taken of control.querySelectorAll("select, input:not([type=text]), button"))
      put(taken, "data-lm-suppress-shortcuts", "true");  // else JupyterLab takes their arrow keys and Enter
    if (!label) continue;
    const text = label.textContent, radio = control.querySelector(".widget-radio-box");
    if (label.title === "null") label.removeAttribute("title");
    if (radio) {
      put(radio, "role", "radiogroup");
      put(radio, "aria-label", text);
      radio.dataset.group ||= `course-group-${++groups}`;  // one group: arrow keys move within it
      for (const option of radio.querySelectorAll("input:not([name])")) option.name = radio.dataset.group;
    }
    if (handle) {
      const readout = control.querySelector(".widget-readout");
      put(handle, "aria-label", text);
      put(handle, "aria-valuetext", readout.textContent);  // of 0.01 a logarithmic slider would say -2
      put(readout, "role", "textbox");
      put(readout, "aria-label", text);
    }
  }
};
export default { initialize() {
  name();
  const watch = new MutationObserver(name);
  watch.observe(document.body, { childList: true, subtree: true, attributeFilter: ["aria-valuetext"] });
  return () => watch.disconnect();
} };
"""


class _Namer(anywidget.AnyWidget):
    """Names what JupyterLab leaves without a name: pictures (by the words inside their PNG) and sliders."""

    _esm = _NAMER


_namer = None


def name_page():
    """Have the page's pictures and sliders named, begun once in a kernel; outside of a kernel there is no page."""
    global _namer
    if _namer is None and getattr(get_ipython(), "kernel", None) is not None:
        _namer = _Namer()
