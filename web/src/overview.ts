// The views of all models: verdict, matrix, tree, neighbours, stages, models.

import { isMissing } from "./data";
import { Context, go } from "./context";
import { h, nameOf, number, pValue } from "./dom";
import { Cell } from "./download";
import { dots, legend, matrix, tree } from "./figures";
import { Column, figure, notice, picker, table, term } from "./parts";
import { addressOf, setParam } from "./state";

const kMostModels = 100;

function pairLink(context: Context, p: number): HTMLElement {
  const { a, b } = context.page.pairs;
  return h("a", { href: addressOf("pair", { a: a[p], b: b[p] }) }, nameOf(context.names.of(a[p])), " – ", nameOf(context.names.of(b[p])));
}

export function pairsTable(context: Context, pairs: number[], caption: string): HTMLElement {
  const { page, names } = context;
  const used = page.metrics.filter((metric) => metric.evidence || metric.name === "ags");
  const columns: Column[] = [
    { title: "pair", show: (i) => pairLink(context, pairs[i]) },
    { title: "same family" },
    { title: "lineage", digits: 2 },
    { title: "adjusted p", p: true },
    ...used.map((metric) => ({ title: metric.title, digits: metric.name === "rps" ? 2 : 3 })),
  ];
  const lineage = context.lineage;
  const rows: Cell[][] = pairs.map((p) => [
    `${names.of(page.pairs.a[p])} – ${names.of(page.pairs.b[p])}`,
    page.pairs.same_family[p] ? "same" : "",
    lineage?.affinity[p] ?? null,
    lineage?.p_adjusted[p] ?? null,
    ...used.map((metric) => metric.score[p]),
  ]);
  return table("pairs", caption, columns, rows);
}

export function verdictView(context: Context): Node[] {
  const { page } = context;
  const parts: Node[] = [h("div", { class: "verdict" }, ...page.verdict.map((sentence) => h("p", {}, sentence)))];
  for (const note of page.notes) parts.push(notice(note));
  if (page.models.length === 1) {
    parts.push(notice("With one model there are no pairs: matrix, tree, neighbours and pairs are empty. The model's runs are under Models."));
    return parts;
  }
  if (page.models.length === 2) parts.push(notice("With two models there is one pair: likeness can be seen, but not whether it is unusual. That takes at least four models on the same tasks."));
  if (page.metrics.every((metric) => metric.ceiling.every((value) => value === null))) {
    parts.push(notice("No model has several trials of a task, so there is no ceiling: how alike a model is to itself is not known."));
  }
  if (!page.metrics.some((metric) => metric.channel === "wording")) parts.push(notice("The wording was not looked at: the page is about actions alone."));
  parts.push(pairsTable(context, context.strongest(), "All pairs, strongest first"));
  return parts;
}

// --- matrix ---

const kFigures: [string, string][] = [["score", "score"], ["place", "place between chance and ceiling"], ["affinity", "affinity"], ["p_adjusted", "adjusted p"]];

