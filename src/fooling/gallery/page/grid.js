"use strict";
// The grid of cards: only those in sight are in the page, whatever their number.

const grid = { cards: [], active: 0, columns: 1, width: 0, height: 0, shown: new Map() };
const LABEL = 44, GAP = 12, LEAST = 124;

function layOut() {
  const frame = document.getElementById("cards"), width = frame.clientWidth;
  grid.columns = Math.max(2, Math.floor((width + GAP) / (LEAST + GAP)));
  grid.width = Math.floor((width - GAP * (grid.columns - 1)) / grid.columns);
  grid.height = grid.width + LABEL + GAP;
  frame.style.height = `${Math.ceil(grid.cards.length / grid.columns) * grid.height}px`;
  for (const card of grid.shown.values()) card.remove();
  grid.shown.clear();
  showVisible();
}

function showVisible() {
  const frame = document.getElementById("cards"), scroller = document.getElementById("grid");
  const top = scroller.scrollTop, rows = [Math.floor(top / grid.height) - 2, Math.ceil((top + scroller.clientHeight) / grid.height) + 2];
  const from = Math.max(0, rows[0] * grid.columns), to = Math.min(grid.cards.length, rows[1] * grid.columns);
  for (const [index, card] of grid.shown) {
    if (index >= from && index < to) continue;
    card.remove();
    grid.shown.delete(index);
  }
  for (let index = from; index < to; index++) {
    if (grid.shown.has(index)) continue;
    const card = makeCard(index);
    grid.shown.set(index, card);
    frame.append(card);
  }
  markActive();
}

function makeCard(index) {
  const { picture, rows } = grid.cards[index], row = rows[0], run = runOf(row);
  const tile = element("span", { className: "tile" });
  showInSheet(tile, picture, grid.width);
  const name = className(run, store.rows.target[row]) + (rows.length > 1 ? ` +${rows.length - 1}` : "");
  const card = element("div", { id: `card-${index}`, className: "card", role: "option", title: `${name}\n${runName(run)}`,
    "aria-posinset": index + 1, "aria-setsize": grid.cards.length, "aria-selected": "false" },
    tile, element("span", { className: "name" }, name),
    element("span", { className: `confidence ${run.method}` }, percent(store.rows.log_confidence[row])));
  card.style.cssText = `width:${grid.width}px;left:${(index % grid.columns) * (grid.width + GAP)}px;top:${Math.floor(index / grid.columns) * grid.height}px`;
  tile.style.height = `${grid.width}px`;
  return card;
}

function markActive() {
  for (const [index, card] of grid.shown) card.setAttribute("aria-selected", String(index === grid.active));
  document.getElementById("grid").setAttribute("aria-activedescendant", `card-${grid.active}`);
}

function activate(index) {
  grid.active = Math.max(0, Math.min(grid.cards.length - 1, index));
  const scroller = document.getElementById("grid"), top = Math.floor(grid.active / grid.columns) * grid.height;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + grid.height > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + grid.height - scroller.clientHeight;
  showVisible();
}

function filters() {
  return Object.fromEntries(new FormData(document.getElementById("filters")));
}

function refresh() {
  grid.cards = select(filters());
  const rows = grid.cards.reduce((sum, card) => sum + card.rows.length, 0);
  document.getElementById("count").textContent = `${grid.cards.length.toLocaleString("en")} different image${grid.cards.length === 1 ? "" : "s"}` +
    (rows === grid.cards.length ? "" : ` for ${rows.toLocaleString("en")} classes and runs`);
  document.getElementById("empty").hidden = grid.cards.length > 0;
  document.getElementById("grid").scrollTop = 0;
  grid.active = 0;
  layOut();
}

function showAll() {
  document.getElementById("filters").reset();
  refresh();
}

const MOVES = { ArrowLeft: () => -1, ArrowRight: () => 1, ArrowUp: () => -grid.columns, ArrowDown: () => grid.columns,
  PageUp: () => -grid.columns * 4, PageDown: () => grid.columns * 4, Home: () => -grid.active, End: () => grid.cards.length };

function gridKey(event) {
  if (event.key in MOVES) activate(grid.active + MOVES[event.key]());
  else if (event.key === "Enter") openCard(grid.active);
  else return;
  event.preventDefault();
}

function startGrid() {
  const form = document.getElementById("filters");
  for (const key of ["dataset", "method", "experiment", "network"]) {
    const values = [...new Set(store.runs.map((run) => run[key]))];
    const names = { dataset: datasetName, method: (method) => METHODS[method] ?? method, experiment: (name) => name.replaceAll("_", " ") };
    form.elements[key].append(element("option", { value: "" }, "any"),
      ...values.map((value) => element("option", { value }, names[key]?.(value) ?? value)));
  }
  form.addEventListener("input", refresh);
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const button of ["show-all", "clear"]) document.getElementById(button).addEventListener("click", showAll);
  const scroller = document.getElementById("grid");
  let waiting = false;
  scroller.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; showVisible(); });
  });
  scroller.addEventListener("keydown", gridKey);
  scroller.addEventListener("click", (event) => {
    const card = event.target.closest(".card");
    if (card) openCard(Number(card.id.slice(5)));
  });
  new ResizeObserver(layOut).observe(document.getElementById("cards"));
  refresh();
}
