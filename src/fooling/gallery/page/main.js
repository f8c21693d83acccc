"use strict";
// Views, keys that work everywhere, and links to one image.

const VIEWS = ["images", "timelapse", "heatmap"];
const OPENED = { images: () => {}, timelapse: openTimelapse, heatmap: openHeatmap };

function showView(chosen) {
  for (const view of VIEWS) {
    const tab = document.getElementById(`tab-${view}`);
    tab.setAttribute("aria-selected", String(view === chosen));
    tab.tabIndex = view === chosen ? 0 : -1;
    document.getElementById(view).hidden = view !== chosen;
  }
  pauseTimelapse();
  OPENED[chosen]();
}

function startTabs() {
  for (const [place, view] of VIEWS.entries()) {
    const tab = document.getElementById(`tab-${view}`);
    tab.addEventListener("click", () => { showView(view); history.replaceState(null, "", `#${view}`); });
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: VIEWS.length - 1, ArrowRight: 1 }[event.key];
      if (!step) return;
      const next = document.getElementById(`tab-${VIEWS[(place + step) % VIEWS.length]}`);
      next.focus();
      next.click();
    });
  }
}

function openPicture(number) {
  const index = grid.cards.findIndex((card) => card.picture === number);
  if (index >= 0) openCard(index);
}

function followLink() {
  const target = location.hash.slice(1);
  if (target.startsWith("image=")) openPicture(store.pictures.id.indexOf(target.slice(6)));
  else if (VIEWS.includes(target)) showView(target);
}

function anyKey(event) {
  const writes = event.target.matches("input, select, textarea");
  if (document.getElementById("detail").open) return;
  if (event.key === "/" && !writes) {
    showView("images");
    document.querySelector("#filters [name=search]").select();
    event.preventDefault();
  } else if (event.key === "Escape" && event.target.name === "search") document.getElementById("grid").focus();
  else if (event.key === "Enter" && event.target.name === "search") document.getElementById("grid").focus();
  else if (event.key === " " && !writes && !event.target.matches("button") && !document.getElementById("timelapse").hidden) {
    toggleTimelapse();
    event.preventDefault();
  }
}

const sets = new Set(store.runs.map((each) => each.file)).size;
const datasets = new Set(store.runs.map((each) => datasetName(each.dataset)));
document.getElementById("about").textContent = "Made so that a network takes them for something that they do not show: " +
  `${new Set(store.rows.picture).size.toLocaleString("en")} different images from ${plural(sets, "fooling set")} of ` +
  `${new Intl.ListFormat("en-GB").format(datasets)}.`;
startTabs();
startGrid();
startDetail();
startTimelapse();
startHeatmap();
document.addEventListener("keydown", anyKey);
window.addEventListener("hashchange", followLink);
followLink();
