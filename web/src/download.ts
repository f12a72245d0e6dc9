// Files made in the page: figures as SVG and PNG, tables as CSV and JSON.

import { h } from "./dom";

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

// The figure alone, black on white, as it goes into a paper.
export function svgText(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("color", "#000000");
  copy.setAttribute("font-family", "Helvetica, Arial, sans-serif");
  copy.removeAttribute("tabindex");
  copy.querySelectorAll(".cursor").forEach((cursor) => cursor.remove());
  return new XMLSerializer().serializeToString(copy);
}

function savePng(name: string, svg: SVGSVGElement): void {
  const scale = 2;
  const url = URL.createObjectURL(new Blob([svgText(svg)], { type: "image/svg+xml" }));
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = svg.width.baseVal.value * scale;
    canvas.height = svg.height.baseVal.value * scale;
    const context = canvas.getContext("2d")!;
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => blob && save(`${name}.png`, blob));
    URL.revokeObjectURL(url);
  };
  image.src = url;
}

export function exportButtons(name: string, rows: Rows, svg?: SVGSVGElement): HTMLElement {
  const button = (label: string, act: () => void) =>
    h("button", { type: "button", click: act, "aria-label": `${label} of ${name}` }, label);
  return h("span", { class: "exports" },
    button("CSV", () => save(`${name}.csv`, new Blob([csvOf(rows)], { type: "text/csv" }))),
    button("JSON", () => save(`${name}.json`, new Blob([jsonOf(rows)], { type: "application/json" }))),
    svg && button("SVG", () => save(`${name}.svg`, new Blob([svgText(svg)], { type: "image/svg+xml" }))),
    svg && button("PNG", () => savePng(name, svg)));
}
