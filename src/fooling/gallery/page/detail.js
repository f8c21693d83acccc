"use strict";
// One image: large, with what networks say of it, where it comes from, and its genome or settings.

const STRIP = 40; // ancestors that are shown; of more, some are left out evenly
const detail = { index: -1, player: null };

function openCard(index) {
  const card = grid.cards[index];
  if (!card) return;
  detail.index = index;
  activate(index);
  const dialog = document.getElementById("detail");
  showDetail(dialog, card);
  if (!dialog.open) dialog.showModal();
  dialog.focus();
  history.replaceState(null, "", `#image=${store.pictures.id[card.picture]}`);
}

function showDetail(dialog, { picture, rows }) {
  detail.player?.stop();
  const row = rows.find((candidate) => runOf(candidate).genomes) ?? rows[0], run = runOf(row); // one that can draw it
  const canvas = element("canvas", { id: "large", role: "img", "aria-label": `The image for ${className(run, store.rows.target[row])}` });
  const later = element("div", { className: "record" }, element("p", { className: "note" }, "Reading the run\u2019s record \u2026"));
  const play = element("div", { className: "player" });
  dialog.replaceChildren(
    element("div", { className: "bar" },
      element("button", { onclick: () => openCard(detail.index - 1), disabled: detail.index === 0, "aria-label": "Previous image", title: "Previous (\u2190)" }, "\u2190"),
      element("span", {}, `${(detail.index + 1).toLocaleString("en")} of ${grid.cards.length.toLocaleString("en")}`),
      element("button", { onclick: () => openCard(detail.index + 1), disabled: detail.index === grid.cards.length - 1, "aria-label": "Next image", title: "Next (\u2192)" }, "\u2192"),
      element("button", { className: "close", onclick: () => dialog.close(), "aria-label": "Close", title: "Close (Esc)" }, "\u00d7")),
    element("div", { className: "columns" },
      element("div", { className: "left" }, canvas, play, element("p", { className: "note", id: "exactness" })),
      element("div", { className: "right" },
        element("h2", { id: "detail-title" }, className(run, store.rows.target[row])),
        element("p", { className: "lead" }, `${run.network} is `, element("b", {}, percent(store.rows.log_confidence[row])), " sure"),
        element("p", { className: "note" }, runName(run)),
        classesHeld(rows), scoresOf(rows), later, settingsOf(run), sourceOf(picture, row, run))));
  dialog.scrollTop = 0;
  loadRun(store.rows.run[row]).then((record) => {
    if (!canvas.isConnected) return;
    const frames = framesOf(row, record), native = store.pictures.side[picture];
    const last = frames.at(-1);
    let side = native, now = last;
    const paint = (frame) => {
      now = frame;
      return frame === last && last.genome === undefined ? paintPicture(canvas, picture) : paintFrame(canvas, frame, record, run, side, native);
    };
    paint(last);
    document.getElementById("exactness").textContent = exactness(last.genome === undefined ? store.pictures.found[picture] : FROM_GENOME);
    if (last.genome !== undefined) play.append(enlarge(native, (chosen) => { side = chosen; paint(now); }));
    if (frames.length > 1) detail.player = makePlayer(play, frames, paint, run);
    later.replaceChildren(...lineage(frames, record, run, native, row), ...genomeSection(last, record, run));
  });
}

function exactness(found) {
  return {
    [IN_SHEET]: "Shown without loss.",
    [IN_FILE]: "Shown without loss.",
    [FROM_GENOME]: "Drawn here from its genome, byte for byte as evolution drew it.",
    [REDUCED]: "A reduced version: images of this size take much room, so only the most confident images of a run are here in full. The fooling set named below has it.",
  }[found];
}

function enlarge(native, draw) {
  const sides = [native, native * 4];
  const button = element("button", { id: "enlarge" }, `Draw at ${sides[1]} pixels`);
  button.addEventListener("click", () => {
    sides.reverse();
    draw(sides[0]);
    button.textContent = `Draw at ${sides[1]} pixels`;
  });
  return button;
}

function section(title, ...content) {
  return element("section", {}, element("h3", {}, title), ...content);
}

