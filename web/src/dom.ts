// Elements from text. Nothing is ever parsed as markup: all texts, from logs and names alike, become
// text nodes.

type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

// Control characters and those that turn the direction of writing are shown as U+FFFD.
export function shown(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

function fill(element: Element, attributes: Attributes, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, shown(String(value)));
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(shown(String(child))));
  }
}

export function h<K extends keyof HTMLElementTagNameMap>(
  name: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  fill(element, attributes, children);
  return element;
}

export function s<K extends keyof SVGElementTagNameMap>(
  name: K, attributes: Attributes = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name) as SVGElementTagNameMap[K];
  fill(element, attributes, children);
  return element;
}

// A name keeps its own direction of writing.
export function nameOf(text: string): HTMLElement {
  return h("bdi", {}, text);
}

export function elided(text: string, length: number): string {
  const letters = Array.from(text);
  if (letters.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  return letters.slice(0, head).join("") + "…" + letters.slice(letters.length - (length - 1 - head)).join("");
}

export function number(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined) return "–";
  const text = value.toFixed(digits);
  // What rounds to 0 has no sign.
  return /^-[0.]+$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

export function counted(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

export function pValue(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return value < 0.0001 ? "<0.0001" : value.toFixed(4);
}

// Where there is room for five characters.
export function shortP(value: number): string {
  if (value < 0.001) return "<.001";
  return value < 0.9995 ? value.toFixed(3).slice(1) : "1.00";
}

// --- the one tooltip ---

let tip: HTMLElement | null = null;

export function showTip(lines: string[], x: number, y: number): void {
  if (!tip) {
    tip = h("div", { id: "tip", role: "status" });
    document.body.append(tip);
  }
  tip.replaceChildren(...lines.map((line) => h("div", {}, line)));
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(x + 12, window.innerWidth - box.width - 8))}px`;
  tip.style.top = `${Math.max(4, y + 16 + box.height > window.innerHeight ? y - box.height - 8 : y + 16)}px`;
}

export function hideTip(): void {
  if (tip) tip.hidden = true;
}
