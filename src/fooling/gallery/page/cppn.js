"use strict";
// CPPNs drawn from their genomes, byte for byte as evolution drew them: every step is rounded to float32 (Math.fround),
// and the functions are those of fooling.encodings.activations, in the same order of operations.

const INPUTS = 4;
const FUNCTIONS = ["sine", "sigmoid", "gaussian", "linear"];
const fround = Math.fround;

const INVERSE_PI = 0.31830987334251404, PI_1 = 3.140625, PI_2 = 0.0009675025939941406, PI_3 = 1.5099580252808664e-7;
const SIN_3 = -0.16666656732559204, SIN_5 = 0.008333017118275166, SIN_7 = -0.00019806614727713168, SIN_9 = 2.6000534489867277e-6;
const EXP = [0.6065306663513184, -0.6065306663513184, 0.3032653331756592, -0.10108844190835953, 0.025272110477089882,
  -0.005054422188550234, 0.000842403678689152, -0.0001203433857881464, 0.00001504292232351783];

function sine(p) {
  const turns = Math.floor(fround(fround(p * INVERSE_PI) + 0.5));
  const r = fround(fround(fround(p - fround(turns * PI_1)) - fround(turns * PI_2)) - fround(turns * PI_3));
  const s = fround(r * r);
  const inner = fround(SIN_3 + fround(s * fround(SIN_5 + fround(s * fround(SIN_7 + fround(s * SIN_9))))));
  const y = fround(r + fround(r * fround(s * inner)));
  return turns & 1 ? -y : y;
}

function expMinus(t) {
  const u = fround(fround(Math.min(t, 32) / 32) - 0.5);
  let y = EXP[8];
  for (let n = 7; n >= 0; n--) y = fround(EXP[n] + fround(u * y));
  for (let n = 0; n < 5; n++) y = fround(y * y);
  return y;
}

function sigmoid(p) {
  const e = expMinus(Math.abs(p));
  const y = fround(fround(1 - e) / fround(1 + e));
  return p < 0 ? -y : y;
}

const ACTIVATIONS = [sine, sigmoid, (p) => expMinus(fround(p * p)), (p) => fround(Math.max(-3, Math.min(3, p)) / 3)];

function decodeGenomes(packed) {
  const offsets = [0];
  for (const count of packed.connections) offsets.push(offsets.at(-1) + count);
  return { offsets, nodes: packed.nodes, source: numbers(packed.source, Int16Array), target: numbers(packed.target, Int16Array),
    weight: numbers(packed.weight, Float32Array), functions: numbers(packed.function, Int8Array) };
}

// One genome: its connections in the order in which a node sums them, and the nodes that reach an output, in the order
// in which they can be computed.
function genomeAt(genomes, index, settings) {
  const outputs = genomes.nodes - INPUTS - settings.max_hidden_nodes;
  const functions = genomes.functions.subarray(index * genomes.nodes, (index + 1) * genomes.nodes);
  const connections = [];
  const into = Array.from({ length: genomes.nodes }, () => []);
  for (let i = genomes.offsets[index]; i < genomes.offsets[index + 1]; i++) {
    const gene = genomes.weight[i];
    const connection = { source: genomes.source[i], target: genomes.target[i], weight: fround(fround(fround(gene * 2) - 1) * 10) };
    connections.push(connection);
    into[connection.target].push(connection);
  }
  const order = [], depth = new Map();
  const visit = (node) => {
    if (depth.has(node)) return depth.get(node);
    let deepest = 0;
    for (const { source } of into[node]) deepest = Math.max(deepest, visit(source) + 1);
    depth.set(node, deepest);
    if (node >= INPUTS) order.push(node);
    return deepest;
  };
  for (let output = 0; output < outputs; output++) visit(INPUTS + output);
  return { outputs, functions, connections, into, order, depth };
}

// As torch.linspace(-1, 1, side) does it, in float64.
function linspace(side) {
  const step = 2 / (side - 1);
  return Float64Array.from({ length: side }, (_, i) => (i < side / 2 ? -1 + step * i : 1 - step * (side - 1 - i)));
}

const planes = new Map();
function coordinatePlanes(side, native, coordinates) {
  const key = `${side} ${native} ${coordinates}`;
  if (!planes.has(key)) {
    const unit = linspace(side), scale = coordinates === "pixels" ? (native - 1) / (side - 1) : 0;
    const [x, y, distance, one] = Array.from({ length: INPUTS }, () => new Float32Array(side * side));
    for (let row = 0, p = 0; row < side; row++) {
      for (let column = 0; column < side; column++, p++) {
        x[p] = scale ? column * scale : unit[column];
        y[p] = scale ? row * scale : unit[row];
        distance[p] = Math.sqrt(unit[column] ** 2 + unit[row] ** 2);
      }
    }
    if (planes.size > 8) planes.clear();
    planes.set(key, [x, y, distance, one.fill(1)]);
  }
  return planes.get(key);
}

// Draws a genome on side x side pixels; where that is the run's own size, native, the bytes are the image's own.
function drawGenome(genome, side, native, settings) {
  const values = [...coordinatePlanes(side, native, settings.coordinates)];
  const pixels = side * side;
  for (const node of genome.order) {
    const sum = new Float32Array(pixels);
    for (const { source, weight } of genome.into[node]) {
      const input = values[source];
      for (let p = 0; p < pixels; p++) sum[p] += fround(weight * input[p]);
    }
    const activation = ACTIVATIONS[genome.functions[node]];
    for (let p = 0; p < pixels; p++) sum[p] = activation(sum[p]);
    values[node] = sum;
  }
  const image = new ImageData(side, side);
  const level = (channel, p) => Math.trunc(fround(Math.abs(values[INPUTS + channel][p]) * 255));
  const paint = genome.outputs === 1 ? null : palette(settings.colour);
  for (let p = 0; p < pixels; p++) {
    if (paint) paint(level(0, p), level(1, p), level(2, p), image.data, 4 * p);
    else image.data.fill(level(0, p), 4 * p, 4 * p + 3);
    image.data[4 * p + 3] = 255;
  }
  return image;
}

// See fooling.encodings.colour: a primary is darkest + chroma * ramp.
const palettes = {};
function palette(colour) {
  if (!palettes[colour]) {
    const ramp = new Float32Array(256 * 3), darkest = new Float32Array(65536), chroma = new Float32Array(65536);
    for (let hue = 0; hue < 256; hue++) {
      [5, 3, 1].forEach((position, primary) => {
        const sixths = (hue / 30 + position) % 6;
        ramp[3 * hue + primary] = 1 - Math.max(0, Math.min(1, Math.min(sixths, 4 - sixths)));
      });
    }
    for (let i = 0; i < 65536; i++) {
      const second = (i >> 8) / 255, third = (i & 255) / 255;
      const strength = colour === "hsv" ? third * second : (1 - Math.abs(2 * second - 1)) * third;
      const lowest = colour === "hsv" ? third - strength : second - strength / 2;
      darkest[i] = lowest * 255 + 0.5;
      chroma[i] = strength * 255;
    }
    palettes[colour] = (hue, second, third, data, at) => {
      const shade = (second << 8) | third;
      for (let primary = 0; primary < 3; primary++) {
        data[at + primary] = Math.trunc(fround(darkest[shade] + fround(chroma[shade] * ramp[3 * hue + primary])));
      }
    };
  }
  return palettes[colour];
}
