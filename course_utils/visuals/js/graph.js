// Neurons in columns. A connection's colour and dashes tell its sign, its width its strength; a neuron may hold a picture.

function render(context) {
  const { model } = context;
  const { sizes, width, height, radius, top, left, right, labels, titles, table: raw, plus, minus, pictured, editable, limit, step } =
    model.get("setup");
  const table = bytes(raw);
  let weights = [], pictures = [], values = [];
  let chosen = { layer: 0, index: 0, from: null }; // a neuron; with `from`, the connection that comes to it from there
  let keyed = false, grip = null;
  let stage = null;
  let edits = new Map(); // weights the kernel has not heard of yet

  const centre = (layer, index) => [
    left + radius + (layer * (width - left - right - 2 * radius)) / Math.max(1, sizes.length - 1),
    top + ((index + 0.5) * (height - top - 24)) / sizes[layer],
  ];
  const name = (layer, index) => labels[layer][index] || `neuron ${index + 1} of layer ${layer + 1}`;
  const place = (layer, from, to) => from * sizes[layer + 1] + to; // of a weight between layer and layer + 1
  const weight = (layer, from, to) => edits.get(`${layer}/${from}/${to}`) ?? weights[layer][place(layer, from, to)];

  function read() {
    weights = model.get("weights").map(floats);
    values = model.get("values").map(floats);
    const { side, data } = model.get("pictures");
    pictures = [];
    if (!side) return;
    const all = bytes(data);
    let start = 0;
    pictures = sizes.map((count) => Array.from({ length: count }, () => {
      const end = start + side * side;
      const one = colored(all.subarray(start, end), side, side, table, true);
      start = end;
      return one;
    }));
  }

  function ends(layer, from, to) {
    const [x0, y0] = centre(layer, from), [x1, y1] = centre(layer + 1, to);
    return [x0 + radius, y0, x1 - radius, y1];
  }

  function trace(pen, layer, from, to) {
    const [x0, y0, x1, y1] = ends(layer, from, to), bend = (x1 - x0) / 3;
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
  }

  function drawConnection(pen, layer, from, to, lit) {
    const value = weight(layer, from, to);
    trace(pen, layer, from, to);
    const wide = 1 + 8 * Math.min(1, Math.abs(value) / limit);
    if (lit) {
      pen.strokeStyle = "#000000";
      pen.setLineDash([]);
      pen.lineWidth = wide + 6;
      pen.stroke();
      pen.strokeStyle = "#ffffff";
      pen.lineWidth = wide + 3;
      pen.stroke();
    }
    pen.strokeStyle = value < 0 ? minus : plus;
    pen.setLineDash(value < 0 ? [7 + 1.5 * wide, 4 + wide / 2] : []);
    pen.lineWidth = wide;
    pen.stroke();
    pen.setLineDash([]);
  }

  function drawNeuron(pen, layer, index, lit) {
    const [x, y] = centre(layer, index);
    pen.beginPath();
    if (pictured) pen.rect(x - radius, y - radius, 2 * radius, 2 * radius); else pen.arc(x, y, radius, 0, 7);
    pen.fillStyle = "#ffffff";
    pen.fill();
    if (pictures.length) pen.drawImage(pictures[layer][index], x - radius, y - radius, 2 * radius, 2 * radius);
    pen.lineWidth = lit ? 5 : 2;
    pen.strokeStyle = "#000000";
    pen.stroke();
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = FONT;
    pen.fillStyle = "#222222";
    if (values.length) label(pen, values[layer][index].toFixed(2).replace("-", "\u2212"), x, pictured ? y + radius + 11 : y);
    const text = labels[layer][index];
    if (!text) return;
    if (layer === 0) { pen.textAlign = "right"; pen.fillText(text, x - radius - 8, y); }
    else if (layer === sizes.length - 1) { pen.textAlign = "left"; pen.fillText(text, x + radius + 8, y); }
    else label(pen, text, x, y - radius - 11);
  }

  function label(pen, text, x, y) { // with a white rim, for it may cross connections
    pen.font = FONT;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineWidth = 4;
    pen.strokeStyle = "#ffffff";
    pen.strokeText(text, x, y);
    pen.fillStyle = "#222222";
    pen.fillText(text, x, y);
  }

  function paint(pen) {
    if (!stage?.pending()) edits = new Map();
    const { layer, index, from } = chosen;
    const lit = stage?.focused() && active() && (keyed || from !== null);
    weights.forEach((_, before) => {
      for (let i = 0; i < sizes[before]; i++) for (let j = 0; j < sizes[before + 1]; j++) drawConnection(pen, before, i, j, false);
    });
    if (lit && from !== null) drawConnection(pen, layer - 1, from, index, true);
    sizes.forEach((count, column) => {
      for (let i = 0; i < count; i++) drawNeuron(pen, column, i, lit && from === null && column === layer && i === index);
      if (titles[column]) label(pen, titles[column], centre(column, 0)[0], 14);
    });
    if (!lit || from === null) return;
    const [x0, y0, x1, y1] = ends(layer - 1, from, index);
    label(pen, weight(layer - 1, from, index).toFixed(2).replace("-", "\u2212"), (x0 + x1) / 2, (y0 + y1) / 2 - 16);
  }

  const active = () => { const { node: one, edge } = model.get("events"); return one || edge || editable; };
  stage = makeStage(context, paint, {
    size: () => ({ width, height }),
    role: () => (active() ? "application" : "img"),
    help: () => "arrow keys: next neuron; c: its next connection" + (editable ? "; + and \u2212, or dragging up and down: change the weight; 0: set it to zero" : ""),
  });
  const { canvas, on, send } = stage;

  function tellEdge(changed) {
    const { layer, index, from } = chosen;
    const value = weight(layer - 1, from, index);
    stage.say(`from ${name(layer - 1, from)} to ${name(layer, index)}: ${value.toFixed(2)}`);
    send({ kind: "edge", layer: layer - 1, source: from, target: index, weight: changed ? value : null }, { replaces: true });
    stage.redraw();
  }
  function tellNode() {
    stage.say(name(chosen.layer, chosen.index));
    send({ kind: "node", layer: chosen.layer, index: chosen.index }, { replaces: true });
    stage.redraw();
  }
  function edit(value) {
    const { layer, index, from } = chosen;
    edits.set(`${layer - 1}/${from}/${index}`, Math.round(value * 1000) / 1000);
    tellEdge(true);
  }
  const selected = () => weight(chosen.layer - 1, chosen.from, chosen.index);

  function hit([x, y]) {
    for (let layer = 0; layer < sizes.length; layer++) {
      for (let index = 0; index < sizes[layer]; index++) {
        const [cx, cy] = centre(layer, index);
        if (Math.hypot(x - cx, y - cy) <= radius * 1.2) return { layer, index, from: null };
      }
    }
    // A wide invisible line is easier to hit; of several the one drawn last.
    const pen = canvas.getContext("2d");
    pen.save();
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.lineWidth = 14;
    let found = null;
    weights.forEach((_, before) => {
      for (let from = 0; from < sizes[before]; from++) for (let to = 0; to < sizes[before + 1]; to++) {
        trace(pen, before, from, to);
        if (pen.isPointInStroke(x, y)) found = { layer: before + 1, index: to, from };
      }
    });
    pen.restore();
    return found;
  }

  on(canvas, "pointerdown", (event) => {
    const found = active() && !event.button && hit(stage.at(event));
    if (!found) return;
    chosen = found;
    keyed = true;
    if (found.from === null) return tellNode();
    if (editable) {
      grip = { y: event.clientY, weight: selected() };
      canvas.setPointerCapture(event.pointerId);
    }
    tellEdge(false);
  });
  on(canvas, "pointermove", (event) => {
    if (grip) edit(grip.weight + ((grip.y - event.clientY) * limit) / 100);
    else canvas.style.cursor = active() && hit(stage.at(event)) ? "pointer" : "default";
  });
  for (const end of ["pointerup", "pointercancel"]) on(canvas, end, () => { grip = null; });

  stage.onKeys((key) => {
    if (!active()) return false;
    const { layer, index, from } = chosen;
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    keyed = true;
    if (arrow) {
      const column = Math.min(sizes.length - 1, Math.max(0, layer + arrow[0]));
      const same = Math.min(sizes[column] - 1, index); // from a tall column to a short one
      chosen = { layer: column, index: Math.min(sizes[column] - 1, Math.max(0, same + arrow[1])), from: null };
      tellNode();
    } else if (key === "c" && layer > 0) {
      chosen = { layer, index, from: from === null ? 0 : (from + 1) % sizes[layer - 1] };
      tellEdge(false);
    } else if (editable && from !== null && (key === "+" || key === "-")) edit(selected() + (key === "+" ? step : -step));
    else if (editable && from !== null && key === "0") edit(0);
    else return false;
    return true;
  });

  const layers = ["weights", "values", "pictures"];
  for (const one of layers) model.on("change:" + one, read);
  context.signal.addEventListener("abort", () => { for (const one of layers) model.off("change:" + one, read); });
  read();
  stage.redraw();
}

export default { initialize: lookAhead, render };
