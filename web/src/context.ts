// What the views ask of the data again and again.

import { Affinity, bytesOf, Channel, isMissing, Kinship, Page, pairIndex } from "./data";
import { Figure, Source, sourcesOf } from "./sources";
import { addressOf, Names, State, View } from "./state";

export class Context {
  readonly names: Names;
  readonly sources: Source[];
  private readonly runsOf = new Map<string, number[]>();

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
    const value = Number(this.state.params.get(key) ?? NaN);
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
