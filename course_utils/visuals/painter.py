"""From a Matplotlib figure to pixels in the reader's browser, quickly and with words.

Painting a figure anew takes about 35 ms, five sixths of which go into the frame: ticks, numbers, labels. A Painter
keeps the painted frame, and of what lies in it paints only the axes where something changed.
"""

import struct
import weakref
import zlib
from functools import lru_cache

import numpy as np
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import Collection
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.spines import Spine
from matplotlib.text import Annotation, Text


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
    axes in which nothing changed since the last picture; on them the others. What changed once in a frame and may do so
    again (a title, the limits of an axis) is left out of it from then on.
    """

    def __init__(self, figure):
        self.figure = figure
        self._frame = self._background = self._below = None
        self._resting, self._apart = frozenset(), False
        self._stamps = weakref.WeakKeyDictionary()  # legend or text -> its pixels, as long as it looks the same
        self._places = weakref.WeakKeyDictionary()  # annotation -> where it points: it notes no change of that
        self._moving = set()  # titles that have changed once: they are painted each time
        self._views = {}  # axis -> its limits in the last picture
        self._loose = {}  # axis whose limits have changed -> the most signs that a number on it had; painted each time

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
        moved = self._follow_limits()
        groups = [[inner for inner in _inside(axes, self._loose) if inner not in still] for axes in figure.axes]
        framed = {figure.patch, *figure.axes}
        above = _back_to_front(artist for artist in figure.get_children() if artist not in framed)
        inside = [inner for group in groups for inner in group] + above
        frame = [inside, tuple(figure.get_size_inches()), figure.dpi,
                 *(_frame(axes, self._loose) for axes in figure.axes)]
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
        stirred = {k for k, axes in enumerate(figure.axes) if moved & {axes.xaxis, axes.yaxis}}
        for artist in (artist for k in stirred for artist in groups[k]):
            self._stamps.pop(artist, None)  # it may stand at another place
        self._resume(groups, fresh, stirred)
        for group in [group for k, group in enumerate(groups) if k not in self._resting] + [above]:
            self._draw(group)
        figure._painted_by = self

    def _follow_limits(self):
        """Note which axes have other limits than in the last picture; returns these Axis artists.

        Such an axis is loose from then on: it lies on the frame and not in it, for a new frame takes 150 ms. There has
        to be one only when its numbers get longer than ever, because they may need more room.
        """
        both = [axis for axes in self.figure.axes for axis in (axes.xaxis, axes.yaxis)]
        views = {axis: tuple(axis.get_view_interval()) for axis in both}
        moved = {axis for axis, view in views.items() if self._views.get(axis, view) != view}
        self._views = views
        for axis in moved:
            if axis.axes.get_aspect() == "auto":  # else the limits change the size of the axes
                numbers = axis.get_major_formatter().format_ticks(axis.get_majorticklocs())
                self._loose[axis] = max([self._loose.get(axis, 0), *map(len, numbers)])
        return moved

    def _come_to_the_front(self):
        """Remember that this figure is in use; one that has not been for a while gives its kept layers (3 MB) back."""
        _in_use[:] = [one for one in _in_use if one() not in (None, self)] + [weakref.ref(self)]
        for one in _in_use[:-AT_ONCE]:
            other = one()
            other._background = other._below = None
            other._stamps.clear()
        del _in_use[:-AT_ONCE]

    def _resume(self, groups, fresh, stirred):
        """Put the frame on the canvas and what rests on it: axes whose artists have not changed, and stay inside."""
        rests = not fresh and self._apart
        resting = frozenset(k for k, group in enumerate(groups)
                            if rests and k not in stirred and all(map(_unchanged, group)))
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
            if type(artist) in (Legend, Text, Annotation):
                self._stamp(artist, renderer)
            elif type(artist) is AxesImage and _coarse(artist):
                cells(artist).draw(renderer)
                artist.__class__ = AxesImage  # its next values may be finer
            else:
                artist.draw(renderer)
            for part in (artist, *getattr(artist, "legend_handles", ()), getattr(artist, "arrow_patch", None)):
                if part is not None:
                    part.stale = False  # drawing an invisible one leaves it as it was

    def _stamp(self, artist, renderer):
        """Paint a legend (else 10 ms) or a text (else 1 ms) from its pixels, kept since it first looked as before."""
        looks_around = isinstance(artist, Legend) and artist._loc == 0  # "best" seeks a place anew each time
        place = _pointed(artist)
        same = not (artist.stale or getattr(artist.arrow_patch, "stale", False)) if place else _unchanged(artist)
        if looks_around or not same or not artist.get_visible() or self._places.get(artist) != place:
            self._places[artist] = place
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


def _pointed(artist):
    """From where to where an annotation points, or None for other artists."""
    return (*artist.xy, *artist.xyann) if isinstance(artist, Annotation) else None


def _unchanged(artist):
    """Whether an artist surely looks as when it was last painted; False for kinds that do not note every change."""
    if isinstance(artist, Legend):
        return not any(part.stale for part in (artist, *artist.get_texts(), *artist.legend_handles))
    noted = isinstance(artist, (AxesImage, Collection, Line2D, Patch)) and not isinstance(artist, FancyArrowPatch)
    plain = isinstance(artist, Text) and not isinstance(artist, Annotation)
    stays = noted and artist.get_clip_on() or plain or isinstance(artist, (Spine, Axis))
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


def _inside(axes, loose):
    """What is painted on top of the kept frame, from back to front."""
    if not axes.get_visible():
        return []
    kept = {axis for axis in (axes.xaxis, axes.yaxis) if not (axes.axison and axis in loose)} | {axes.patch}
    if not (axes.axison and axes.get_frame_on()):  # axes.axis("off") means no spines either
        kept |= set(axes.spines.values())
    return _back_to_front(artist for artist in axes.get_children() if artist not in kept)


def _back_to_front(artists):
    return sorted(artists, key=lambda artist: artist.get_zorder())


def _frame(axes, loose):
    """All that the kept frame depends on; while two of these are equal, so are the frames."""
    sides = []
    for axis in (axes.xaxis, axes.yaxis):
        room = loose.get(axis, tuple(axis.get_view_interval()))
        sides.append((room, axis.get_scale(), axis.label.get_text(), axis.get_visible(), axis.get_major_locator(),
                      axis.get_major_formatter(), axis.get_minor_locator(), axis.get_minor_formatter(),
                      axis.label.get_color(), axis.get_tick_params()))
    return (sides, axes.get_visible(), axes.axison, axes.get_frame_on(), axes.get_aspect(), axes.get_facecolor(),
            [_lines(axes.get_title(loc)) for loc in ("left", "center", "right")])


def _lines(text):
    """How many lines high a text is; titles are painted anew each time, the frame only makes room for them."""
    return text.count("\n") + 1 if text else 0
