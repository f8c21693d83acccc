"use strict";
// A genome as a graph: inputs above, outputs below, each node with the curve of its function.

const SVG = "http://www.w3.org/2000/svg";
const INPUT_NAMES = ["x", "y", "distance", "1"];
const CURVES = {
  sine: "M-8 0C-5 -9 -3 -9 0 0S5 9 8 0",
  sigmoid: "M-8 6C1 6 -1 -6 8 -6",
  gaussian: "M-8 6C-3 6 -3 -6 0 -6S3 6 8 6",
  linear: "M-8 6L-5 6L5 -6L8 -6",
};

function svg(tag, properties, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function outputName(output, outputs, colour) {
  if (outputs === 1) return "grey";
  return (colour === "hsv" ? ["hue", "saturation", "value"] : ["hue", "lightness", "saturation"])[output];
}

function drawGraph(genome, settings) {
  const nodes = [...genome.depth.keys()];
  const last = Math.max(...nodes.map((node) => genome.depth.get(node)));
  const isOutput = (node) => node >= INPUTS && node < INPUTS + genome.outputs;
  const layers = Array.from({ length: last + 1 }, () => []);
  for (let input = 0; input < INPUTS; input++) layers[0].push(input);
  for (const node of genome.order) layers[isOutput(node) ? last : Math.max(1, genome.depth.get(node))]?.push(node);
  if (last === 0) layers.push(genome.order.filter(isOutput));
  // Each node stands where those that it hears stand on average.
  const x = new Map();
  layers.forEach((layer, depth) => {
    const wish = (node) => {
      const heard = genome.into[node].map(({ source }) => x.get(source)).filter((at) => at !== undefined);
      return heard.length ? heard.reduce((sum, at) => sum + at, 0) / heard.length : 0.5;
    };
    if (depth && !isOutput(layer[0] ?? -1)) layer.sort((a, b) => wish(a) - wish(b));
    layer.forEach((node, i) => x.set(node, (i + 0.5) / layer.length));
  });
  const widest = Math.max(...layers.map((layer) => layer.length));
  const width = Math.max(360, widest * 44), gap = 58, height = (layers.length - 1) * gap + 76;
  const place = new Map();
  layers.forEach((layer, depth) => layer.forEach((node) => place.set(node, [x.get(node) * width, 34 + depth * gap])));

  const lines = svg("g", {});
  for (const { source, target, weight } of genome.connections) {
    if (!place.has(source) || !genome.depth.has(target)) continue;
    const [fromX, fromY] = place.get(source), [toX, toY] = place.get(target), bend = (toY - fromY) / 2;
    lines.append(svg("path", {
      d: `M${fromX} ${fromY + 12}C${fromX} ${fromY + 12 + bend / 1.4} ${toX} ${toY - 12 - bend / 1.4} ${toX} ${toY - 12}`,
      class: weight < 0 ? "negative" : "positive", "stroke-width": (0.5 + Math.abs(weight) / 3).toFixed(2),
    }, svg("title", {}, `weight ${weight.toFixed(2)}`)));
  }
  const dots = svg("g", {});
  for (const [node, [atX, atY]] of place) {
    const dot = svg("g", { transform: `translate(${atX} ${atY})` });
    if (node < INPUTS) {
      dot.append(svg("circle", { r: 5, class: "input" }), svg("text", { y: -10 }, INPUT_NAMES[node]));
    } else {
      const name = FUNCTIONS[genome.functions[node]];
      dot.append(svg("circle", { r: 13 }), svg("path", { d: CURVES[name], class: "curve" }), svg("title", {}, name));
      if (isOutput(node)) dot.append(svg("text", { y: 28 }, outputName(node - INPUTS, genome.outputs, settings.colour)));
    }
    dots.append(dot);
  }
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "genome", role: "img", style: `max-width:${width * 1.3}px`,
    "aria-label": `A network of ${genome.order.length} nodes` }, lines, dots);
}
