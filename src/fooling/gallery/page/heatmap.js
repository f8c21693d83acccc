"use strict";
// Class x generation: how the confidence of each class's best image rose.

const STOPS = [[68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121], [110, 206, 88], [181, 222, 43], [253, 231, 37]];
const TICKS = [0.0001, 0.01, 0.5, 0.99, 0.9999];
const MOST_NAMES = 40;
const heatmap = { record: null, run: null, number: -1, order: [], row: 0, column: 0 };

// From 0.01 % to 99.99 %, stretched towards both ends (log-odds).
function warmth(logConfidence) {
  const odds = logConfidence - Math.log(-Math.expm1(logConfidence));
  return Math.max(0, Math.min(1, odds / (2 * Math.log(9999)) + 0.5));
}

function colour(part) {
  const at = part * (STOPS.length - 1), below = Math.min(STOPS.length - 2, Math.floor(at));
  return STOPS[below].map((value, i) => value + (at - below) * (STOPS[below + 1][i] - value));
}

const valueAt = (row, column) => heatmap.record.log_confidence[column * heatmap.record.classes.length + heatmap.order[row]];

async function chooseHeatmap(number) {
  const { way_up } = await loadRun(number);
  if (Number(document.getElementById("heatmap-run").value) !== number) return; // another run has been chosen since
  Object.assign(heatmap, { record: way_up, run: store.runs[number], number });
  orderClasses();
}

function orderClasses() {
  const { record, run } = heatmap, { classes, generation, log_confidence } = record, count = classes.length;
  const final = (place) => log_confidence[(generation.length - 1) * count + place];
  const reached = (place) => generation.findIndex((_, column) => log_confidence[column * count + place] >= Math.log(0.5)) >>> 0;
  const orders = { number: (a, b) => a - b, final: (a, b) => final(b) - final(a), speed: (a, b) => reached(a) - reached(b) || final(b) - final(a) };
  heatmap.order = [...classes.keys()].sort(orders[document.getElementById("heatmap-order").value]);
  const recorded = generation.length === run.frames.length ? `at the ${generation.length} stored generations` : `at ${generation.length.toLocaleString("en")} generations`;
  const half = heatmap.order.filter((place) => final(place) >= Math.log(0.5)).length;
  document.getElementById("heatmap-note").textContent =
    `Confidence of ${run.network} in the best image for each of ${plural(count, "class", "classes")}, ${recorded}. In the end ${half.toLocaleString("en")} are at 50 % or more.`;
  drawHeatmap();
}

function drawHeatmap() {
  const { record, order, run } = heatmap, last = record.generation.at(-1), first = record.generation[0];
  const columns = Math.min(1200, last - first + 1);
  const times = Array.from({ length: columns }, (_, x) => first + (x * (last - first)) / Math.max(1, columns - 1));
  heatmap.columns = times.map((time) => record.generation.findLastIndex((generation) => generation <= time + 1e-9));
  const canvas = document.getElementById("heatmap-canvas");
  canvas.width = columns;
  canvas.height = order.length;
  canvas.classList.toggle("pixels", order.length <= canvas.clientHeight);
  const image = new ImageData(columns, order.length);
  for (let y = 0, p = 0; y < order.length; y++) {
    for (let x = 0; x < columns; x++, p += 4) {
      const value = valueAt(y, heatmap.columns[x]);
      image.data.set(Number.isNaN(value) ? [128, 128, 128, 60] : [...colour(warmth(value)), 255], p);
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  const axis = document.getElementById("heatmap-axis");
  axis.replaceChildren(...[0, 0.25, 0.5, 0.75, 1].map((part) => {
    const tick = element("span", {}, Math.round(first + part * (last - first)).toLocaleString("en"));
    tick.style.left = `${100 * part}%`;
    return tick;
  }), element("b", {}, "generation"));
  const names = order.length > MOST_NAMES ? [] : order.map((place) => element("span", {}, className(run, record.classes[place])));
  document.getElementById("heatmap-rows").replaceChildren(...names);
  document.getElementById("heatmap-now").textContent = "Point at a class; a click opens its image.";
  document.getElementById("heatmap-mark").hidden = true;
}

function pointAt(row, column) {
  heatmap.row = Math.max(0, Math.min(heatmap.order.length - 1, row));
  heatmap.column = Math.max(0, Math.min(heatmap.columns.length - 1, column));
  const recorded = heatmap.columns[heatmap.column], { record, run } = heatmap;
  const mark = document.getElementById("heatmap-mark");
  mark.style.left = `${(100 * (heatmap.column + 0.5)) / heatmap.columns.length}%`;
  mark.style.top = `${(100 * (heatmap.row + 0.5)) / heatmap.order.length}%`;
  mark.hidden = false;
  document.getElementById("heatmap-now").textContent = `${className(run, record.classes[heatmap.order[heatmap.row]])}, ` +
    `generation ${record.generation[recorded].toLocaleString("en")}: ${percent(valueAt(heatmap.row, recorded))}`;
}

function pointOf(event) {
  const box = event.target.getBoundingClientRect();
  return [Math.floor(((event.clientY - box.top) / box.height) * heatmap.order.length), Math.floor(((event.clientX - box.left) / box.width) * heatmap.columns.length)];
}

// Opens the image that the class has in this run.
function openClass() {
  const target = heatmap.record.classes[heatmap.order[heatmap.row]];
  const row = store.rows.target.findIndex((of, candidate) => of === target && store.rows.run[candidate] === heatmap.number);
  showAll();
  openPicture(store.rows.picture[row]);
}

function startHeatmap() {
  const select = document.getElementById("heatmap-run"), canvas = document.getElementById("heatmap-canvas");
  store.runs.forEach((run, number) => { if (run.way_up) select.append(element("option", { value: number }, runName(run))); });
  preferImagenet(select);
  select.addEventListener("change", () => chooseHeatmap(Number(select.value)));
  document.getElementById("heatmap-order").addEventListener("change", () => heatmap.record && orderClasses());
  canvas.addEventListener("pointermove", (event) => heatmap.record && pointAt(...pointOf(event)));
  canvas.addEventListener("click", (event) => {
    if (!heatmap.record) return;
    pointAt(...pointOf(event));
    openClass();
  });
  canvas.addEventListener("focus", () => heatmap.record && pointAt(heatmap.row, heatmap.column));
  canvas.addEventListener("keydown", (event) => {
    if (!heatmap.record) return;
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.key in moves) pointAt(heatmap.row + moves[event.key][0], heatmap.column + moves[event.key][1]);
    else if (event.key === "Enter") openClass();
    else return;
    event.preventDefault();
  });
  const shades = Array.from({ length: 41 }, (_, i) => `rgb(${colour(i / 40).map(Math.round)})`);
  const bar = element("span", { className: "shades" }), legend = document.getElementById("legend");
  bar.style.backgroundImage = `linear-gradient(to right, ${shades})`;
  legend.append(bar, ...TICKS.map((tick) => {
    const mark = element("small", {}, `${100 * tick}${THIN}%`);
    mark.style.left = `${100 * warmth(Math.log(tick))}%`;
    return mark;
  }));
}

function openHeatmap() {
  const select = document.getElementById("heatmap-run");
  if (!heatmap.record && select.value) chooseHeatmap(Number(select.value));
}