export function matrixView(context: Context): Node[] {
  const { page, names } = context;
  if (page.models.length < 2) return [notice("There is one model: no pair to show.")];
  const metric = context.metric();
  const columnsOf = metric ?? context.lineage;
  const choices: [string, string][] = [...(context.lineage ? [["lineage", "lineage evidence"] as [string, string]] : []), ...page.metrics.map((m) => [m.name, m.title] as [string, string])];
  const wanted = context.param("figure") || (metric ? "score" : "affinity");
  const kind = metric ? wanted : wanted === "p_adjusted" ? wanted : "affinity";
  const controls = h("div", { class: "bar" },
    picker("Metric", choices, metric?.name ?? "lineage", (value) => setParam("metric", value)),
    picker("Show", metric ? kFigures : kFigures.slice(2), kind, (value) => setParam("figure", value)),
    term("what do these mean?", kind === "p_adjusted" ? "adjusted p" : metric ? kind : "lineage"));
  if (!columnsOf) return [controls, notice("There is no lineage evidence for these models.")];
  const values = (columnsOf as unknown as Record<string, (number | null)[]>)[kind];
  const known = values.filter((v): v is number => v !== null);
  if (known.length === 0) {
    const why = kind === "place" ? "the place needs several trials of a task, to know how alike a model is to itself"
      : kind === "score" ? "the metric is undefined for every pair, or withheld" : "too few pairs to fit what is usual";
    return [controls, notice(`Nothing to show here: ${why}.`)];
  }
  let order = context.order();
  const left = order.length - kMostModels;
  if (left > 0) order = order.slice(0, kMostModels);
  const least = Math.min(...known);
  const most = Math.max(...known);
  const widest = Math.max(Math.abs(least), Math.abs(most), 1e-9);
  const scale = kind === "affinity" ? "diverging" : "sequential";
  const placeOf = (value: number): number =>
    kind === "affinity" ? (value / widest + 1) / 2
      : kind === "p_adjusted" ? Math.min(1, -Math.log10(Math.max(value, 1e-4)) / 4)
      : most > least ? (value - least) / (most - least) : 1;
  const written = (value: number | null) => (kind === "p_adjusted" ? pValue(value) : number(value, metric?.name === "rps" || !metric ? 2 : 3));
  const title = `${metric?.title ?? "lineage evidence"}, ${kFigures.find(([key]) => key === kind)![1]}`;
  const svg = matrix({
    title, scale,
    rows: order.map((m) => names.of(m)),
    columns: order.map((m) => names.of(m)),
    marked: order.map((m) => names.isMarked(m)),
    cell: (r, c) => {
      if (r === c) return null;
      const p = context.pair(order[r], order[c]);
      const value = values[p];
      const low = kind === "score" ? metric?.score_low[p] : kind === "affinity" ? columnsOf.low[p] : null;
      const high = kind === "score" ? metric?.score_high[p] : kind === "affinity" ? columnsOf.high[p] : null;
      return {
        place: value === null ? null : placeOf(value),
        label: value === null ? "–" : kind === "p_adjusted" ? (value < 0.001 ? "<.001" : value.toFixed(3).slice(1)) : number(value, 2),
        lines: [`${names.of(order[r])} – ${names.of(order[c])}`, `${title}: ${written(value)}`,
          ...(low != null && high != null ? [`interval ${number(low)} to ${number(high)}`] : [])],
      };
    },
    open: (r, c) => go("pair", { a: order[r], b: order[c] }),
  });
  const rows: Cell[][] = order.map((m, r) => [names.of(m), ...order.map((other, c) => (r === c ? null : values[context.pair(m, other)]))]);
  const scaleSvg = kind === "affinity" ? legend(scale, number(-widest, 2), "0", number(widest, 2))
    : kind === "p_adjusted" ? legend(scale, "1", "0.01", "≤0.0001") : legend(scale, written(least), "", written(most));
  return [controls,
    left > 0 && notice(`Labels can be read up to ${kMostModels} models: ${left} are left out. Hide others to see them.`),
    figure("matrix", `${title}. Models stand in the order of the tree. A click opens the pair.`, svg, { columns: ["model", ...order.map((m) => names.of(m))], rows }),
    scaleSvg].filter((part): part is Exclude<typeof part, false> => part !== false);
}

// --- tree ---

export function treeView(context: Context): Node[] {
  const { page, names } = context;
  if (isMissing(page.tree)) return [notice(`There is no tree: ${page.tree.missing}.`)];
  if (names.shown.length < 2) return [notice("Fewer than two models are shown.")];
  const svg = tree(page.tree, page.models.length, {
    title: "Tree of models by lineage evidence",
    name: (m) => names.of(m),
    isShown: (m) => names.isShown(m),
    isMarked: (m) => names.isMarked(m),
    open: (m) => go("neighbours", { model: m }),
  });
  const leaves = page.models.length;
  const label = (node: number) => (node < leaves ? names.of(node) : `group ${node - leaves + 1}`);
  const rows: Cell[][] = page.tree.merges.map(([left, right, height], k) => [`group ${k + 1}`, label(left), label(right), height, (page.tree as { support: number[] }).support[k] ?? null]);
  return [
    h("p", {}, "Average linkage on lineage evidence. Numbers at a fork: ", term("support"), " in percent, bold from 95. A fork without support is not to be relied on."),
    figure("tree", "The shorter the way between two models, the stronger the evidence.", svg, { columns: ["group", "left", "right", "distance", "support"], rows })];
}

// --- neighbours ---

