// The drawings: SVG elements with presentation attributes only, so that what is seen is what is exported.

import { Tree } from "./data";
import { colour, inkOn, kBlue, kGrey, Scale } from "./colours";
import { elided, hideTip, number, s, showTip } from "./dom";

function canvas(width: number, height: number, label: string): SVGSVGElement {
  return s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, "font-size": 12 });
}

function text(x: number, y: number, content: string, more: Record<string, string | number> = {}): SVGTextElement {
  return s("text", { x, y, fill: "currentColor", ...more }, content);
}

// What the reader highlighted.
function highlight(marked: boolean): Record<string, string | number> {
  return marked ? { "font-weight": "bold", fill: "#14181d", stroke: "#ffe08a", "stroke-width": 6, "stroke-linejoin": "round", "paint-order": "stroke" } : {};
}

// --- matrix ---

export interface MatrixCell {
  place: number | null; // 0 to 1 on the colour scale
  label: string;
  lines: string[]; // of the tooltip
}

export interface MatrixOptions {
  title: string;
  scale: Scale;
  rows: string[];
  columns: string[];
  longest?: number; // characters of a label; 30
  marked: boolean[]; // rows
  markedColumns?: boolean[];
  cell: (row: number, column: number) => MatrixCell | null; // null: the diagonal
  open: (row: number, column: number) => void;
}

export function matrix(options: MatrixOptions): SVGSVGElement {
  const { rows, columns } = options;
  const n = Math.max(rows.length, columns.length);
  const size = n <= 24 ? 44 : n <= 40 ? 26 : n <= 60 ? 18 : 13;
  const font = Math.min(12, size - 2);
  const longest = options.longest ?? 30;
  const margin = 12 + Math.max(1, ...rows.map((name) => Math.min(longest, Array.from(name).length))) * font * 0.6;
  const top = 12 + Math.max(1, ...columns.map((name) => Math.min(longest, Array.from(name).length))) * font * 0.6;
  const svg = canvas(margin + columns.length * size + 10, top + rows.length * size + 10, options.title);
  svg.setAttribute("role", "application");
  svg.setAttribute("tabindex", "0");
  svg.setAttribute("aria-label", `${options.title}: arrow keys move, Enter opens the pair`);
  rows.forEach((name, r) => svg.append(text(margin - 6, top + (r + 0.5) * size + font * 0.35, elided(name, longest),
    { "text-anchor": "end", "font-size": font, ...highlight(options.marked[r]) })));
  columns.forEach((name, c) => {
    const x = margin + (c + 0.5) * size + font * 0.35;
    svg.append(text(x, top - 6, elided(name, longest), { "font-size": font, ...highlight(options.markedColumns?.[c] ?? false), transform: `rotate(-90 ${x} ${top - 6})` }));
  });
  const cells: (MatrixCell | null)[][] = [];
  rows.forEach((_, r) => {
    cells.push([]);
    columns.forEach((_, c) => {
      const cell = options.cell(r, c);
      cells[r].push(cell);
      const fill = cell === null ? "none" : cell.place === null ? "#d9d9d9" : colour(options.scale, cell.place);
      svg.append(s("rect", { x: margin + c * size, y: top + r * size, width: size - 1, height: size - 1, fill, "data-cell": `${r} ${c}`,
        stroke: cell === null ? kGrey : "none", "stroke-width": 0.5 }));
      if (cell && size >= 40) {
        svg.append(text(margin + (c + 0.5) * size, top + (r + 0.5) * size + 4, cell.label,
          { "text-anchor": "middle", "font-size": 11, fill: cell.place === null ? "#333333" : inkOn(fill), "pointer-events": "none" }));
      }
    });
  });
  const cursor = s("rect", { class: "cursor", width: size - 1, height: size - 1, fill: "none", stroke: "#d0021b", "stroke-width": 2, visibility: "hidden", "pointer-events": "none" });
  svg.append(cursor);
  let at = { r: 0, c: columns.length > 1 ? 1 : 0 };
  const place = (event: Event) => {
    const data = (event.target as Element).getAttribute?.("data-cell");
    if (!data) return null;
    const [r, c] = data.split(" ").map(Number);
    return { r, c };
  };
  const moveTo = (r: number, c: number, x: number, y: number) => {
    const cell = cells[r][c];
    cursor.setAttribute("visibility", "visible");
    cursor.setAttribute("x", String(margin + c * size));
    cursor.setAttribute("y", String(top + r * size));
    if (cell) showTip(cell.lines, x, y);
    else hideTip();
  };
  svg.addEventListener("mousemove", (event) => {
    const found = place(event);
    if (found) moveTo(found.r, found.c, event.clientX, event.clientY);
    else hideTip();
  });
  svg.addEventListener("mouseleave", () => { hideTip(); cursor.setAttribute("visibility", "hidden"); });
  svg.addEventListener("click", (event) => {
    const found = place(event);
    if (found && cells[found.r][found.c]) { hideTip(); options.open(found.r, found.c); }
  });
  svg.addEventListener("blur", () => { hideTip(); cursor.setAttribute("visibility", "hidden"); });
  svg.addEventListener("keydown", (event) => {
    const step: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const move = step[event.key];
    if (move) {
      at = { r: Math.min(rows.length - 1, Math.max(0, at.r + move[0])), c: Math.min(columns.length - 1, Math.max(0, at.c + move[1])) };
      const box = svg.getBoundingClientRect();
      moveTo(at.r, at.c, box.left + margin + at.c * size, box.top + top + at.r * size);
      event.preventDefault();
    } else if (event.key === "Enter" && cells[at.r][at.c]) {
      hideTip();
      options.open(at.r, at.c);
    }
  });
  return svg;
}

