"""From a Matplotlib figure to pixels in the reader's browser, quickly and with words.

Painting a figure anew takes about 35 ms, five sixths of which go into the frame: ticks, numbers, labels. A Painter
keeps the painted frame, and of what lies in it paints only the axes where something changed.
"""

import struct
import weakref
import zlib
from functools import lru_cache

import anywidget
import numpy as np
import traitlets
from IPython import get_ipython
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import Collection
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.spines import Spine
from matplotlib.text import Text


def encode_png(pixels, words="", level=1):
    """The (height, width, 3 or more) uint8 pixels as PNG bytes; `words` go in as the PNG's Description.

    Level 1 to 9 trades speed for size. No date, no program and no version is written, so the same pixels and words
    always give the same bytes.
    """
    height, width = pixels.shape[:2]
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # each row of a PNG begins with the number of its filter, here 0
    for channel in range(3):  # one after the other: seven times as fast as reshape
        rows[:, 1 + channel :: 3] = pixels[:, :, channel]
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))]
    if words:
        chunks.append((b"iTXt", b"Description\0\0\0\0\0" + words.encode("utf-8")))
    chunks += [(b"IDAT", zlib.compress(rows.tobytes(), level)), (b"IEND", b"")]
    packed = (struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
              for kind, body in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


AT_ONCE = 1  # figures whose layers are kept
_in_use = []  # weak references to their painters, the latest last


class Painter:
    """Paints one Matplotlib figure again and again, and of it only what changed.

    Three layers: the frame of the axes (ticks, labels, titles that stay), painted anew only when it changes; on it the
    axes in which nothing changed since the last picture; on them the others.
    """

    def __init__(self, figure):
        self.figure = figure
        self._frame = self._background = self._below = None
        self._resting, self._apart = frozenset(), False
        self._stamps = weakref.WeakKeyDictionary()  # legend or text -> its pixels, as long as it looks the same
        self._moving = set()  # titles that have changed once: they are painted each time

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
        self._come_to_the_front()
        titles = {title for axes in figure.axes for title in (axes.title, axes._left_title, axes._right_title)}
        self._moving |= {title for title in titles if title.stale and self._frame is not None}
        still = titles - self._moving
        groups = [[inner for inner in _inside(axes) if inner not in still] for axes in figure.axes]
        framed = {figure.patch, *figure.axes}
        above = _back_to_front(artist for artist in figure.get_children() if artist not in framed)
        inside = [inner for group in groups for inner in group] + above
        frame = [inside, tuple(figure.get_size_inches()), figure.dpi, *(_frame(axes) for axes in figure.axes)]
        anew = frame != self._frame or self._background is None
        fresh = anew or getattr(figure, "_painted_by", None) is not self
        if anew:
            for artist in (*inside, *still):
                artist.set_animated(False)
            if frame != self._frame:  # else all stays in place: a layout done again moves things by a tenth of a pixel
                figure.draw_without_rendering()  # lets the layout engine see everything, also what is painted later
            engine = figure.get_layout_engine()
            figure.set_layout_engine("none")
            for artist in inside:
                artist.set_animated(True)  # left out by canvas.draw, but not by savefig
            canvas.draw()
            for title in still:
                title.stale = False  # drawing an empty one leaves it as it was
            figure.set_layout_engine(engine)
            self._background = canvas.copy_from_bbox(figure.bbox)
            self._frame, self._apart = frame, _apart(figure.axes)
            self._stamps.clear()
        self._resume(groups, fresh)
        for group in [group for k, group in enumerate(groups) if k not in self._resting] + [above]:
            self._draw(group)
        figure._painted_by = self

    def _come_to_the_front(self):
        """Remember that this figure is in use; one that has not been for a while gives its kept layers (3 MB) back."""
        _in_use[:] = [one for one in _in_use if one() not in (None, self)] + [weakref.ref(self)]
        for one in _in_use[:-AT_ONCE]:
            other = one()
            other._background = other._below = None
            other._stamps.clear()
        del _in_use[:-AT_ONCE]

    def _resume(self, groups, fresh):
        """Put the frame on the canvas and what rests on it: axes whose artists have not changed, and stay inside."""
        rests = not fresh and self._apart
        resting = frozenset(k for k, group in enumerate(groups) if rests and all(map(_unchanged, group)))
        if resting and resting == self._resting:
            self.figure.canvas.restore_region(self._below)
            return
        self.figure.canvas.restore_region(self._background)
        self._resting = resting
        if resting:
            for k in sorted(resting):
                self._draw(groups[k])
            self._below = self.figure.canvas.copy_from_bbox(self.figure.bbox)

    def _draw(self, artists):
        renderer = self.figure.canvas.get_renderer()
        for artist in artists:
            if type(artist) in (Legend, Text):
                self._stamp(artist, renderer)
            elif type(artist) is AxesImage and _coarse(artist):
                cells(artist).draw(renderer)
                artist.__class__ = AxesImage  # its next values may be finer
            else:
                artist.draw(renderer)
            for part in (artist, *getattr(artist, "legend_handles", ())):
                part.stale = False  # drawing an invisible one leaves it as it was

    def _stamp(self, artist, renderer):
        """Paint a legend (else 10 ms) or a text (else 1 ms) from its pixels, kept since it first looked as before."""
        looks_around = isinstance(artist, Legend) and artist._loc == 0  # "best" seeks a place anew each time
        if looks_around or not _unchanged(artist) or not artist.get_visible():
            self._stamps.pop(artist, None)
            artist.draw(renderer)
            return
        if artist not in self._stamps:
            layer = _layer(renderer.width, renderer.height, renderer.dpi)
            layer.clear()
            artist.draw(layer)
            pixels = np.asarray(layer.buffer_rgba())
            rows, columns = (np.flatnonzero(pixels[..., 3].any(axis=axis)) for axis in (1, 0))
            if not rows.size:
                return
            part = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            self._stamps[artist] = columns[0], int(renderer.height) - 1 - rows[-1], part[::-1].copy()
        renderer.draw_image(renderer.new_gc(), *self._stamps[artist])


@lru_cache(maxsize=8)
def _layer(width, height, dpi):
    """A transparent sheet to paint on. There is one for each size, because a text keeps the one it was painted on."""
    return RendererAgg(width, height, dpi)


def _unchanged(artist):
    """Whether an artist surely looks as when it was last painted; False for kinds that do not note every change."""
    if isinstance(artist, Legend):
        return not any(part.stale for part in (artist, *artist.get_texts(), *artist.legend_handles))
    noted = isinstance(artist, (AxesImage, Collection, Line2D, Patch)) and not isinstance(artist, FancyArrowPatch)
    stays = noted and artist.get_clip_on() or type(artist) is Text or isinstance(artist, Spine)
    return stays and not artist.stale


def _coarse(image):
    """Whether an image is so small for its place that Matplotlib, too, paints its pixels as even rectangles."""
    values, place = image.get_array(), image.get_window_extent()
    return (values.ndim == 2 and image.get_interpolation() in ("auto", "antialiased", "nearest")
            and abs(place.width) >= 3 * values.shape[1] and abs(place.height) >= 3 * values.shape[0])


def _apart(axes):
    """Whether no two visible axes overlap: then it does not matter which is painted first."""
    boxes = [one.get_window_extent() for one in axes if one.get_visible()]
    return not any(one.overlaps(other) for k, one in enumerate(boxes) for other in boxes[:k])


class Cells(AxesImage):
    """An image whose pixels become even rectangles, in a fifth of the time that Matplotlib takes to resample it.

    For pictures much smaller than the place they fill: `cells(axes.imshow(...))`.
    """

    def make_image(self, renderer, magnification=1.0, unsampled=False):
        values = self.get_array()
        left, right, bottom, top = self.get_extent()
        (x0, y0), (x1, y1) = self.get_transform().transform([(left, bottom), (right, top)])
        frame = self.axes.bbox
        columns = np.arange(round(max(min(x0, x1), frame.x0)), round(min(max(x0, x1), frame.x1)))
        rows = np.arange(round(max(min(y0, y1), frame.y0)), round(min(max(y0, y1), frame.y1)))
        if not (columns.size and rows.size):
            return None, 0, 0, None
        across = np.clip((columns + 0.5 - x0) / (x1 - x0) * values.shape[1], 0, values.shape[1] - 1).astype(int)
        up = np.clip((rows + 0.5 - y0) / (y1 - y0) * values.shape[0], 0, values.shape[0] - 1).astype(int)
        if self.origin == "upper":
            up = values.shape[0] - 1 - up
        pixels = self.to_rgba(values, self.get_alpha(), bytes=True).view(np.uint32)  # four bytes, moved as one
        pixels = pixels[:, across, 0][up]
        return pixels.view(np.uint8).reshape(*pixels.shape, 4), columns[0], rows[0], None


def cells(image):
    """Make what `imshow` gave paint quickly, as `Cells`; returns it."""
    image.__class__ = Cells
    return image


def _inside(axes):
    """What is painted on top of the kept frame, from back to front."""
    if not axes.get_visible():
        return []
    kept = {axes.xaxis, axes.yaxis, axes.patch}
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


# Onto a canvas and not into an <img>: bytes become pixels in 5 ms instead of 13, without a new layout of the page.
_PICTURE = """
export default { render({ model, el }) {
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
