// A grid of numbers as coloured cells. The reader visits a cell by pointer or arrow keys; frames mark groups of cells.

function render(context) {
  const { model } = context;
  const { rows, cols, cell, table: raw, row_labels, col_labels, left, top, width, height, lettered, digits } =
    model.get("setup");
  const table = bytes(raw);
  let shades = null, picture = null, values = null;
  let here = null; // [row, col]
  let stage = null;

  function read() {
    const cells = model.get("cells");
    shades = bytes(cells.data);
    picture = colored(shades, rows, cols, table, false);
    values = floats(cells.values);
  }

  const text = (row, col) => values[row * cols + col].toFixed(digits).replace("-", "\u2212");
  const box = (row, col, high = 1, wide = 1) => [left + col * cell, top + row * cell, wide * cell, high * cell];

  function paint(pen) {
    pen.imageSmoothingEnabled = false;
    pen.drawImage(picture, ...box(0, 0, rows, cols));
    pen.font = FONT;
    pen.textBaseline = "middle";
    pen.textAlign = "center";
    if (lettered) {
      for (let i = 0; i < values.length; i++) {
        const place = [Math.floor(i / cols), i % cols], [x, y] = box(...place);
        pen.fillStyle = inkOn(...table.subarray(3 * shades[i], 3 * shades[i] + 3));
        pen.fillText(text(...place), x + cell / 2, y + cell / 2 + 1);
      }
    }
    if (cell >= 12) {
      pen.strokeStyle = "#9a9a9a";
      pen.lineWidth = 1;
      pen.beginPath();
      for (let row = 1; row < rows; row++) { pen.moveTo(left, top + row * cell); pen.lineTo(left + cols * cell, top + row * cell); }
      for (let col = 1; col < cols; col++) { pen.moveTo(left + col * cell, top); pen.lineTo(left + col * cell, top + rows * cell); }
      pen.stroke();
    }
    pen.strokeStyle = "#222222";
    pen.lineWidth = 1.5;
    pen.strokeRect(...box(0, 0, rows, cols));
    pen.fillStyle = "#222222";
    pen.textAlign = "right";
    row_labels.forEach((label, row) => pen.fillText(label, left - 7, top + (row + 0.5) * cell));
    pen.textAlign = "left";
    col_labels.forEach((label, col) => {
      pen.save();
      pen.translate(left + (col + 0.5) * cell, top - 7);
      pen.rotate(-Math.PI / 2);
      pen.fillText(label, 0, 0);
      pen.restore();
    });
    for (const mark of model.get("marks")) {
      const [x, y, wide, high] = box(mark.row, mark.col, mark.height, mark.width);
      pen.strokeStyle = "#ffffff"; // a white rim keeps the frame visible on any colour
      pen.lineWidth = 6;
      pen.strokeRect(x + 2, y + 2, wide - 4, high - 4);
      pen.strokeStyle = mark.color;
      pen.lineWidth = 3.5;
      pen.strokeRect(x + 2, y + 2, wide - 4, high - 4);
    }
    if (here && active()) {
      const [x, y, wide, high] = box(...here);
      const rim = cell >= 12 ? 1.5 : -1.5;
      pen.strokeStyle = "#ffffff";
      pen.lineWidth = 5;
      pen.strokeRect(x + rim, y + rim, wide - 2 * rim, high - 2 * rim);
      pen.strokeStyle = "#000000";
      pen.lineWidth = 2.5;
      pen.strokeRect(x + rim, y + rim, wide - 2 * rim, high - 2 * rim);
    }
  }

  const active = () => { const { cell: visit, click } = model.get("events"); return visit || click; };
  stage = makeStage(context, paint, {
    size: () => ({ width, height }),
    role: () => (active() ? "application" : "img"),
    help: () => "arrow keys: next cell" + (model.get("events").click ? "; Enter or a click: change it" : ""),
  });
  const { canvas, on, send } = stage;

  function visit(row, col) {
    if (here && here[0] === row && here[1] === col) return;
    here = [row, col];
    stage.say(`row ${row + 1}, column ${col + 1}: ${text(row, col)}`);
    if (model.get("events").cell) send({ kind: "cell", row, col }, { replaces: true });
    stage.redraw();
  }
  const press = (shift) => { if (model.get("events").click) send({ kind: "click", row: here[0], col: here[1], shift }); };
  const under = (event) => {
    const [x, y] = stage.at(event);
    const row = Math.floor((y - top) / cell), col = Math.floor((x - left) / cell);
    return row >= 0 && col >= 0 && row < rows && col < cols ? [row, col] : null;
  };
  on(canvas, "pointermove", (event) => { const place = active() && under(event); if (place) visit(...place); });
  on(canvas, "pointerdown", (event) => {
    const place = active() && !event.button && under(event);
    if (!place) return;
    visit(...place);
    press(event.shiftKey);
  });
  stage.onKeys((key, shift) => {
    const arrow = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
    if (!active()) return false;
    if (arrow) {
      const inside = (value, count) => Math.min(count - 1, Math.max(0, value));
      if (here) visit(inside(here[0] + arrow[0], rows), inside(here[1] + arrow[1], cols));
      else visit(0, 0);
      return true;
    }
    if ((key === "Enter" || key === " ") && here) { press(shift); return true; }
    return false;
  });

  model.on("change:cells", read);
  context.signal.addEventListener("abort", () => model.off("change:cells", read));
  read();
  stage.redraw();
}

export default { initialize: lookAhead, render };