export function legend(scale: Scale, least: string, middle: string, most: string): SVGSVGElement {
  const svg = canvas(420, 34, `colours from ${least} to ${most}`);
  for (let i = 0; i < 100; i++) svg.append(s("rect", { x: 20 + i * 3, y: 2, width: 3.2, height: 12, fill: colour(scale, i / 99) }));
  svg.append(text(20, 28, least), text(170, 28, middle, { "text-anchor": "middle" }), text(320, 28, most, { "text-anchor": "end" }));
  svg.append(s("rect", { x: 340, y: 2, width: 12, height: 12, fill: "#d9d9d9" }), text(358, 12, "no value"));
  return svg;
}

// --- tree ---

export interface TreeOptions {
  title: string;
  name: (leaf: number) => string;
  isShown: (leaf: number) => boolean;
  isMarked: (leaf: number) => boolean;
  open: (leaf: number) => void;
}

interface Drawn { x: number; y: number }

export function tree(data: Tree, leaves: number, options: TreeOptions): SVGSVGElement {
  const shownLeaves = data.order.filter(options.isShown);
  const step = shownLeaves.length > 60 ? 13 : 22;
  const font = Math.min(12, step - 1);
  const depth = Math.max(1e-9, ...data.merges.map((merge) => merge[2]));
  const width = 460;
  const label = 20 + Math.max(1, ...shownLeaves.map((leaf) => Math.min(40, Array.from(options.name(leaf)).length))) * font * 0.62;
  const svg = canvas(width + label + 30, shownLeaves.length * step + 50, options.title);
  svg.setAttribute("role", "group");
  const xOf = (height: number) => 20 + (1 - height / depth) * width;
  const row = new Map(shownLeaves.map((leaf, i) => [leaf, i]));
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    svg.append(s("path", { d: `M${x1} ${y1}H${x2}`, stroke: "currentColor", fill: "none" }), s("path", { d: `M${x1} ${y1}V${y2}`, stroke: "currentColor", fill: "none", visibility: "hidden" }));
  // Nodes whose models are all hidden are not drawn; with one side hidden a node is only a point on the way.
  const draw = (node: number): Drawn | null => {
    if (node < leaves) {
      const at = row.get(node);
      if (at === undefined) return null;
      const y = 14 + at * step;
      const name = text(xOf(0) + 8, y + font * 0.35, elided(options.name(node), 40), {
        "font-size": font, ...highlight(options.isMarked(node)), tabindex: 0, role: "link", class: "leaf" });
      name.append(s("title", {}, options.name(node)));
      name.addEventListener("click", () => options.open(node));
      name.addEventListener("keydown", (event) => { if (event.key === "Enter") options.open(node); });
      svg.append(name);
      return { x: xOf(0), y };
    }
    const [left, right, height] = data.merges[node - leaves];
    const a = draw(left);
    const b = draw(right);
    if (!a || !b) return a ?? b;
    const x = xOf(height);
    line(x, a.y, a.x, a.y);
    line(x, b.y, b.x, b.y);
    svg.append(s("path", { d: `M${x} ${a.y}V${b.y}`, stroke: "currentColor", fill: "none" }));
    const support = data.support[node - leaves];
    const y = (a.y + b.y) / 2;
    if (support !== undefined && node < leaves + data.merges.length - 1) {
      svg.append(text(x - 3, y - 3, `${Math.round(100 * support)}`, {
        "text-anchor": "end", "font-size": 10, "font-weight": support >= 0.95 ? "bold" : "normal" }));
    }
    return { x, y };
  };
  if (data.merges.length > 0) draw(leaves + data.merges.length - 1);
  const bottom = shownLeaves.length * step + 20;
  svg.append(s("path", { d: `M20 ${bottom}H${20 + width}`, stroke: "currentColor", fill: "none" }));
  for (const share of [0, 0.5, 1]) {
    svg.append(text(xOf(share * depth), bottom + 16, number(share * depth, 1), { "text-anchor": "middle", "font-size": 11 }));
  }
  svg.append(text(20 + width / 2, bottom + 28, "distance", { "text-anchor": "middle", "font-size": 11 }));
  return svg;
}

