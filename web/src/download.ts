// Files made in the page: figures as SVG and PNG, tables as CSV and JSON.

import { h, s } from "./dom";

function save(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export type Cell = string | number | null;

export interface Rows {
  columns: string[];
  rows: Cell[][];
}

// RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe before it.
export function csvOf({ columns, rows }: Rows): string {
  const cell = (value: Cell): string => {
    if (value === null) return "";
    if (typeof value === "number") return String(value);
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => row.map(cell).join(",") + "\r\n").join("");
}

function jsonOf({ columns, rows }: Rows): string {
  return JSON.stringify(rows.map((row) => Object.fromEntries(row.map((value, i) => [columns[i], value]))), null, 2);
}

// A drawing with what must stand beside it in a paper: what is drawn, what its numbers are, and the scale of its colours.
export interface Drawing {
  svg: SVGSVGElement;
  title: string;
  meaning?: string;
  legend?: SVGSVGElement;
}

// Broken between words into lines of at most so many letters, where words allow.
function lines(text: string, letters: number): string[] {
  const out: string[] = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const last = out.length - 1;
    if (last >= 0 && out[last].length + 1 + word.length <= letters) out[last] += ` ${word}`;
    else out.push(word);
  }
  return out;
}

function part(svg: SVGSVGElement, y: number): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("y", String(y));
  copy.removeAttribute("tabindex");
  copy.removeAttribute("role");
  copy.querySelectorAll(".cursor").forEach((cursor) => cursor.remove());
  return copy;
}

// The figure with its title and legend, black on white, as it goes into a paper.
function whole({ svg, title, meaning, legend }: Drawing): SVGSVGElement {
  const letter = 6.2;
  const width = Math.max(svg.width.baseVal.value, legend?.width.baseVal.value ?? 0, 480);
  const heading = lines(title, Math.floor((width - 28) / (letter * 1.2)));
  const below = lines(meaning ?? "", Math.floor((width - 28) / letter));
  const top = 12 + heading.length * 17 + below.length * 15 + 6;
  const drawn = top + svg.height.baseVal.value;
  const height = drawn + (legend ? legend.height.baseVal.value + 6 : 0);
  return s("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, color: "#000000", "font-family": "Helvetica, Arial, sans-serif" },
    s("title", {}, title), s("rect", { width, height, fill: "#ffffff" }),
    ...heading.map((line, i) => s("text", { x: 14, y: 12 + 13 + i * 17, "font-size": 13, "font-weight": "bold" }, line)),
    ...below.map((line, i) => s("text", { x: 14, y: 12 + heading.length * 17 + 12 + i * 15, "font-size": 11 }, line)),
    part(svg, top), legend && part(legend, drawn + 2));
}

function svgText(drawing: Drawing): string {
  return new XMLSerializer().serializeToString(whole(drawing));
}

function savePng(name: string, drawing: Drawing): void {
  const scale = 2;
  const url = URL.createObjectURL(new Blob([svgText(drawing)], { type: "image/svg+xml" }));
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = image.width * scale;
    canvas.height = image.height * scale;
    const context = canvas.getContext("2d")!;
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => blob && save(`${name}.png`, blob));
    URL.revokeObjectURL(url);
  };
  image.src = url;
}

export function exportButtons(name: string, rows: Rows, drawing?: Drawing): HTMLElement {
  const button = (label: string, act: () => void) =>
    h("button", { type: "button", click: act, "aria-label": `${label} of ${name}` }, label);
  return h("span", { class: "exports" },
    button("CSV", () => save(`${name}.csv`, new Blob([csvOf(rows)], { type: "text/csv" }))),
    button("JSON", () => save(`${name}.json`, new Blob([jsonOf(rows)], { type: "application/json" }))),
    drawing && button("SVG", () => save(`${name}.svg`, new Blob([svgText(drawing)], { type: "image/svg+xml" }))),
    drawing && button("PNG", () => savePng(name, drawing)));
}
