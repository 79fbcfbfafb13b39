// A plane with axes: heat map, points, lines, arrows, and knobs to drag. Units of the axes come from the kernel.

function niceTicks(low, high, wanted) {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((s) => s >= rough * 0.999);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) ticks.push(k * step);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return ticks.map((value) => [value, (Math.abs(value) < step / 1e6 ? 0 : value).toFixed(digits).replace("-", "\u2212")]);
}

// A class has a shape as well as a colour: circle, triangle, square, diamond.
function symbol(pen, kind, x, y, size, fill, edge = "#ffffff") {
  pen.beginPath();
  if (kind === 0) pen.arc(x, y, size, 0, 7);
  else {
    const corners = [null, [[0, -1.25], [1.15, 0.8], [-1.15, 0.8]], [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
      [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]]][kind];
    for (const [dx, dy] of corners) pen.lineTo(x + dx * size, y + dy * size);
    pen.closePath();
  }
  pen.fillStyle = fill;
  pen.fill();
  pen.lineWidth = 1.5;
  pen.strokeStyle = edge;
  pen.stroke();
}

function render(context) {
  const { model } = context;
  const setup = model.get("setup");
  const { xlim, ylim, width, height, labels, classes, colors } = setup;
  const table = bytes(setup.table);
  const left = 66, right = width - 20, top = classes.length ? 38 : 14, bottom = height - 54;
  const toX = (x) => left + ((x - xlim[0]) / (xlim[1] - xlim[0])) * (right - left);
  const toY = (y) => bottom - ((y - ylim[0]) / (ylim[1] - ylim[0])) * (bottom - top);
  const fromX = (px) => xlim[0] + ((px - left) / (right - left)) * (xlim[1] - xlim[0]);
  const fromY = (py) => ylim[0] + ((bottom - py) / (bottom - top)) * (ylim[1] - ylim[0]);
  const within = (value, [low, high]) => Math.min(high, Math.max(low, value));

  let heat = null; // the coloured field, remade only when the field changes
  let chosen; // key of the handle that the arrows move; null: the crosshair; undefined: nothing chosen yet
  let cross = [(xlim[0] + xlim[1]) / 2, (ylim[0] + ylim[1]) / 2];
  let dragged = null;
  let moved = new Map(); // where handles are that the kernel has not heard of yet

  const events = () => model.get("events");
  const handles = () => model.get("handles").map((h) => (moved.has(h.key) ? { ...h, at: moved.get(h.key) } : h));
  const choices = () => [...model.get("handles").map((h) => h.key), ...(events().click ? [null] : [])];
  const current = () => (choices().includes(chosen) ? chosen : choices()[0]);

  function readField() {
    const field = model.get("field");
    heat = field.rows ? colored(bytes(field.data), field.rows, field.cols, table, true) : null;
  }

  function drawAxes(pen) {
    pen.font = FONT;
    pen.fillStyle = pen.strokeStyle = "#222222";
    pen.lineWidth = 1;
    pen.strokeRect(left, top, right - left, bottom - top);
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const [value, text] of niceTicks(...xlim, 5)) {
      pen.fillRect(toX(value) - 0.5, bottom, 1, 6);
      pen.fillText(text, toX(value), bottom + 9);
    }
    pen.fillText(labels[0], (left + right) / 2, bottom + 32);
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const [value, text] of niceTicks(...ylim, 5)) {
      pen.fillRect(left - 6, toY(value) - 0.5, 6, 1);
      pen.fillText(text, left - 9, toY(value));
    }
    pen.save();
    pen.translate(13, (top + bottom) / 2);
    pen.rotate(-Math.PI / 2);
    pen.textAlign = "center";
    pen.fillText(labels[1], 0, 0);
    pen.restore();
    let x = left + 8;
    pen.textAlign = "left";
    classes.forEach((name, index) => {
      symbol(pen, index, x, 20, 7, colors[index]);
      pen.fillStyle = "#222222";
      pen.fillText(name, x + 14, 20);
      x += pen.measureText(name).width + 44;
    });
  }

  function drawPoints(pen) {
    const points = model.get("points");
    if (!points.xy) return;
    const xy = floats(points.xy), kinds = bytes(points.classes), marked = bytes(points.marked);
    for (let i = 0; i < kinds.length; i++) {
      const x = toX(xy[2 * i]), y = toY(xy[2 * i + 1]);
      symbol(pen, kinds[i], x, y, setup.size, colors[kinds[i]]);
      if (!marked[i]) continue;
      pen.beginPath();
      pen.arc(x, y, setup.size + 5, 0, 7);
      pen.lineWidth = 2.5;
      pen.strokeStyle = "#000000";
      pen.stroke();
    }
  }

  function drawShape(pen, shape) {
    const xy = floats(shape.xy);
    pen.strokeStyle = pen.fillStyle = shape.color;
    pen.lineWidth = shape.width;
    pen.lineJoin = "round";
    pen.setLineDash(shape.dashed ? [9, 6] : []);
    pen.beginPath();
    let open = false; // a gap (NaN) in a curve lifts the pen
    for (let i = 0; i < xy.length; i += 2) {
      if (Number.isNaN(xy[i]) || Number.isNaN(xy[i + 1])) { open = false; continue; }
      const x = within(toX(xy[i]), [-1e4, 1e4]), y = within(toY(xy[i + 1]), [-1e4, 1e4]);
      if (open) pen.lineTo(x, y); else pen.moveTo(x, y);
      open = true;
    }
    pen.stroke();
    pen.setLineDash([]);
    if (!shape.arrow) return;
    const [x0, y0, x1, y1] = [toX(xy[0]), toY(xy[1]), toX(xy[2]), toY(xy[3])];
    if (Math.hypot(x1 - x0, y1 - y0) < 2) return;
    const turn = Math.atan2(y1 - y0, x1 - x0), length = 8 + 2.5 * shape.width;
    pen.beginPath();
    for (const side of [0, 2.7, -2.7]) {
      const far = side ? length : 0;
      pen.lineTo(x1 + far * Math.cos(turn + side), y1 + far * Math.sin(turn + side));
    }
    pen.closePath();
    pen.fill();
  }

  function drawHandle(pen, handle, lit) {
    const x = toX(handle.at[0]), y = toY(handle.at[1]);
    pen.beginPath();
    pen.arc(x, y, 10, 0, 7);
    pen.fillStyle = lit ? "#f0e442" : "#ffffff";
    pen.fill();
    pen.lineWidth = 3.5;
    pen.strokeStyle = "#000000";
    pen.stroke();
    pen.font = BOLD;
    pen.textBaseline = "middle";
    pen.textAlign = x > right - 90 ? "right" : "left";
    const side = x > right - 90 ? -17 : 17;
    pen.lineWidth = 4;
    pen.strokeStyle = "#ffffff"; // a white edge keeps the letters readable on any colour
    pen.strokeText(handle.label, x + side, y);
    pen.fillStyle = "#000000";
    pen.fillText(handle.label, x + side, y);
  }

  function drawCross(pen) {
    const x = toX(cross[0]), y = toY(cross[1]);
    for (const [color, wide] of [["#ffffff", 5], ["#000000", 2]]) {
      pen.strokeStyle = color;
      pen.lineWidth = wide;
      pen.beginPath();
      pen.moveTo(x - 12, y); pen.lineTo(x + 12, y); pen.moveTo(x, y - 12); pen.lineTo(x, y + 12);
      pen.stroke();
    }
  }

  function paint(pen) {
    if (!stage?.pending()) moved = new Map(); // the kernel knows all: what it says counts, also where it moved a knob
    pen.save();
    pen.beginPath();
    pen.rect(left, top, right - left, bottom - top);
    pen.clip();
    // The values sit on a grid that includes both ends of each axis, so half a cell at the rim falls outside.
    if (heat) pen.drawImage(heat, 0.5, 0.5, heat.width - 1, heat.height - 1, left, top, right - left, bottom - top);
    const shapes = model.get("shapes");
    for (const shape of shapes) if (!shape.arrow) drawShape(pen, shape);
    drawPoints(pen);
    for (const shape of shapes) if (shape.arrow) drawShape(pen, shape);
    pen.restore();
    drawAxes(pen);
    const here = stage?.focused() ? current() : undefined;
    for (const handle of handles()) drawHandle(pen, handle, handle.key === here || handle.key === dragged);
    if (here === null) drawCross(pen);
  }

  let stage = null;
  stage = makeStage(context, paint, {
    size: () => ({ width, height }),
    role: () => (events().click || events().key || model.get("handles").length ? "application" : "img"),
    help: () => {
      const parts = [];
      if (model.get("handles").length) parts.push("arrow keys move a knob (Shift: finer)");
      if (choices().length > 1) parts.push("n: next " + (events().click ? "knob or crosshair" : "knob"));
      if (events().click) parts.push("arrow keys and Enter, or a click: set a point (Shift: the other kind)");
      return parts.join("; ") + (setup.keys ? "; " + setup.keys : "");
    },
  });
  const { canvas, on, at, send } = stage;
  const tell = ([x, y], who) => stage.say(`${who}${labels[0]} ${x.toPrecision(3)}, ${labels[1]} ${y.toPrecision(3)}`);

  function move(key, x, y) {
    const there = [within(x, xlim), within(y, ylim)];
    moved.set(key, there);
    send({ kind: "drag", key, x: there[0], y: there[1] }, { replaces: true });
    stage.redraw();
  }

  on(canvas, "pointerdown", (event) => {
    if (event.button) return;
    const [px, py] = at(event);
    const near = handles().map((h) => [Math.hypot(toX(h.at[0]) - px, toY(h.at[1]) - py), h.key]).sort((a, b) => a[0] - b[0])[0];
    if (near && near[0] < (event.pointerType === "touch" ? 32 : 20)) {
      chosen = dragged = near[1];
      canvas.setPointerCapture(event.pointerId);
      stage.redraw();
    } else if (events().click && px >= left && px <= right && py >= top && py <= bottom) {
      cross = [fromX(px), fromY(py)];
      send({ kind: "click", x: cross[0], y: cross[1], shift: event.shiftKey });
    }
  });
  on(canvas, "pointermove", (event) => {
    const [px, py] = at(event);
    if (dragged !== null) return move(dragged, fromX(px), fromY(py));
    const over = handles().some((h) => Math.hypot(toX(h.at[0]) - px, toY(h.at[1]) - py) < 20);
    canvas.style.cursor = over ? "grab" : events().click ? "crosshair" : "default";
  });
  for (const name of ["pointerup", "pointercancel"]) on(canvas, name, () => { dragged = null; stage.redraw(); });

  stage.onKeys((key, shift, event) => {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
    const who = current();
    if (arrow && who !== undefined) {
      const part = shift ? 250 : 50;
      const [dx, dy] = [(arrow[0] * (xlim[1] - xlim[0])) / part, (arrow[1] * (ylim[1] - ylim[0])) / part];
      if (who === null) {
        cross = [within(cross[0] + dx, xlim), within(cross[1] + dy, ylim)];
        tell(cross, "");
        stage.redraw();
      } else {
        const handle = handles().find((h) => h.key === who);
        move(who, handle.at[0] + dx, handle.at[1] + dy);
      }
      return true;
    }
    if (key === "n" && choices().length > 1) {
      chosen = choices()[(choices().indexOf(who) + 1) % choices().length];
      const handle = handles().find((h) => h.key === chosen);
      if (handle) tell(handle.at, handle.label + ": "); else tell(cross, "crosshair: ");
      stage.redraw();
      return true;
    }
    if ((key === "Enter" || key === " ") && events().click) {
      if (!event.repeat) send({ kind: "click", x: cross[0], y: cross[1], shift });
      return true;
    }
    if (!events().key || key === "Shift") return false;
    send({ kind: "key", key });
    return true;
  });

  model.on("change:field", readField);
  context.signal.addEventListener("abort", () => model.off("change:field", readField));
  readField();
  stage.redraw();
}

export default { initialize: lookAhead, render };
