// Where the reader is and how the page is set, all of it in the URL's fragment:
// #view?metric=ags&a=3&b=5&hide=mini

import { Page } from "./data";

export const kViews = ["verdict", "matrix", "tree", "neighbours", "pair", "task", "stages", "models", "method"] as const;
export type View = (typeof kViews)[number];

// These go along when the view changes.
const kKept = ["hide", "rename", "mark", "theme", "metric", "figure", "domain"];

export interface State {
  view: View;
  params: URLSearchParams;
}

export function readState(): State {
  const [view, query] = location.hash.slice(1).split("?");
  const known = kViews.find((name) => name === view);
  return { view: known ?? "verdict", params: new URLSearchParams(query ?? "") };
}

export function addressOf(view: View, params: Record<string, string | number> = {}): string {
  const now = readState().params;
  const next = new URLSearchParams();
  for (const key of kKept) {
    const value = now.get(key);
    if (value) next.set(key, value);
  }
  for (const [key, value] of Object.entries(params)) next.set(key, String(value));
  const query = next.toString();
  return `#${view}${query ? `?${query}` : ""}`;
}

// Changes one setting of the current view; an empty value removes it.
export function setParam(key: string, value: string): void {
  const { view, params } = readState();
  if (value) params.set(key, value);
  else params.delete(key);
  const query = params.toString();
  location.hash = `#${view}${query ? `?${query}` : ""}`;
}

// What a reader typed: /regex/ or plain text, without regard to case. Null: nothing, or no regex.
export function matcher(text: string | null): ((name: string) => boolean) | null {
  if (!text) return null;
  const regex = /^\/(.*)\/$/.exec(text);
  if (!regex) return (name) => name.toLowerCase().includes(text.toLowerCase());
  try {
    const compiled = new RegExp(regex[1], "i");
    return (name) => compiled.test(name);
  } catch {
    return null;
  }
}

// The models as the reader wants to see them.
export class Names {
  readonly shown: number[] = []; // models that are not hidden
  private readonly names: string[];
  private readonly marked: boolean[];
  private readonly inText: RegExp | null;
  private readonly places: Map<string, number>;

  constructor(page: Page, params: URLSearchParams) {
    const hide = matcher(params.get("hide"));
    const mark = matcher(params.get("mark"));
    const rules = (params.get("rename") ?? "").split("\n").map((line) => line.split("=>").map((part) => part.trim()));
    this.names = page.models.map((model) => {
      let name = model.name;
      for (const [from, to] of rules) {
        if (!from || to === undefined) continue;
        const regex = /^\/(.*)\/$/.exec(from);
        try {
          name = regex ? name.replace(new RegExp(regex[1], "g"), to) : name === from ? to : name;
        } catch {
          continue;
        }
      }
      return name;
    });
    // Longer names first, so that no name is taken for the beginning of another.
    this.places = new Map(page.models.map((model, m) => [model.name, m]));
    const escaped = [...this.places.keys()].filter(Boolean).sort((a, b) => b.length - a.length).map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
    this.inText = escaped.length > 0 ? new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${escaped.join("|")})(?![\\p{L}\\p{N}_-])(?!\\.[\\p{L}\\p{N}])`, "gu") : null;
    this.marked = this.names.map((name) => mark?.(name) ?? false);
    page.models.forEach((model, m) => {
      if (!(hide?.(model.name) || hide?.(this.names[m]))) this.shown.push(m);
    });
  }

  // A sentence of the program cut into texts and the models that it names.
  parts(text: string): (string | number)[] {
    if (!this.inText) return [text];
    const parts: (string | number)[] = [];
    let from = 0;
    for (const match of text.matchAll(this.inText)) {
      parts.push(text.slice(from, match.index), this.places.get(match[0])!);
      from = match.index + match[0].length;
    }
    return [...parts, text.slice(from)];
  }

  get renamed(): boolean {
    return [...this.places].some(([name, m]) => this.names[m] !== name);
  }

  of(model: number): string {
    return this.names[model];
  }
  isMarked(model: number): boolean {
    return this.marked[model];
  }
  isShown(model: number): boolean {
    return this.shown.includes(model);
  }
  get hidden(): number {
    return this.names.length - this.shown.length;
  }
}
