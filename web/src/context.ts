// What the views ask of the data again and again.

import { Affinity, bytesOf, Channel, isMissing, Kinship, Numbers, Page, pairIndex, taskName } from "./data";
import { h, nameOf } from "./dom";
import { Figure, Source, sourcesOf } from "./sources";
import { addressOf, Names, State, View } from "./state";

export class Context {
  readonly names: Names;
  readonly sources: Source[];
  private readonly runsOf = new Map<string, number[]>();
  private ordered: number[] | null = null;

  constructor(readonly page: Page, readonly state: State) {
    this.names = new Names(page, state.params);
    this.sources = sourcesOf(page);
    const { model, task } = page.runs;
    model.forEach((m, run) => {
      const key = `${m} ${task[run]}`;
      const list = this.runsOf.get(key);
      if (list) list.push(run);
      else this.runsOf.set(key, [run]);
    });
  }

  // Places of a model's runs on a task.
  runs(model: number, task: number): number[] {
    return this.runsOf.get(`${model} ${task}`) ?? [];
  }

  // All tasks as people count them: 2 before 10.
  private get tasks(): number[] {
    if (!this.ordered) {
      const { compare } = new Intl.Collator("en", { numeric: true });
      const { tasks } = this.page;
      this.ordered = tasks.map((_, t) => t).sort((x, y) => compare(tasks[x][0], tasks[y][0]) || compare(tasks[x][1], tasks[y][1]) || compare(tasks[x][2], tasks[y][2]) || x - y);
    }
    return this.ordered;
  }

  // The tasks on which both have runs.
  common(a: number, b: number): number[] {
    return this.tasks.filter((t) => this.runs(a, t).length > 0 && this.runs(b, t).length > 0);
  }

  // A model's name as the reader wants it: renamed, highlighted.
  name(model: number): HTMLElement {
    const name = nameOf(this.names.of(model));
    return this.names.isMarked(model) ? h("mark", {}, name) : name;
  }

  pairName(p: number): string {
    return `${this.names.of(this.page.pairs.a[p])} – ${this.names.of(this.page.pairs.b[p])}`;
  }

  isPairMarked(p: number): boolean {
    return this.names.isMarked(this.page.pairs.a[p]) || this.names.isMarked(this.page.pairs.b[p]);
  }

  // A sentence of the program with the models' names as the reader wants them.
  said(text: string): (string | HTMLElement)[] {
    return this.names.parts(text).map((part) => (typeof part === "number" ? this.name(part) : part));
  }

  // The name of a file that no other figure or table has: what it shows, of which models and task.
  file(...parts: (string | { model: number } | { task: number })[]): string {
    const slug = (text: string) => text.replace(/[^\p{L}\p{N}.]+/gu, "-").replace(/^[-.]+|-+$/g, "").slice(0, 60);
    const unlike = (texts: string[], place: number) => {
      const wanted = slug(texts[place]);
      return texts.some((text, i) => i !== place && slug(text) === wanted) ? `${wanted}-${place}` : wanted;
    };
    return parts.map((part) => (typeof part === "string" ? slug(part)
      : "model" in part ? unlike(this.page.models.map((_, m) => this.names.of(m)), part.model)
      : unlike(this.page.tasks.map((task) => taskName(task)), part.task))).filter(Boolean).join("-");
  }

  // z of words on the tasks of a domain; null: there is none.
  domainZ(place: number): Numbers | null {
    const b = this.kinship?.benchmarks.indexOf(this.domainName(place)) ?? -1;
    return b < 0 ? null : this.kinship!.words_z[b];
  }

  // A figure on the tasks of each domain; empty where it is known for all tasks alone.
  ofDomains(source: Source, figure: Figure): { values: Numbers; low?: Numbers; high?: Numbers }[] {
    const all = this.page.domains.map((domain, d) => {
      if (source.key === "kinship-words" && figure.key === "z") return this.domainZ(d) && { values: this.domainZ(d)! };
      const scores = figure.key === "score" && domain.scores.find((one) => this.page.metrics[one.metric].name === source.key);
      return scores ? { values: scores.score, low: scores.score_low, high: scores.score_high } : null;
    });
    return all.filter((one) => one !== null).length === all.length ? all as { values: Numbers; low?: Numbers; high?: Numbers }[] : [];
  }

  domainName(place: number): string {
    const { benchmark, domain } = this.page.domains[place];
    return `${benchmark}/${domain}`;
  }

  pair(i: number, j: number): number {
    return pairIndex(i, j, this.page.models.length);
  }

  get lineage(): Affinity | null {
    return isMissing(this.page.lineage) ? null : this.page.lineage;
  }

  get kinship(): Kinship | null {
    return isMissing(this.page.kinship) ? null : this.page.kinship;
  }

  channel(name: string): Channel | null {
    return this.kinship?.channels.find((channel) => channel.name === name) ?? null;
  }

  param(key: string): string {
    return this.state.params.get(key) ?? "";
  }

  // A number in the address that must be a place in a list of this length.
  index(key: string, length: number): number | null {
    const text = this.state.params.get(key);
    const value = text ? Number(text) : NaN;
    return Number.isInteger(value) && value >= 0 && value < length ? value : null;
  }

  // What pairs are sorted by: kinship by words, else the combined evidence, else a score.
  private main(): Source {
    const known = this.sources.filter((source) => source.figures[0].values.some((value) => value !== null));
    return known.find((source) => source.key === "kinship-words") ?? known.find((source) => source.key === "lineage") ?? known[0] ?? this.sources[0];
  }

  // Pairs of models that are not hidden, strongest first.
  strongest(): number[] {
    const { a, b } = this.page.pairs;
    const values = this.main()?.figures[0].values ?? [];
    return a.map((_, p) => p)
      .filter((p) => this.names.isShown(a[p]) && this.names.isShown(b[p]))
      .sort((x, y) => (values[y] ?? -Infinity) - (values[x] ?? -Infinity));
  }

  // The source that the reader chose.
  source(): Source {
    return this.sources.find((source) => source.key === this.param("metric")) ?? this.main();
  }

  figure(source: Source): Figure {
    return source.figures.find((figure) => figure.key === this.param("figure")) ?? source.figures[0];
  }

  // Models that are not hidden, relatives side by side where there is a tree.
  order(): number[] {
    const order = isMissing(this.page.tree) ? this.page.models.map((_, m) => m) : this.page.tree.order;
    return order.filter((m) => this.names.isShown(m));
  }
}

export function go(view: View, params: Record<string, string | number>): void {
  location.hash = addressOf(view, params);
}

const decoded = new Map<string, Uint8Array>();

// The scores of a pair on every task, from 0 to 1 on the metric's range; null where there is none.
export function taskPlaces(bytes: string, pair: number, tasks: number): (number | null)[] {
  let all = decoded.get(bytes);
  if (!all) {
    all = bytesOf(bytes);
    decoded.set(bytes, all);
  }
  const places: (number | null)[] = [];
  for (let t = 0; t < tasks; t++) {
    const value = all[pair * tasks + t];
    places.push(value === 255 ? null : value / 250);
  }
  return places;
}