export function neighboursView(context: Context): Node[] {
  const { page, names } = context;
  if (page.models.length < 2) return [notice("There is one model: it has no neighbours.")];
  const model = context.index("model", page.models.length) ?? names.shown[0] ?? 0;
  const metric = context.metric();
  const source = metric ? { value: metric.score, low: metric.score_low, high: metric.score_high, adjusted: metric.p_adjusted }
    : { value: context.lineage!.affinity, low: context.lineage!.low, high: context.lineage!.high, adjusted: context.lineage!.p_adjusted };
  const others = names.shown.filter((m) => m !== model).sort((x, y) => (source.value[context.pair(model, y)] ?? -Infinity) - (source.value[context.pair(model, x)] ?? -Infinity));
  const shownOthers = others.slice(0, 30);
  const choices: [string, string][] = [...(context.lineage ? [["lineage", "lineage evidence"] as [string, string]] : []), ...page.metrics.map((m) => [m.name, m.title] as [string, string])];
  const title = `${metric?.title ?? "Lineage evidence"} of ${names.of(model)} with the others`;
  const svg = dots(title, shownOthers.map((m) => {
    const p = context.pair(model, m);
    return { name: names.of(m), value: source.value[p], low: source.low[p], high: source.high[p], strong: (source.adjusted[p] ?? 1) < 0.05, open: () => go("pair", { a: model, b: m }) };
  }), metric ? null : 0);
  const rows: Cell[][] = others.map((m) => {
    const p = context.pair(model, m);
    return [names.of(m), source.value[p], source.low[p], source.high[p], source.adjusted[p], page.models[m].success, page.models[m].calls, page.models[m].errors];
  });
  return [
    h("div", { class: "bar" },
      picker("Model", names.shown.map((m) => [String(m), names.of(m)]), String(model), (value) => setParam("model", value)),
      picker("By", choices, metric?.name ?? "lineage", (value) => setParam("metric", value))),
    figure("neighbours", `${title}, nearest first. Filled: adjusted p below 0.05. Lines: intervals.${others.length > 30 ? ` The 30 nearest of ${others.length}.` : ""}`, svg,
      { columns: ["model", "value", "low", "high", "adjusted p"], rows: rows.map((row) => row.slice(0, 5)) }),
    table("neighbours", "Likeness and quality side by side", [
      { title: "model", show: (i) => h("a", { href: addressOf("pair", { a: model, b: others[i] }) }, nameOf(names.of(others[i]))) },
      { title: "value" }, { title: "low" }, { title: "high" }, { title: "adjusted p", p: true },
      { title: "success rate", digits: 2 }, { title: "calls a run", digits: 1 }, { title: "errors a run", digits: 2 }], rows)];
}

// --- stages ---

export function stagesView(context: Context): Node[] {
  const { page, names } = context;
  const stages = page.stages;
  if (isMissing(stages)) return [notice(`There is no RPS by stage: ${stages.missing}.`)];
  if (page.models.length < 2) return [notice("There is one model: no pair to show.")];
  const pairs = context.strongest();
  if (pairs.length === 0) return [notice("All pairs are hidden.")];
  const shownPairs = pairs.slice(0, 30);
  const svg = matrix({
    title: "RPS by stage", scale: "sequential",
    rows: shownPairs.map((p) => `${names.of(page.pairs.a[p])} – ${names.of(page.pairs.b[p])}`),
    columns: stages.names,
    marked: shownPairs.map(() => false),
    cell: (r, c) => {
      const value = stages.means[c][shownPairs[r]];
      return { place: value === null ? null : (value - 1) / 4, label: value === null ? "–" : number(value, 2), lines: [stages.names[c], `RPS ${number(value, 2)}`] };
    },
    open: (r) => go("pair", { a: page.pairs.a[shownPairs[r]], b: page.pairs.b[shownPairs[r]] }),
  });
  const rows: Cell[][] = pairs.map((p) => [`${names.of(page.pairs.a[p])} – ${names.of(page.pairs.b[p])}`, ...stages.means.map((mean) => mean[p])]);
  return [
    h("p", {}, term("RPS"), " of each stage of the work, 1 to 5, over all stages that both runs have. A dash: no common stage."),
    figure("stages", `The ${shownPairs.length} strongest pairs.`, svg, { columns: ["pair", ...stages.names], rows: rows.slice(0, 30) }), legend("sequential", "1", "3", "5"),
    table("stages", "All pairs by stage", [{ title: "pair", show: (i) => pairLink(context, pairs[i]) }, ...stages.names.map((title) => ({ title, digits: 2 }))], rows)];
}

// --- models ---

export function modelsView(context: Context): Node[] {
  const { page, names } = context;
  const rows: Cell[][] = names.shown.map((m) => {
    const model = page.models[m];
    return [names.of(m), model.name, model.family || null, model.tasks, model.runs, model.success, model.calls, model.errors];
  });
  const hide = h("input", { type: "text", value: context.param("hide"), placeholder: "text or /regex/", change: () => setParam("hide", hide.value) });
  const mark = h("input", { type: "text", value: context.param("mark"), placeholder: "text or /regex/", change: () => setParam("mark", mark.value) });
  const rename = h("textarea", { rows: 3, placeholder: "old name => new name, one a line; /regex/ => text", change: () => setParam("rename", rename.value) }, context.param("rename"));
  return [
    h("form", { class: "settings", submit: (event) => event.preventDefault() },
      h("label", {}, "Hide models ", hide), h("label", {}, "Highlight models ", mark), h("label", {}, "Rename models ", rename)),
    table("models", `Models${page.families_guessed ? " (families are guessed from the names)" : ""}`, [
      { title: "model", show: (i) => h("a", { href: addressOf("neighbours", { model: names.shown[i] }) }, nameOf(names.of(names.shown[i]))) },
      { title: "name in the logs", show: (i) => nameOf(page.models[names.shown[i]].name) }, { title: "family" }, { title: "tasks", digits: 0 }, { title: "runs", digits: 0 },
      { title: "success rate", digits: 2 }, { title: "calls a run", digits: 1 }, { title: "errors a run", digits: 2 }], rows)];
}