function classesHeld(rows) {
  if (rows.length < 2) return null;
  const runs = new Set(rows.map((row) => store.rows.run[row]));
  const chips = rows.slice(0, 60).map((row) => element("span", { className: "chip" }, className(runOf(row), store.rows.target[row]),
    element("small", {}, percent(store.rows.log_confidence[row]) + (runs.size > 1 ? ` in ${runOf(row).experiment.replaceAll("_", " ")}, run ${runOf(row).seed}` : ""))));
  const more = rows.length > 60 ? [element("span", { className: "note" }, `and ${rows.length - 60} more`)] : [];
  const title = runs.size > 1 ? `The best image in ${runs.size} runs` : `The best image of its run for ${rows.length} classes`;
  return section(title, element("p", { className: "chips" }, ...chips, ...more));
}

function scoresOf(rows) {
  const row = rows.find((candidate) => store.scoresOf[candidate].length) ?? rows[0];
  const run = runOf(row), name = (label) => className(run, label);
  const scores = store.scoresOf[row].length ? store.scoresOf[row]
    : [{ network: run.network, logConfidence: store.rows.log_confidence[row] }];
  const lines = scores.map((score) => {
    const first = score.label === undefined ? "" : score.label === store.rows.target[row] ? "first choice"
      : `says ${name(score.label)} (${percent(Math.log(score.labelConfidence))}); this class comes ${ordinal(score.rank)}`;
    const bar = element("span", { className: "meter" }, element("span", {}));
    bar.firstChild.style.width = `${100 * Math.exp(score.logConfidence)}%`;
    return element("tr", {}, element("th", { scope: "row" }, score.network + (madeFor(run, score.network) ? " (made for it)" : "")),
      element("td", {}, bar), element("td", { className: "number" }, percent(score.logConfidence)), element("td", { className: "note" }, first));
  });
  const unscored = store.scoresOf[row].length ? null : element("p", { className: "note" }, "Not tried on other networks.");
  return section(`How sure networks are of \u201c${name(store.rows.target[row])}\u201d`, element("table", { className: "scores" }, ...lines), unscored);
}

const ordinal = (rank) => `${rank.toLocaleString("en")}${["th", "st", "nd", "rd"][rank % 100 > 10 && rank % 100 < 14 ? 0 : rank % 10] ?? "th"}`;

function frameText(frame, run) {
  const time = run.method === "ascent" ? "iteration" : "generation";
  const confidence = Number.isNaN(frame.logConfidence) ? "" : `: ${percent(frame.logConfidence)}`;
  return `${time} ${frame.generation.toLocaleString("en")}, ${className(run, frame.cell)}${confidence}`;
}

function makePlayer(place, frames, paint, run) {
  const slider = element("input", { type: "range", min: 0, max: frames.length - 1, value: frames.length - 1, "aria-label": "Ancestor" });
  const now = element("output", {}, frameText(frames.at(-1), run));
  const button = element("button", { id: "play", "aria-pressed": "false" }, "Time-lapse");
  let timer = 0;
  const show = (index) => {
    slider.value = index;
    paint(frames[index]);
    now.textContent = frameText(frames[index], run);
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button.setAttribute("aria-pressed", "false");
    button.textContent = "Time-lapse";
  };
  const toggle = () => {
    if (timer) return stop();
    button.setAttribute("aria-pressed", "true");
    button.textContent = "Pause";
    if (Number(slider.value) === frames.length - 1) show(0);
    timer = setInterval(() => {
      const next = Number(slider.value) + 1;
      if (next >= frames.length) return stop();
      show(next);
      return undefined;
    }, Math.max(80, Math.min(600, 6000 / frames.length)));
    return undefined;
  };
  button.addEventListener("click", toggle);
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  place.prepend(button, slider, now);
  return { toggle, stop, show: (index) => { stop(); show(index); } };
}

