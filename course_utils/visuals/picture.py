"""From a Matplotlib figure to pixels in the reader's browser, quickly and with words.

Painting a figure anew takes about 35 ms, five sixths of which go into the frame: ticks, numbers, labels. A Painter
keeps the painted frame and paints only what lies in it, until the frame itself changes.
"""

import struct
import zlib

import anywidget
import numpy as np
import traitlets
from IPython import get_ipython


def encode_png(pixels, words="", level=1):
    """The (height, width, 3 or more) uint8 pixels as PNG bytes; `words` go in as the PNG's Description.

    Level 1 to 9 trades speed for size. No date, no program and no version is written, so the same pixels and words
    always give the same bytes.
    """
    height, width = pixels.shape[:2]
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # each row of a PNG begins with the number of its filter, here 0
    rows[:, 1:] = pixels[:, :, :3].reshape(height, -1)
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))]
    if words:
        chunks.append((b"iTXt", b"Description\0\0\0\0\0" + words.encode("utf-8")))
    chunks += [(b"IDAT", zlib.compress(rows.tobytes(), level)), (b"IEND", b"")]
    packed = (struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
              for kind, body in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


class Painter:
    """Paints one Matplotlib figure again and again; the frame of its axes is kept as long as it stays the same."""

    def __init__(self, figure):
        self.figure = figure
        self._frame = self._background = None

    def png(self, words="", level=1):
        """The figure as it is now, as PNG bytes with `words` inside."""
        figure = self.figure
        if figure.subfigs or any(axes.name == "3d" for axes in figure.axes):  # these paint in an order of their own
            figure.canvas.draw()
        else:
            self._paint()
        return encode_png(np.asarray(figure.canvas.buffer_rgba()), words, level)

    def _paint(self):
        figure, canvas = self.figure, self.figure.canvas
        inside = [inner for axes in figure.axes for inner in _inside(axes)]
        framed = {figure.patch, *figure.axes}
        inside += _back_to_front(artist for artist in figure.get_children() if artist not in framed)
        frame = [inside, tuple(figure.get_size_inches()), figure.dpi, *(_frame(axes) for axes in figure.axes)]
        if frame != self._frame:
            for artist in inside:
                artist.set_animated(False)
            figure.draw_without_rendering()  # lets the layout engine see everything, also what is painted later
            engine = figure.get_layout_engine()
            for artist in inside:
                artist.set_animated(True)  # left out by canvas.draw, but not by savefig
            figure.set_layout_engine("none")
            canvas.draw()
            figure.set_layout_engine(engine)
            self._background = canvas.copy_from_bbox(figure.bbox)
            self._frame = frame
        canvas.restore_region(self._background)
        renderer = canvas.get_renderer()
        for artist in inside:
            artist.draw(renderer)


def _inside(axes):
    """What is painted on top of the kept frame, from back to front."""
    if not axes.get_visible():
        return []
    kept = {axes.xaxis, axes.yaxis, axes.patch}
    if not (axes.axison and axes.get_frame_on()):
        kept.update(axes.spines.values())
    if not (axes.axison and axes.get_frame_on()):  # axes.axis("off") means no spines either
        kept |= set(axes.spines.values())
    return _back_to_front(artist for artist in axes.get_children() if artist not in kept)


def _back_to_front(artists):
    return sorted(artists, key=lambda artist: artist.get_zorder())


def _frame(axes):
    """All that the kept frame depends on; while two of these are equal, so are the frames."""
    sides = []
    for axis in (axes.xaxis, axes.yaxis):
        sides.append((tuple(axis.get_view_interval()), axis.get_scale(), axis.label.get_text(), axis.get_visible(),
                      axis.get_major_locator(), axis.get_major_formatter(), axis.get_minor_locator(),
                      axis.get_minor_formatter(), axis.label.get_color(), axis.get_tick_params()))
    return (sides, axes.get_visible(), axes.axison, axes.get_frame_on(), axes.get_aspect(), axes.get_facecolor(),
            [_lines(axes.get_title(loc)) for loc in ("left", "center", "right")])


def _lines(text):
    """How many lines high a text is; titles are painted anew each time, the frame only makes room for them."""
    return text.count("\n") + 1 if text else 0


_PICTURE = """
export default { render({ model, el }) {
  let image = null, newest = 0, address = null;
  const words = document.createElement("p");
  words.className = "course-words";
  words.setAttribute("role", "status");
  words.setAttribute("aria-live", "polite");
  el.classList.add("course-picture");
  el.append(words);
  const say = () => {
    words.textContent = model.get("words");
    words.classList.toggle("course-trouble", model.get("trouble"));
    if (image) image.alt = model.get("alt");
  };
  const paint = () => {
    const bytes = model.get("png");
    if (!bytes || !bytes.byteLength) return;
    const mine = ++newest, next = new Image(), url = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    next.width = model.get("width");
    next.alt = model.get("alt");
    next.src = url;
    // Only a decoded picture replaces the one before: no blank moment in a drag.
    next.decode().catch(() => {}).then(() => {
      if (mine !== newest) return URL.revokeObjectURL(url);
      if (image) image.replaceWith(next); else el.prepend(next);
      if (address) URL.revokeObjectURL(address);
      image = next; address = url;
    });
  };
  model.on("change:png", paint);
  model.on("change:words", say); model.on("change:alt", say); model.on("change:trouble", say);
  paint(); say();
  return () => { if (address) URL.revokeObjectURL(address); };
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
  text-align: right; font-weight: 600; overflow: visible; }
.course-figure .widget-slider > .widget-readout { margin: 0; }
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
.course-picture img { max-width: 100%; height: auto; display: block; background: white; }
.course-picture .course-words { font-size: 17px; line-height: 1.4; margin: 6px 2px; min-height: 1.4em; max-width: 760px;
  color: var(--jp-ui-font-color0, #1a1a1a); }
.course-picture .course-trouble { border-left: 5px solid #BF4F00; padding-left: 8px; font-weight: 600; }
"""


class Picture(anywidget.AnyWidget):
    """A PNG with alt text and, below it, a line of words that screen readers announce when it changes."""

    _esm = _PICTURE
    _css = _LOOK
    png = traitlets.Bytes(b"").tag(sync=True)
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
