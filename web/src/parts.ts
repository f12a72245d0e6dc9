// What every view is made of: figures with their exports, sortable tables, terms with definitions.

import { abbreviations, definitionOf } from "./definitions";
import { h, hideTip, number, pValue, shown, showTip } from "./dom";
import { Cell, Drawing, exportButtons, Rows } from "./download";
import { matcher, readState, setParam } from "./state";

// A word whose definition shows on hover and focus.
export function term(text: string, key = text): HTMLElement {
  const definition = definitionOf(key);
  if (!definition) return h("span", {}, text);
  return explained(h("dfn", { tabindex: 0, "aria-label": `${text}: ${definition}`, role: "note" }, text), [definition]);
}

// Texts with the abbreviations among them explained, each where it comes first.
export function withTerms(parts: (string | HTMLElement)[]): (string | HTMLElement)[] {
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_-])(${abbreviations().join("|")})(?![\\p{L}\\p{N}_-])`, "u");
  const met = new Set<string>();
  return parts.flatMap((part) => (typeof part !== "string" ? [part] : part.split(pattern).map((text, i) => {
    if (i % 2 === 0 || met.has(text)) return text;
    met.add(text);
    return term(text);
  })));
}

// Lines that show on hover and focus.
function explained<E extends HTMLElement>(element: E, lines: string[]): E {
  const show = () => {
    const box = element.getBoundingClientRect();
    showTip(lines, box.left, box.bottom);
  };
  element.addEventListener("mouseenter", show);
  element.addEventListener("focus", show);
  element.addEventListener("mouseleave", hideTip);
  element.addEventListener("blur", hideTip);
  return element;
}

export function notice(...text: (string | Node)[]): HTMLElement {
  return h("p", { class: "notice" }, ...text);
}

// `file`: the name of its files, without the ending.
export function figure(file: string, caption: string, drawing: Drawing, rows: Rows): HTMLElement {
  return h("figure", {},
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `figure: ${shown(drawing.title)}` }, drawing.svg),
    drawing.legend,
    h("figcaption", {}, caption, " ", exportButtons(file, rows, drawing)));
}

export function picker(label: string, options: [string, string][], value: string, change: (value: string) => void): HTMLElement {
  const select = h("select", { change: () => change(select.value) });
  for (const [key, text] of options) select.append(h("option", { value: key, selected: key === value }, text));
  return h("label", { class: "picker" }, label + " ", select);
}

export interface Column {
  title: string;
  key?: string; // of its definition
  digits?: number;
  p?: boolean;
  show?: (row: number) => Node | string; // else the value itself
}

const kRowsAtFirst = 200;

// Sorted by what the reader clicked, shift for further columns; filtered by what was typed. Both are
// in the address under the table's name. `file`: the name of its files, without the ending.
export function table(name: string, caption: string, columns: Column[], rows: Cell[][], file = name): HTMLElement {
  const { params } = readState();
  const sort = (params.get(`sort-${name}`) ?? "").split(",").filter(Boolean)
    .map((part) => ({ column: Number(part.replace("-", "")), down: part.startsWith("-") }))
    .filter(({ column }) => column >= 0 && column < columns.length);
  const order = rows.map((_, i) => i);
  order.sort((x, y) => {
    for (const { column, down } of sort) {
      const a = rows[x][column];
      const b = rows[y][column];
      if (a === b) continue;
      if (a === null) return 1; // what has no value comes last either way
      if (b === null) return -1;
      const less = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
      if (less !== 0) return down ? -less : less;
    }
    return x - y;
  });
  const filter = params.get(`filter-${name}`);
  const matches = matcher(filter);
  const kept = matches ? order.filter((i) => rows[i].some((cell) => typeof cell === "string" && matches(cell))) : order;

  const numbers = columns.map((_, c) => rows.some((row) => typeof row[c] === "number"));
  const header = columns.map((column, c) => {
    const place = sort.findIndex((part) => part.column === c);
    const numeric = numbers[c];
    const click = (event: Event) => {
      const first = place >= 0 ? !sort[place].down : numeric;
      const next = [...((event as MouseEvent).shiftKey ? sort.filter((part) => part.column !== c) : []), { column: c, down: first }];
      setParam(`sort-${name}`, next.map((part) => (part.down ? "-" : "") + part.column).join(","));
    };
    const mark = place < 0 ? "" : (sort[place].down ? " ▼" : " ▲") + (sort.length > 1 ? String(place + 1) : "");
    const definition = definitionOf(column.key ?? column.title);
    return h("th", { scope: "col", class: numeric ? "number" : "", "aria-sort": place < 0 ? "none" : sort[place].down ? "descending" : "ascending" },
      explained(h("button", { type: "button", click, "aria-description": definition, "data-defined": definition !== "" }, column.title + mark),
        [definition, "A click sorts; with shift, further columns."].filter(Boolean)));
  });
  const body = h("tbody");
  const add = (from: number, to: number) => {
    for (const i of kept.slice(from, to)) {
      body.append(h("tr", {}, ...columns.map((column, c) => {
        const value = rows[i][c];
        const text = column.show ? column.show(i)
          : column.p ? pValue(value as number | null)
          : typeof value === "number" ? number(value, column.digits ?? 3) : value ?? "–";
        return h("td", { class: numbers[c] ? "number" : "" }, text);
      })));
    }
  };
  add(0, kRowsAtFirst);
  const more = kept.length > kRowsAtFirst && h("button", {
    type: "button", click: (event) => { add(kRowsAtFirst, kept.length); (event.target as HTMLElement).remove(); },
  }, `Show all ${kept.length} rows`);
  const input = h("input", {
    type: "search", value: filter ?? "", placeholder: "text or /regex/",
    "aria-label": `Filter ${caption}`, change: () => setParam(`filter-${name}`, input.value),
  });
  return h("section", { class: "table" },
    h("div", { class: "bar" }, h("h3", {}, caption), rows.length > 5 && input,
      filter && !matches && h("span", { role: "alert" }, `${filter} is no regular expression: nothing is filtered`),
      kept.length < rows.length && h("span", {}, `${rows.length - kept.length} of ${rows.length} rows filtered out`),
      exportButtons(file, { columns: columns.map((column) => column.title), rows: kept.map((i) => rows[i]) })),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": shown(caption) },
      h("table", {}, h("thead", {}, h("tr", {}, ...header)), body)),
    more);
}
