// What the next step of a slider will show comes while the reader rests, and is in the page before the key is pressed.

const KEPT = 12; // looks: some pictures of 40 kB

// The kernel's answer to a key still comes and is what stays: a look kept here only bridges the time until then.
function lookAhead({ model, signal }) {
  const kept = new Map(); // the controls' values, as text -> {trait: value}, how the model looks there
  let controls = [], version;
  // A slider's value is computed here and in the kernel, and may differ in its last digits.
  const key = (values) => JSON.stringify(values.map((one) => (typeof one === "number" ? +one.toPrecision(9) : one)));
  const now = () => key(controls.map((one) => one.get(one.get("index") === undefined ? "value" : "index")));

  function keep([its, values], look) {
    if (its !== version) kept.clear(); // something else changed, such as by a button
    version = its;
    kept.delete(key(values)); // to be the youngest again
    kept.set(key(values), look);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
  }
  function show() {
    const look = kept.get(now());
    if (look) model.set(look); // only here: the kernel finds out by itself
  }
  function answered() {
    const at = model.get("at");
    keep(at, Object.fromEntries(model.get("parts").map((part) => [part, model.get(part)])));
    if (key(at[1]) !== now()) show(); // an answer to a key before the last one
  }
  function told() {
    const { at, look } = model.get("ahead");
    keep(at, look);
    if (key(at[1]) === now()) show();
  }
  const leave = () => { for (const one of controls) one.off("change:value", show).off("change:index", show); };
  async function listen() {
    const found = await Promise.all(model.get("controls").map((id) => model.widget_manager.get_model(id)));
    leave();
    controls = signal.aborted ? [] : found;
    for (const one of controls) one.on("change:value", show).on("change:index", show);
    if (model.get("at").length) answered();
  }
  signal.addEventListener("abort", leave);
  document.addEventListener("focusin", ({ target }) => {
    const near = model.get("controls").findIndex((id) => target.closest(`.course-is-${id}`));
    if (near >= 0 && target.matches(":focus-visible")) model.send({ kind: "near", control: near });
  }, { signal });
  model.on("change:at", answered);
  model.on("change:ahead", told);
  model.on("change:ack", () => kept.clear()); // a canvas was touched
  model.on("change:controls", () => listen().catch(() => {}));
  listen().catch(() => {}); // without it, every picture comes from the kernel
}