// --- values with intervals, one a row ---

export interface Dot {
  name: string;
  value: number | null;
  low: number | null;
  high: number | null;
  strong: boolean;
  marked?: boolean;
  none?: string; // why there is no value
  meaning?: string; // of the name
  open?: () => void;
}

// Three to six round numbers from least to most.
function ticks(least: number, most: number): { values: number[]; digits: number } {
  const rough = (most - least) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const values: number[] = [];
  for (let k = Math.ceil(least / step - 1e-9); k * step <= most + 1e-9 * step; k++) values.push(k === 0 ? 0 : k * step);
  const places = -Math.floor(Math.log10(step) + 1e-9) + (Math.abs(step / power - 2.5) < 1e-9 ? 1 : 0);
  const digits = Math.max(0, Math.min(6, places));
  return { values, digits };
}

export function dots(title: string, rows: Dot[], reference: number | null): SVGSVGElement {
  const values = rows.flatMap((row) => [row.value, row.low, row.high]).filter((v): v is number => v !== null);
  if (reference !== null) values.push(reference);
  const least = Math.min(0, ...values);
  const most = Math.max(least + 1e-9, ...values);
  const margin = 20 + Math.max(1, ...rows.map((row) => Math.min(40, Array.from(row.name).length))) * 7.2;
  const width = 420;
  const x = (value: number) => margin + ((value - least) / (most - least)) * width;
  const svg = canvas(margin + width + 70, rows.length * 20 + 40, title);
  if (reference !== null) svg.append(s("path", { d: `M${x(reference)} 4V${rows.length * 20 + 8}`, stroke: kGrey, "stroke-dasharray": "3 3" }));
  rows.forEach((row, i) => {
    const y = 14 + i * 20;
    const name = text(margin - 8, y + 4, elided(row.name, 40), { "text-anchor": "end", "font-weight": row.strong ? "bold" : "normal", ...highlight(row.marked ?? false) });
    if (row.open) {
      const open = row.open;
      svg.setAttribute("role", "group");
      name.setAttribute("tabindex", "0");
      name.setAttribute("role", "link");
      name.setAttribute("class", "leaf");
      name.addEventListener("click", open);
      name.addEventListener("keydown", (event) => { if ((event as KeyboardEvent).key === "Enter") open(); });
    }
    if (row.meaning) name.append(s("title", {}, row.meaning));
    svg.append(name);
    if (row.value === null) { svg.append(text(margin + 4, y + 4, row.none ?? "no value", { fill: "currentColor", "font-size": 11 })); return; }
    if (row.low !== null && row.high !== null) svg.append(s("path", { d: `M${x(row.low)} ${y}H${x(row.high)}`, stroke: kBlue, "stroke-width": 2 }));
    svg.append(s("circle", { cx: x(row.value), cy: y, r: 4, fill: row.strong ? kBlue : "#ffffff", stroke: kBlue, "stroke-width": 2 }));
    svg.append(text(margin + width + 10, y + 4, number(row.value, 2)));
  });
  const bottom = rows.length * 20 + 14;
  svg.append(s("path", { d: `M${margin} ${bottom}H${margin + width}`, stroke: "currentColor" }));
  const { values: marks, digits } = ticks(least, most);
  for (const value of marks) {
    svg.append(s("path", { d: `M${x(value)} ${bottom}v4`, stroke: "currentColor" }));
    svg.append(text(x(value), bottom + 16, number(value, digits), { "text-anchor": "middle", "font-size": 11 }));
  }
  return svg;
}

// --- one cell a task, one row a metric ---

export interface StripRow {
  title: string;
  meaning?: string; // of the title
  places: (number | null)[];
  labels: string[];
}

