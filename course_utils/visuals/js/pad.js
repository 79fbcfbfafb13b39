// A drawing pad of 28 x 28 values from 0 (paper) to 1 (ink), as soft at the edges as scanned handwriting.

// How much ink a stroke piece leaves in each pixel: full within `radius` of the line, fading over `soft` pixels.
// course_utils/visuals/pad.py draws by the same formula.
function strokePiece(ink, side, radius, soft, [x0, y0], [x1, y1]) {
  const reach = radius + soft, dx = x1 - x0, dy = y1 - y0, square = dx * dx + dy * dy;
  const low = (a, b) => Math.max(0, Math.floor(Math.min(a, b) - reach));
  const high = (a, b) => Math.min(side - 1, Math.ceil(Math.max(a, b) + reach));
  for (let row = low(y0, y1); row <= high(y0, y1); row++) {
    for (let col = low(x0, x1); col <= high(x0, x1); col++) {
      const px = col + 0.5 - x0, py = row + 0.5 - y0;
      const along = square ? Math.min(1, Math.max(0, (px * dx + py * dy) / square)) : 0;
      const far = Math.hypot(px - along * dx, py - along * dy);
      const value = Math.min(1, Math.max(0, 0.5 + (radius - far) / soft));
      if (value > ink[row * side + col]) ink[row * side + col] = value;
    }
  }
}

function render(context) {
  const { model } = context;
  const { side, width, radius, soft } = model.get("setup");
  const scale = width / side;
  const gray = Uint8Array.from({ length: 768 }, (_, i) => 255 - Math.floor(i / 3)); // black ink on white paper
  let ink = new Float32Array(side * side);
  let at = [side / 2, side / 2]; // the pen, in pixels of the 28 x 28 picture
  let down = false; // by keyboard or pointer
  let keyboard = false, last = 0, timer = 0;
  let stage = null;

  function load() {
    const { data, from } = model.get("image");
    if (stage && from === stage.view) return; // our own drawing comes back: the pen may be further already
    ink = data ? floats(data) : new Float32Array(side * side);
  }

  function paint(pen) {
    pen.imageSmoothingEnabled = false; // the reader sees the pixels that the network gets
    pen.drawImage(colored(Uint8Array.from(ink, (value) => value * 255), side, side, gray, false), 0, 0, width, width);
    pen.strokeStyle = "#767676";
    pen.lineWidth = 2;
    pen.strokeRect(1, 1, width - 2, width - 2);
    if (!stage?.focused() || !keyboard) return;
    pen.beginPath();
    pen.arc(at[0] * scale, at[1] * scale, radius * scale, 0, 7);
    pen.fillStyle = down ? "#0072b2" : "#ffffff";
    pen.globalAlpha = 0.7;
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = "#0072b2";
    pen.stroke();
  }

  // While drawing the kernel hears of it at most 33 times a second; of a stroke's end at once, unless it knows that ink.
  // Two drawings may be on their way (the way takes four times as long as the answering), and the end of a stroke beside
  // them, because it is what the reader waits for; of those that wait only the newest counts.
  let sent = 0, answered = 0, waiting = null, lost = 0, untold = false;
  function post() {
    if (!waiting || sent - answered > (waiting.final ? 2 : 1)) return;
    model.send({ kind: "ink", ...waiting, view: stage.view, seq: ++sent }, undefined, [ink.slice().buffer]);
    waiting = null;
    clearTimeout(lost);
    lost = setTimeout(() => { answered = sent; post(); }, 1000);
  }
  function heard() {
    const [who, seq] = model.get("ack");
    if (who !== stage.view) return;
    answered = Math.max(answered, seq);
    if (answered === sent) clearTimeout(lost);
    post();
  }
  function tell(final) {
    clearTimeout(timer);
    const wait = last + 30 - performance.now();
    if (!final && wait > 0) {
      timer = setTimeout(tell, wait);
      return;
    }
    last = performance.now();
    if (untold) waiting = { final: Boolean(final) };
    else if (waiting) waiting.final ||= Boolean(final);
    untold = false;
    post();
  }

  function drawTo(there) {
    strokePiece(ink, side, radius, soft, at, there);
    untold = true;
    at = there;
    stage.redraw();
    tell(false);
  }

  function clear() {
    ink = new Float32Array(side * side);
    untold = true;
    stage.redraw();
    stage.say("empty");
    tell(true);
  }

  stage = makeStage(context, paint, {
    size: () => ({ width, height: width }),
    help: () => "draw with mouse, finger or pen; or arrow keys move, Space lowers and lifts the pen, Delete clears",
    extra: true,
  });
  const { canvas, on } = stage;
  canvas.style.cursor = "crosshair";
  const place = (event) => stage.at(event).map((value) => value / scale);
  const button = node("button", { type: "button" }, stage.bar);
  button.textContent = "Clear";
  on(button, "click", clear);

  on(canvas, "pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    keyboard = false;
    down = true;
    at = place(event);
    drawTo(at);
  });
  on(canvas, "pointermove", (event) => {
    if (!down || keyboard) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const piece of all.length ? all : [event]) drawTo(place(piece));
  });
  for (const name of ["pointerup", "pointercancel"]) {
    on(canvas, name, () => {
      if (!down || keyboard) return;
      down = false;
      tell(true);
    });
  }
  const lift = () => { // leaving the pad ends a stroke drawn by keys
    if (!down || !keyboard) return;
    down = false;
    stage.redraw();
    tell(true);
  };
  on(canvas, "blur", lift);

  stage.onKeys((key, shift) => {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    if (arrow) {
      keyboard = true;
      const [x, y] = at.map((value, i) => Math.min(side - 0.5, Math.max(0.5, value + arrow[i] * (shift ? 0.5 : 1))));
      stage.say(`column ${Math.ceil(x)}, row ${Math.ceil(y)}`);
      if (down) drawTo([x, y]);
      else { at = [x, y]; stage.redraw(); }
      return true;
    }
    if (key === " ") {
      keyboard = true;
      if (down) { lift(); stage.say("pen up"); }
      else { down = true; stage.say("pen down"); drawTo(at); }
      return true;
    }
    if (key === "Delete" || key === "Backspace") {
      clear();
      return true;
    }
    return false;
  });

  model.on("change:image", load);
  model.on("change:ack", heard);
  context.signal.addEventListener("abort", () => {
    clearTimeout(timer);
    clearTimeout(lost);
    model.off("change:image", load);
    model.off("change:ack", heard);
  });
  load();
  stage.redraw();
}

export default { initialize: lookAhead, render };
