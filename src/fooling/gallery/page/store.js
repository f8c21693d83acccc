"use strict";
// What the data files hold, how it is filtered, and how numbers and names are written.

const IN_SHEET = 0, FROM_GENOME = 1, IN_FILE = 2, REDUCED = 3;
const DATASETS = { mnist: "MNIST", cifar10: "CIFAR-10", cifar100: "CIFAR-100", cifar100_coarse: "CIFAR-100 by superclass",
  glyphs: "Glyphs", imagenet: "ImageNet" };
const METHODS = { direct: "direct encoding", cppn: "CPPN encoding", ascent: "gradient ascent",
  authors_cppn: "the authors\u2019 CPPN images" };
const THIN = "\u2009";

// Filled by data/gallery.js. `rows` has a row for each class that an image holds; an image may hold many.
const store = { runs: [], rows: {}, pictures: {}, sheets: [], scores: {}, names: [] };

function gallery(data) {
  Object.assign(store, data);
  const count = store.rows.run.length;
  store.others = new Int16Array(count); // other networks that were asked
  store.fooled = new Int16Array(count); // those whose first choice is the target as well
  store.scoresOf = Array.from({ length: count }, () => []);
  for (const [network, scores] of Object.entries(store.scores)) {
    scores.row.forEach((row, i) => {
      store.scoresOf[row].push({ network, logConfidence: scores.log_confidence[i], label: scores.label[i],
        labelConfidence: scores.label_confidence[i], rank: scores.rank[i] });
      if (network === store.runs[store.rows.run[row]].network) return;
      store.others[row] += 1;
      store.fooled[row] += scores.label[i] === store.rows.target[row];
    });
  }
  store.text = store.rows.target.map((target, row) => className(runOf(row), target).toLowerCase());
  store.rank = rankAmongItsKind();
}

const madeFor = (run, network) => network === run.network && run.method !== "authors_cppn"; // those were made for CaffeNet
const runOf = (row) => store.runs[store.rows.run[row]];
const className = (run, target) => store.names[run.names][target] ?? String(target);
const datasetName = (dataset) => DATASETS[dataset] ?? dataset;
const methodName = (run) => (METHODS[run.method] ?? run.method) + (run.set ? `, set ${run.set.replace("minus_", "\u2212")}` : "");
const runName = (run) => `${datasetName(run.dataset)}, ${methodName(run)}, ${run.network}, run ${run.seed}` +
  (run.experiment === run.dataset ? "" : ` (${run.experiment.replaceAll("_", " ")})`);

// Rounded down, so that 99.99 % is printed only for what reaches it; a softmax is never wholly certain.
function percent(logConfidence) {
  if (Number.isNaN(logConfidence)) return "unknown";
  const confidence = Math.exp(logConfidence);
  const whole = Math.floor(Math.round(confidence * 1e13) / 1e9);
  if (whole > 9999 || confidence > 0.9999) return `>99.99${THIN}%`;
  return whole ? `${(whole / 100).toFixed(2)}${THIN}%` : `<0.01${THIN}%`;
}

// The best of data set and method is 0, the second best 1, ...
function rankAmongItsKind() {
  const { rows } = store;
  const ranks = new Int32Array(rows.run.length);
  const next = new Map(), seen = new Set();
  const order = [...ranks.keys()].sort((a, b) => rows.log_confidence[b] - rows.log_confidence[a] || a - b);
  for (const row of order) {
    const kind = `${runOf(row).dataset} ${runOf(row).method}`;
    const rank = next.get(kind) ?? 0;
    ranks[row] = rank;
    if (!seen.has(rows.picture[row])) next.set(kind, rank + 1);
    seen.add(rows.picture[row]);
  }
  return ranks;
}

const TRANSFER = {
  "": () => true,
  all: (row) => store.others[row] > 0 && store.fooled[row] === store.others[row],
  some: (row) => store.fooled[row] > 0,
  none: (row) => store.others[row] > 0 && store.fooled[row] === 0,
  unscored: (row) => store.others[row] === 0,
};

// By the first row of a card, which is the best of those that pass the filter.
const SORTS = {
  mixed: (a, b) => store.rank[a.rows[0]] - store.rank[b.rows[0]],
  confidence: (a, b) => store.rows.log_confidence[b.rows[0]] - store.rows.log_confidence[a.rows[0]],
  doubt: (a, b) => store.rows.log_confidence[a.rows[0]] - store.rows.log_confidence[b.rows[0]],
  class: (a, b) => store.rows.target[a.rows[0]] - store.rows.target[b.rows[0]],
  transfer: (a, b) => share(b.rows[0]) - share(a.rows[0]) || store.others[b.rows[0]] - store.others[a.rows[0]],
  classes: (a, b) => b.rows.length - a.rows.length,
  oldest: (a, b) => store.rows.born[a.rows[0]] - store.rows.born[b.rows[0]],
  youngest: (a, b) => store.rows.born[b.rows[0]] - store.rows.born[a.rows[0]],
};
const share = (row) => (store.others[row] ? store.fooled[row] / store.others[row] : -1);

// Returns one card for each image that passes, {picture, rows}.
function select(filter) {
  const { rows } = store;
  const logConfidence = Number(filter.confidence) ? Math.log(Number(filter.confidence)) - 1e-9 : -Infinity;
  const search = filter.search.trim().toLowerCase();
  const runs = store.runs.map((run) => ["dataset", "method", "experiment", "network"].every((key) => !filter[key] || run[key] === filter[key]));
  const passes = TRANSFER[filter.transfer];
  const cards = new Map();
  for (let row = 0; row < rows.run.length; row++) {
    if (!runs[rows.run[row]] || rows.log_confidence[row] < logConfidence || !passes(row)) continue;
    if (search && !(/^\d+$/.test(search) ? String(rows.target[row]) === search : store.text[row].includes(search))) continue;
    const card = cards.get(rows.picture[row]);
    if (card) card.rows.push(row);
    else cards.set(rows.picture[row], { picture: rows.picture[row], rows: [row] });
  }
  const best = (a, b) => rows.log_confidence[b] - rows.log_confidence[a];
  for (const card of cards.values()) if (card.rows.length > 1) card.rows.sort(best);
  return [...cards.values()].sort((a, b) => SORTS[filter.sort](a, b) || best(a.rows[0], b.rows[0]));
}

// A run's record is a script of its own, read when it is first needed; fetching files is not allowed from disk.
const records = new Map();
function loadRun(number) {
  if (!records.has(number)) {
    let arrived;
    const promise = new Promise((resolve) => { arrived = resolve; });
    records.set(number, { promise, arrived });
    const script = document.createElement("script");
    script.src = `data/run-${String(number).padStart(4, "0")}.js`;
    document.head.append(script);
  }
  return records.get(number).promise;
}

function run(number, record) {
  if (record.family?.genomes) record.genomes = decodeGenomes(record.family.genomes);
  if (record.way_up) record.way_up.log_confidence = numbers(record.way_up.log_confidence, Float32Array);
  records.get(number).arrived(record);
}

function numbers(base64, Kind) {
  return new Kind(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer);
}

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}
