// What every canvas of the course shares: the box on the page, sharp pixels, words, and the way events go to the kernel.

const FONT = "15px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif";
const BOLD = "bold " + FONT;

// Arrays come as raw bytes; a copy of our own is aligned and stays valid.
const bytes = (view) => new Uint8Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
const floats = (view) => new Float32Array(bytes(view).buffer);

function node(tag, attributes, parent) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}

// Colours a picture of uint8 values by a table of 256 RGB colours. Returns a small canvas to be drawn at any size.
function colored(values, rows, cols, table, flip) {
  const small = document.createElement("canvas");
  small.width = cols;
  small.height = rows;
  const image = new ImageData(cols, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < rows; row++) {
    const from = (flip ? rows - 1 - row : row) * cols;
    for (let col = 0; col < cols; col++) {
      const c = 3 * values[from + col];
      pixels[row * cols + col] = 0xff000000 | (table[c + 2] << 16) | (table[c + 1] << 8) | table[c];
    }
  }
  small.getContext("2d").putImageData(image, 0, 0);
  return small;
}

// Black or white, whichever reads better on a colour.
const inkOn = (red, green, blue) => (0.299 * red + 0.587 * green + 0.114 * blue > 140 ? "#000000" : "#ffffff");

/* Builds the page part of one view and returns
   {canvas, redraw, send, say, pending, at, on}: draw again, tell the kernel, tell a screen reader,
   are events still on their way, where did the pointer go (in canvas units), listen until the view is gone. */
function makeStage({ model, el, signal }, paint, { size, help, role = () => "application", extra }) {
  const view = Math.random().toString(36).slice(2, 10);
  const box = node("div", { class: "course-canvas" }, el);
  const canvas = node("canvas", { "aria-label": model.get("setup").name }, box);
  const bar = extra ? node("div", { class: "course-canvas-bar" }, box) : null;
  const words = node("p", { class: "course-canvas-words", "aria-live": "polite", id: "course-words-" + view }, box);
  const keys = node("p", { class: "course-canvas-help", id: "course-help-" + view }, box);
  const spoken = node("span", { class: "course-canvas-spoken", "aria-live": "polite" }, box);
  canvas.setAttribute("aria-describedby", words.id + " " + keys.id);
  const pen = canvas.getContext("2d");

  function redraw() {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = size();
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.width = width + "px";
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, width, height);
    paint(pen);
  }

  function describe() {
    const text = model.get("text");
    if (words.textContent !== text) words.textContent = text;
    words.style.display = text ? "" : "none";
    const active = role() === "application";
    canvas.setAttribute("role", role());
    keys.textContent = active ? help() : "";
    keys.style.display = active ? "" : "none";
    if (active) {
      canvas.tabIndex = 0;
      canvas.setAttribute("data-lm-suppress-shortcuts", "true"); // or JupyterLab takes the arrow keys
      canvas.style.touchAction = "none";
    }
  }

  // One event is on its way at a time. Of those that wait, a newer one of a kind replaces an older one if it says so
  // (a drag), so a slow kernel is never flooded; a click is never lost.
  let busy = 0, count = 0, timer = 0, waiting = [];
  function pump() {
    if (busy || !waiting.length) return;
    const { message, buffers } = waiting.shift();
    busy = ++count;
    model.send({ ...message, view, seq: busy }, undefined, buffers);
    timer = setTimeout(() => { busy = 0; pump(); }, 1000);
  }
  function send(message, { replaces = false, buffers } = {}) {
    if (replaces) waiting = waiting.filter((old) => old.message.kind !== message.kind || old.message.key !== message.key);
    waiting.push({ message, buffers });
    pump();
  }
  function acknowledged() {
    const [who, seq] = model.get("ack");
    if (who !== view || seq !== busy) return;
    clearTimeout(timer);
    busy = 0;
    pump();
  }

  function at(event) {
    const edge = canvas.getBoundingClientRect();
    const { width, height } = size();
    return [((event.clientX - edge.left) / edge.width) * width, ((event.clientY - edge.top) / edge.height) * height];
  }
  const on = (target, name, act) => target.addEventListener(name, act, { signal });
  // A key that the canvas understands goes no further.
  const onKeys = (act) => on(canvas, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
    if (act(event.key, event.shiftKey, event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  const changed = () => { describe(); redraw(); };
  model.on("change:ack", acknowledged);
  model.on("change", changed);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    model.off("change:ack", acknowledged);
    model.off("change", changed);
    el.replaceChildren();
  });
  for (const name of ["focus", "blur"]) on(canvas, name, redraw);
  on(window, "resize", redraw); // also comes when the zoom changes
  describe();
  return {
    canvas, bar, redraw, send, at, on, onKeys, view,
    say: (text) => { spoken.textContent = text; },
    pending: () => busy > 0 || waiting.length > 0,
    focused: () => document.activeElement === canvas,
  };
}
