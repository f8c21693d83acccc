"use strict";
// The most confident images of a run, all growing at once.

const CHAMPIONS = 24;
const timelapse = { generation: 0, timer: 0, champions: [], run: null, record: null };

async function chooseTimelapse(number) {
  pauseTimelapse();
  const record = await loadRun(number), run = store.runs[number];
  if (Number(document.getElementById("timelapse-run").value) !== number) return; // another run has been chosen since
  const best = new Map(); // one for each image
  const rows = [...store.rows.run.keys()].filter((row) => store.rows.run[row] === number);
  rows.sort((a, b) => store.rows.log_confidence[b] - store.rows.log_confidence[a]);
  for (const row of rows) if (!best.has(store.rows.picture[row])) best.set(store.rows.picture[row], row);
  const chosen = [...best.values()].slice(0, CHAMPIONS);
  if (run.classes <= CHAMPIONS) chosen.sort((a, b) => store.rows.target[a] - store.rows.target[b]);
  const native = store.pictures.side[store.rows.picture[chosen[0]]], place = document.getElementById("champions");
  timelapse.champions = chosen.map((row) => {
    const canvas = element("canvas", {}), text = element("span", { className: "confidence" });
    const label = element("span", { className: "name" }, className(run, store.rows.target[row]));
    return { canvas, text, frames: framesOf(row, record), shown: null, figure: element("figure", {}, canvas, label, text) };
  });
  place.replaceChildren(...timelapse.champions.map(({ figure }) => figure));
  Object.assign(timelapse, { run, record, native });
  const slider = document.getElementById("timelapse-generation");
  slider.max = run.method === "ascent" ? Math.max(...run.frames) : run.generations;
  document.getElementById("timelapse-note").textContent =
    (best.size > CHAMPIONS ? `The ${CHAMPIONS} most confident of ${best.size} different images. ` : "") +
    (record.genomes ? "Each shows its ancestor that lived at the time, drawn from its genome, with the network\u2019s confidence in the class that it then held."
      : `Only the images of ${run.frames.length > 6 ? `${run.frames.length} moments` : run.frames.join(", ")} are stored.`);
  await showGeneration(Number(slider.max));
}

async function showGeneration(generation) {
  timelapse.generation = generation;
  const { run, record, native } = timelapse;
  document.getElementById("timelapse-generation").value = generation;
  document.getElementById("timelapse-now").textContent = `${run.method === "ascent" ? "iteration" : "generation"} ${generation.toLocaleString("en")}`;
  const painted = [];
  for (const champion of timelapse.champions) {
    const frame = champion.frames.findLast((candidate) => candidate.generation <= generation) ?? champion.frames[0];
    if (frame === champion.shown) continue;
    champion.shown = frame;
    painted.push(paintFrame(champion.canvas, frame, record, run, Math.min(native, 112), native));
    const elsewhere = frame.cell !== champion.frames.at(-1).cell;
    champion.text.textContent = (elsewhere ? `as ${className(run, frame.cell)}: ` : "") + percent(frame.logConfidence);
    champion.figure.classList.toggle("elsewhere", elsewhere);
  }
  await Promise.all(painted);
}

function pauseTimelapse() {
  cancelAnimationFrame(timelapse.timer);
  timelapse.timer = 0;
  const button = document.getElementById("timelapse-play");
  button.setAttribute("aria-pressed", "false");
  button.textContent = "Play";
}

// Ten seconds, the early generations slower: there most elites change hands.
function toggleTimelapse() {
  if (timelapse.timer) return pauseTimelapse();
  const last = Number(document.getElementById("timelapse-generation").max);
  const from = timelapse.generation >= last ? 0 : Math.sqrt(timelapse.generation / last);
  const began = performance.now() - from * 10000;
  const button = document.getElementById("timelapse-play");
  button.setAttribute("aria-pressed", "true");
  button.textContent = "Pause";
  const tick = async (now) => {
    const part = Math.min(1, (now - began) / 10000);
    await showGeneration(Math.round(last * part ** 2));
    if (!timelapse.timer) return;
    if (part < 1) timelapse.timer = requestAnimationFrame(tick);
    else pauseTimelapse();
  };
  timelapse.timer = requestAnimationFrame(tick);
  return undefined;
}

function startTimelapse() {
  const select = document.getElementById("timelapse-run");
  store.runs.forEach((run, number) => {
    if (run.genomes || run.frames.length > 1) select.append(element("option", { value: number }, runName(run)));
  });
  preferImagenet(select);
  select.addEventListener("change", () => chooseTimelapse(Number(select.value)));
  document.getElementById("timelapse-play").addEventListener("click", toggleTimelapse);
  document.getElementById("timelapse-generation").addEventListener("input", (event) => {
    pauseTimelapse();
    showGeneration(Number(event.target.value));
  });
}

function openTimelapse() {
  const select = document.getElementById("timelapse-run");
  if (!timelapse.run && select.value) chooseTimelapse(Number(select.value));
}

function preferImagenet(select) {
  const runs = [...select.options].map((option) => store.runs[Number(option.value)]);
  const best = select.options[runs.findIndex((run) => run.dataset === "imagenet" && run.method === "cppn")];
  if (best) best.selected = true;
}
