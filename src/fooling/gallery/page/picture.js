"use strict";
// Images on the page: a place in a sheet, a file, or drawn from a genome.

// Shows image `number` as the background of an element that is `size` pixels wide.
function showInSheet(tile, number, size) {
  const sheet = store.sheets[store.pictures.sheet[number]], place = store.pictures.place[number];
  tile.style.backgroundImage = `url("${sheet.file}")`;
  tile.style.backgroundSize = `${sheet.columns * size}px auto`;
  tile.style.backgroundPosition = `${-(place % sheet.columns) * size}px ${-Math.floor(place / sheet.columns) * size}px`;
  tile.classList.toggle("pixels", sheet.whole);
}

const loaded = new Map();
function loadImage(file) {
  if (!loaded.has(file)) {
    if (loaded.size > 64) loaded.clear();
    const image = new Image();
    image.src = file;
    loaded.set(file, image.decode().then(() => image));
  }
  return loaded.get(file);
}

// Draws image `number` on a canvas, in full where the gallery has it so.
async function paintPicture(canvas, number) {
  const { pictures } = store, sheet = store.sheets[pictures.sheet[number]];
  const side = pictures.side[number], found = pictures.found[number], place = pictures.place[number];
  const ticket = (canvas.ticket = Symbol("newest"));
  const image = await loadImage(found === IN_FILE ? `images/${pictures.id[number]}.png` : sheet.file);
  if (canvas.ticket !== ticket) return; // something else has been asked for since
  prepare(canvas, side);
  const context = canvas.getContext("2d");
  if (found === IN_FILE) context.drawImage(image, 0, 0);
  else {
    const { tile, columns } = sheet;
    context.drawImage(image, (place % columns) * tile, Math.floor(place / columns) * tile, tile, tile, 0, 0, side, side);
  }
}

function paintGenome(canvas, genome, side, native, settings) {
  canvas.ticket = Symbol("newest");
  prepare(canvas, side);
  canvas.getContext("2d").putImageData(drawGenome(genome, side, native, settings), 0, 0);
}

function prepare(canvas, side) {
  canvas.width = canvas.height = side;
  canvas.classList.toggle("pixels", side <= 64);
}

// The ancestors of the last elite of a class, the first one first, as places in the family's columns.
function ancestry(family, target) {
  const path = [];
  for (let place = family.elites[target] ?? -1; place >= 0; place = family.parent[place]) path.push(place);
  return path.reverse();
}

// What is known of how a row's image came about, in the order of time: {generation, cell, step, and genome or picture}.
function framesOf(row, record) {
  const target = store.rows.target[row];
  if (record.genomes) {
    const { family } = record;
    const path = ancestry(family, target);
    return path.map((place) => ({ generation: family.generation[place], cell: family.cell[place],
      step: family.step[place], genome: family.genome[place], logConfidence: place === path.at(-1) ? store.rows.log_confidence[row]
        : confidenceAt(record, family.generation[place], family.cell[place]) }));
  }
  const { frames } = record, run = runOf(row);
  const before = frames.target.flatMap((cell, i) => (cell === target
    ? [{ generation: frames.generation[i], cell, step: 0, picture: frames.picture[i], logConfidence: frames.log_confidence[i] }] : []));
  before.sort((a, b) => a.generation - b.generation);
  const generation = run.method === "ascent" ? store.rows.born[row] : run.generations; // ascents end one by one
  return [...before, { generation, cell: target, step: 0, picture: store.rows.picture[row], logConfidence: store.rows.log_confidence[row] }];
}

function confidenceAt(record, generation, cell) {
  const found = record.way_up ? record.way_up.generation.indexOf(generation) : -1;
  return found < 0 ? NaN : record.way_up.log_confidence[found * record.way_up.classes.length + record.way_up.classes.indexOf(cell)];
}

function paintFrame(canvas, frame, record, run, side, native) {
  if (frame.genome === undefined) return paintPicture(canvas, frame.picture);
  paintGenome(canvas, genomeAt(record.genomes, frame.genome, run.settings), side, native, run.settings);
  return Promise.resolve();
}