function lineage(frames, record, run, native, row) {
  const { family } = record;
  const path = family ? ancestry(family, store.rows.target[row]) : [];
  const parts = [];
  if (path.length) {
    const switches = path.filter((place) => family.step[place] > 0), classes = new Set(path.map((place) => family.cell[place]));
    parts.push(element("p", {}, `${plural(path.length - 1, "ancestor")}, ${plural(switches.length, "goal switch", "goal switches")}, ` +
      `${plural(classes.size, "class", "classes")} on the way`));
    const crossings = path.filter((place, i) => i === 0 || family.cell[place] !== family.cell[path[i - 1]]);
    const shown = crossings.length > 12 ? [...crossings.slice(0, 5), -1, ...crossings.slice(-6)] : crossings;
    if (crossings.length > 1) parts.push(element("p", { className: "chips road" }, ...shown.map((place) => (place < 0 ? element("span", {}, "\u2026")
      : element("span", { className: "chip" }, className(run, family.cell[place]), element("small", {}, `gen. ${family.generation[place]}`))))));
  }
  if (frames.length > 1) {
    const step = Math.max(1, frames.length / STRIP);
    const chosen = [...new Set(Array.from({ length: Math.min(frames.length, STRIP) }, (_, i) => Math.round(i * step)))].filter((i) => i < frames.length - 1);
    chosen.push(frames.length - 1);
    const strip = element("div", { className: "strip" });
    for (const index of chosen) {
      const frame = frames[index], canvas = element("canvas", {});
      strip.append(element("button", { className: frame.step ? "switch" : "", title: frameText(frame, run), onclick: () => detail.player.show(index) },
        canvas, element("small", {}, `${frame.generation}`)));
      setTimeout(() => canvas.isConnected && paintFrame(canvas, frame, record, run, Math.min(native, 64), native));
    }
    const left = frames.length - chosen.length;
    parts.push(strip, element("p", { className: "note" }, stripNote(run, record, left)));
  }
  return parts.length ? [section(run.method === "ascent" ? "On the way up" : "Lineage", ...parts)] : [];
}

function stripNote(run, record, left) {
  if (!record.genomes) return run.method === "ascent" ? "Stored iterates, by iteration." : "The best images for this class at the stored generations.";
  return `Ancestors by the generation in which they were born; orange: born from the best image for another class.${left ? ` ${left} more are in the time-lapse.` : ""}`;
}

const plural = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

function genomeSection(frame, record, run) {
  if (frame.genome === undefined) return [];
  const genome = genomeAt(record.genomes, frame.genome, run.settings);
  const idle = new Set(genome.connections.flatMap(({ source, target }) => [source, target]).filter((node) => !genome.depth.has(node) && node >= INPUTS));
  const live = genome.connections.filter(({ target }) => genome.depth.has(target)).length;
  return [section("Genome", drawGraph(genome, run.settings), element("p", { className: "note" },
    `${plural(genome.order.length, "node")} and ${plural(live, "connection")}; the wider, the larger the weight: blue adds, red subtracts. ` +
    `Functions are drawn in the nodes.${idle.size ? ` ${plural(idle.size, "further node")} without effect.` : ""}`))];
}

function settingsOf(run) {
  const lines = Object.entries(run.settings).filter(([, value]) => typeof value !== "object" || Array.isArray(value))
    .map(([name, value]) => element("tr", {}, element("th", { scope: "row" }, name.replaceAll("_", " ")), element("td", {}, JSON.stringify(value))));
  return element("details", {}, element("summary", {}, "Settings"), element("table", {}, ...lines));
}

function sourceOf(picture, row, run) {
  return element("p", { className: "note source" }, `Row ${store.rows.image[row]} of the last images in ${run.file}; ` +
    `SHA-256 of its bytes ${store.pictures.id[picture]}\u2026`);
}

function detailKey(event) {
  if (event.target.matches("input")) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") openCard(detail.index + (event.key === "ArrowLeft" ? -1 : 1));
  else if (event.key === " " && !event.target.matches("button, summary")) detail.player?.toggle();
  else return;
  event.preventDefault();
}

function startDetail() {
  const dialog = document.getElementById("detail");
  dialog.addEventListener("keydown", detailKey);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => {
    if (dialog.open) return; // the event comes after the closing: another image may be open by now
    detail.player?.stop();
    dialog.replaceChildren();
    history.replaceState(null, "", location.pathname);
    // After an image that a link opened there is nothing that the focus goes back to.
    const lost = [dialog, document.body].includes(document.activeElement);
    if (lost && !document.getElementById("images").hidden) document.getElementById("grid").focus({ preventScroll: true });
  });
}