export function strip(title: string, rows: StripRow[], names: string[], open: (task: number) => void): SVGSVGElement {
  const size = names.length > 400 ? 4 : names.length > 150 ? 7 : 10;
  const perLine = Math.floor(880 / size);
  const lines = Math.max(1, Math.ceil(names.length / perLine));
  const svg = canvas(90 + Math.min(names.length, perLine) * size + 10, lines * (rows.length * 16 + 14) + 6, title);
  for (let block = 0; block < lines; block++) {
    const top = 4 + block * (rows.length * 16 + 14);
    rows.forEach((row, r) => {
      const title = text(84, top + r * 16 + 11, row.title, { "text-anchor": "end", "font-size": 11 });
      if (row.meaning) title.append(s("title", {}, row.meaning));
      svg.append(title);
      for (let i = block * perLine; i < Math.min(names.length, (block + 1) * perLine); i++) {
        const place = row.places[i];
        svg.append(s("rect", { x: 90 + (i - block * perLine) * size, y: top + r * 16, width: size - 0.6, height: 14,
          fill: place === null ? "#d9d9d9" : colour("sequential", place), "data-task": i, "data-row": r }));
      }
    });
  }
  const found = (event: Event) => {
    const task = (event.target as Element).getAttribute?.("data-task");
    return task === null ? null : { task: Number(task), row: Number((event.target as Element).getAttribute("data-row")) };
  };
  svg.addEventListener("mousemove", (event) => {
    const at = found(event);
    if (at) showTip([names[at.task], `${rows[at.row].title}: ${rows[at.row].labels[at.task]}`], event.clientX, event.clientY);
    else hideTip();
  });
  svg.addEventListener("mouseleave", hideTip);
  svg.addEventListener("click", (event) => { const at = found(event); if (at) { hideTip(); open(at.task); } });
  return svg;
}

// --- two action graphs side by side ---

export interface GraphNode {
  tool: string;
  kind: string; // READ, WRITE, GENERIC
  role: "mandatory" | "optional" | "only in failing runs";
}

export interface GraphSide {
  nodes: GraphNode[];
  dependencies: [number, number][];
}

export interface GraphRow {
  kind: string;
  a: number | null;
  b: number | null;
}

export function graphs(title: string, rows: GraphRow[], a: GraphSide, b: GraphSide, names: [string, string]): SVGSVGElement {
  const width = 250;
  const arcs = 90;
  const gap = 70;
  const step = 34;
  const svg = canvas(2 * (width + arcs) + gap, rows.length * step + 60, title);
  const fills: Record<string, string> = { same: "#cfe3f5", same_tool: "#e6eff7", only_a: "#fbe0c8", only_b: "#fbe0c8" };
  const rowOf = [new Map<number, number>(), new Map<number, number>()];
  rows.forEach((row, r) => {
    if (row.a !== null) rowOf[0].set(row.a, r);
    if (row.b !== null) rowOf[1].set(row.b, r);
  });
  const left = (side: number) => (side === 0 ? arcs : arcs + width + gap);
  const y = (row: number) => 44 + row * step;
  names.forEach((name, side) => svg.append(text(left(side), 20, elided(name, 34), { "font-weight": "bold" })));
  [a, b].forEach((graph, side) => {
    graph.dependencies.forEach(([from, to]) => {
      const y1 = y(rowOf[side].get(from)!);
      const y2 = y(rowOf[side].get(to)!);
      const x = side === 0 ? left(0) : left(1) + width;
      const reach = Math.min(arcs - 12, 12 + Math.abs(y2 - y1) * 0.22) * (side === 0 ? -1 : 1);
      svg.append(s("path", { d: `M${x} ${y1}C${x + reach} ${y1} ${x + reach} ${y2 - 4} ${x} ${y2 - 4}`, fill: "none", stroke: kGrey, "stroke-width": 1.2 }));
      svg.append(s("circle", { cx: x, cy: y2 - 4, r: 2.4, fill: kGrey }));
    });
    graph.nodes.forEach((node, i) => {
      const r = rowOf[side].get(i)!;
      const box = s("rect", { x: left(side), y: y(r) - 12, width, height: 24, rx: node.kind === "READ" ? 12 : node.kind === "WRITE" ? 0 : 5,
        fill: fills[rows[r].kind], stroke: node.kind === "WRITE" ? "#000000" : "#55606b", "stroke-width": node.kind === "WRITE" ? 2 : 1,
        "stroke-dasharray": node.role === "mandatory" ? "none" : node.role === "optional" ? "5 3" : "1 3" });
      box.append(s("title", {}, `${node.tool}, ${node.kind}, ${node.role}`));
      svg.append(box, text(left(side) + 12, y(r) + 4, `${i + 1} ${elided(node.tool, 31)}`, { fill: "#111111", "font-size": 11, "pointer-events": "none" }));
    });
  });
  rows.forEach((row, r) => {
    if (row.a !== null && row.b !== null) {
      svg.append(s("path", { d: `M${left(0) + width + 2} ${y(r)}H${left(1) - 2}`, stroke: kBlue, "stroke-width": row.kind === "same" ? 2 : 1, "stroke-dasharray": row.kind === "same" ? "none" : "4 3" }));
    }
  });
  return svg;
}
