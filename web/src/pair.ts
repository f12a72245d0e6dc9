// Two models: their scores, what they share, task by task; and one task, run beside run.

import { align, argumentKey, Call, Step } from "./align";
import { isMissing, LoggedMessage, Missing, taskName } from "./data";
import { Context, go, taskPlaces } from "./context";
import { counted, h, nameOf, number, pValue } from "./dom";
import { Cell } from "./download";
import { dots, graphs, GraphNode, GraphSide, strip } from "./figures";
import { figure, notice, picker, table, term } from "./parts";
import { addressOf, setParam } from "./state";

function modelPickers(context: Context, a: number, b: number): HTMLElement {
  const options = context.names.shown.map((m): [string, string] => [String(m), context.names.of(m)]);
  return h("div", { class: "bar" },
    picker("A", options, String(a), (value) => setParam("a", value)),
    picker("B", options, String(b), (value) => setParam("b", value)));
}

function chosenPair(context: Context): [number, number] {
  const { page, names } = context;
  const strongest = context.strongest()[0];
  const a = context.index("a", page.models.length) ?? page.pairs.a[strongest] ?? names.shown[0] ?? 0;
  let b = context.index("b", page.models.length) ?? page.pairs.b[strongest] ?? names.shown[1] ?? 1;
  if (a === b) b = a === 0 ? 1 : 0;
  return [a, b];
}

// Kinship by choices: the verdict's figures, channel by channel.
function kinshipParts(context: Context, p: number): Node[] {
  const { page, kinship, lineage } = context;
  if (!kinship) {
    const parts: Node[] = [notice(`Kinship by choices is not known: ${(page.kinship as Missing).missing}.`)];
    if (lineage?.affinity[p] != null) {
      parts.push(h("p", {}, term("combined evidence"), `: ${number(lineage.affinity[p], 2)} standard deviations above what is usual, interval ${number(lineage.low[p], 2)} to ${number(lineage.high[p], 2)}, adjusted p ${number(lineage.p_adjusted[p], 4)}.`));
    }
    return parts;
  }
  const words = context.channel("words");
  const z = words?.z[p] ?? null;
  const said = z === null ? "Their words say nothing of kinship: too few models show choices on the same tasks."
    : `Kinship by words: z ${number(z, 2)}; as strong among strangers, searching all pairs, with p = ${pValue(words!.p[p])}; odds of a common lab ${kinship.odds[p] === null ? "not given, with fewer than 20 tasks" : `${number(kinship.odds[p], 1)} to 1`}.`;
  const rows: Cell[][] = kinship.channels.map((c) => [c.name, c.z[p], c.z_low[p], c.z_high[p], c.p[p], c.p_alone[p], c.share[p], c.share_low[p], c.share_high[p], c.ceiling[p], c.tasks[p]]);
  return [h("p", {}, said), table("kinship", "Kinship by choices beyond the task: words carry the verdict", [
    { title: "channel" }, { title: "z", digits: 2 }, { title: "low", key: "interval", digits: 2 }, { title: "high", key: "interval", digits: 2 }, { title: "p", p: true },
    { title: "p alone", p: true }, { title: "repeated", digits: 2 }, { title: "low", key: "interval", digits: 2 }, { title: "high", key: "interval", digits: 2 },
    { title: "itself", digits: 2 }, { title: "tasks", digits: 0 }], rows)];
}

export function pairView(context: Context): Node[] {
  const { page } = context;
  if (page.models.length < 2) return [notice("There is one model: no pair to show.")];
  const [a, b] = chosenPair(context);
  const p = context.pair(a, b);
  const parts: Node[] = [modelPickers(context, a, b), ...kinshipParts(context, p)];
  const rows: Cell[][] = page.metrics.map((m) => [m.title, m.score[p], m.score_low[p], m.score_high[p], m.chance[p], m.ceiling[p], m.place[p], m.affinity[p], m.p_adjusted[p]]);
  const scored = page.metrics.filter((m) => m.score[p] !== null && m.name !== "rps");
  if (scored.length > 0) {
    const svg = dots("Scores with intervals", scored.map((m) => ({ name: m.title, value: m.score[p], low: m.score_low[p], high: m.score_high[p], strong: m.evidence })), null);
    parts.push(figure("scores", "Scores from 0 to 1 with intervals; filled: part of the evidence. RPS, 1 to 5, is in the table.", svg, { columns: ["metric", "score", "low", "high"], rows: rows.map((row) => row.slice(0, 4)) }));
  } else {
    parts.push(notice("No metric has a score for this pair: no common task, or judgements that were withheld."));
  }
  parts.push(table("metrics", "Every metric", [
    { title: "metric", show: (i) => term(page.metrics[i].title) }, { title: "score" }, { title: "low", key: "interval" }, { title: "high", key: "interval" },
    { title: "chance" }, { title: "ceiling" }, { title: "place" }, { title: "affinity" }, { title: "adjusted p", p: true }], rows));

  const told = page.told[String(p)];
  if (!told) {
    parts.push(notice("Habits and phrases are told for the strongest pairs only; `agentecho explain` tells those of this one."));
  } else {
    const habits: Cell[][] = told.habits.map((habit) => [habit.words, habit.both ?? null, habit.possible ?? null, habit.expected ?? null, habit.excess ?? null, (habit.tasks ?? []).map((t) => taskName(page.tasks[t])).join(", ")]);
    if (habits.length === 0) parts.push(notice("No shared habit goes beyond what other models share."));
    else parts.push(table("habits", "Habits that both have and others rarely share", [
      { title: "habit" }, { title: "tasks", digits: 0 }, { title: "possible", digits: 0 }, { title: "expected", digits: 1 }, { title: "excess", digits: 1 },
      { title: "look at", show: (i) => h("span", {}, ...(told.habits[i].tasks ?? []).flatMap((t) => [h("a", { href: addressOf("task", { a, b, task: t }) }, taskName(page.tasks[t])), " "])) }], habits));
    if (told.phrases.length === 0) parts.push(notice("No shared phrase is known: there is none, or the wording was not looked at."));
    else parts.push(table("phrases", "Phrases that both use and others rarely do (shares of runs)", [
      { title: "phrase" }, { title: "kind" }, { title: "A", digits: 2 }, { title: "B", digits: 2 }, { title: "others", digits: 2 }, { title: "run of A" }, { title: "run of B" }],
      told.phrases.map((phrase) => [phrase.text, phrase.kind, phrase.a, phrase.b, phrase.others, phrase.where_a, phrase.where_b])));
  }

  if (isMissing(page.task_scores)) {
    parts.push(notice(`Task by task: ${page.task_scores.missing}.`));
  } else {
    const common = page.tasks.map((_, t) => t).filter((t) => context.runs(a, t).length > 0 && context.runs(b, t).length > 0);
    if (common.length === 0) return [...parts, notice("The two have no task in common.")];
    const strips = page.task_scores.metrics.map((scores) => {
      const all = taskPlaces(scores.bytes, p, page.tasks.length);
      const places = common.map((t) => all[t]);
      const value = (place: number | null) => (place === null ? null : scores.least + place * (scores.most - scores.least));
      return { title: page.metrics[scores.metric].title, places, values: places.map(value), labels: places.map((place) => number(value(place), 2)) };
    });
    const taskRows: Cell[][] = common.map((t, i) => [taskName(page.tasks[t]), ...strips.map((row) => row.values[i])]);
    const svg = strip("Scores task by task", strips, common.map((t) => taskName(page.tasks[t])), (i) => go("task", { a, b, task: common[i] }));
    parts.push(figure("tasks", "Task by task; grey: undefined. A click opens the two runs.", svg, { columns: ["task", ...strips.map((row) => row.title)], rows: taskRows }));
    parts.push(table("tasks", "The tasks of both (to 1/250)", [
      { title: "task", show: (i) => h("a", { href: addressOf("task", { a, b, task: common[i] }) }, taskName(page.tasks[common[i]])) },
      ...strips.map((row) => ({ title: row.title, digits: 2 }))], taskRows));
  }
  return parts;
}

// --- one task ---

function transcriptCalls(messages: LoggedMessage[] | undefined): { arguments: string; result: string }[] {
  return messages?.flatMap((message) => message.calls) ?? [];
}

function callsOf(context: Context, run: number): Call[] {
  const logged = transcriptCalls(context.page.transcripts?.[run]);
  return context.page.runs.calls[run].map((tool, i) => ({ tool, key: logged[i] ? argumentKey(logged[i].arguments) : "" }));
}

function sideOf(context: Context, run: number): GraphSide {
  const { page } = context;
  const task = page.runs.task[run];
  const nodes = page.runs.calls[run].map((tool): GraphNode => ({
    tool: page.tools[tool], kind: page.kinds[tool],
    role: page.mandatory[task].includes(tool) ? "mandatory" : page.optional[task].includes(tool) ? "optional" : "only in failing runs",
  }));
  const flat = page.runs.dependencies[run];
  const dependencies: [number, number][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) dependencies.push([flat[i], flat[i + 1]]);
  return { nodes, dependencies };
}

// Share of the other models' runs of the task for which a test holds; each model weighs the same.
function othersShare(context: Context, a: number, b: number, task: number, test: (calls: number[]) => boolean): number | null {
  let sum = 0;
  let n = 0;
  context.page.models.forEach((_, m) => {
    const runs = m === a || m === b ? [] : context.runs(m, task);
    if (runs.length === 0) return;
    sum += runs.filter((run) => test(context.page.runs.calls[run])).length / runs.length;
    n++;
  });
  return n === 0 ? null : sum / n;
}

const kLongText = 1500;

// A text from a log: text nodes alone; the rest of a long one comes on demand.
function logText(text: string): HTMLElement {
  if (text.length <= kLongText) return h("pre", { class: "log" }, text);
  const rest = h("button", { type: "button", click: () => rest.parentElement?.replaceChildren(h("pre", { class: "log" }, text)) }, `Show all ${text.length} characters`);
  return h("div", {}, h("pre", { class: "log" }, `${text.slice(0, kLongText)}…`), rest);
}

function transcript(title: string, messages: LoggedMessage[]): HTMLElement {
  let call = 0;
  return h("section", { class: "transcript" }, h("h3", {}, title), ...messages.map((message) =>
    h("div", { class: `message ${message.role}` }, h("h4", {}, message.role),
      message.reasoning && h("details", {}, h("summary", {}, "reasoning"), logText(message.reasoning)),
      message.text && logText(message.text),
      ...message.calls.map((one) => h("details", {}, h("summary", {}, `call ${++call}`), logText(one.arguments), logText(one.result))))));
}

function outcome(context: Context, run: number): string {
  const success = context.page.runs.success[run];
  return success === null ? "outcome not recorded" : success ? "solved" : "not solved";
}

function stepsTable(context: Context, a: number, b: number, task: number, steps: Step[], runA: number, runB: number): HTMLElement {
  const { page } = context;
  const callA = page.runs.calls[runA];
  const callB = page.runs.calls[runB];
  const words: Record<string, string> = { same: page.transcripts ? "both, same call" : "both", same_tool: "both, other arguments", only_a: "A only", only_b: "B only" };
  let before: number | null = null;
  const rows: Cell[][] = steps.map((step, i) => {
    const tool = step.a !== null ? callA[step.a] : callB[step.b!];
    const both = step.a !== null && step.b !== null;
    const adjacent = both && before !== null && callA[step.a! - 1] === callB[step.b! - 1] && callA[step.a! - 1] === before;
    const from = before;
    const following = adjacent ? othersShare(context, a, b, task, (calls) => calls.some((t, k) => k > 0 && t === tool && calls[k - 1] === from)) : null;
    before = both ? tool : null;
    const role = page.mandatory[task].includes(tool) ? "mandatory" : page.optional[task].includes(tool) ? "optional" : "only in failing runs";
    return [i + 1, words[step.kind], page.tools[tool], page.kinds[tool], role, othersShare(context, a, b, task, (calls) => calls.includes(tool)), following];
  });
  return table("steps", "Aligned steps, and how usual each choice is among the other models", [
    { title: "step", digits: 0 }, { title: "who" }, { title: "tool" }, { title: "kind" }, { title: "role", key: "optional" },
    { title: "others call it", digits: 2, key: "others" }, { title: "others call it right after", digits: 2, key: "others" }], rows);
}

export function taskView(context: Context): Node[] {
  const { page, names } = context;
  if (page.models.length < 2) return [notice("There is one model: no two runs to lay beside each other.")];
  const [a, b] = chosenPair(context);
  const common = page.tasks.map((_, t) => t).filter((t) => context.runs(a, t).length > 0 && context.runs(b, t).length > 0);
  if (common.length === 0) return [modelPickers(context, a, b), notice("The two have no task in common.")];
  const wanted = context.index("task", page.tasks.length);
  const task = wanted !== null && common.includes(wanted) ? wanted : common[0];
  const runsA = context.runs(a, task);
  const runsB = context.runs(b, task);
  const runA = runsA[context.index("trial_a", runsA.length) ?? 0];
  const runB = runsB[context.index("trial_b", runsB.length) ?? 0];
  const controls = modelPickers(context, a, b);
  controls.append(picker("Task", common.map((t) => [String(t), taskName(page.tasks[t])]), String(task), (value) => setParam("task", value)));
  const trials = (runs: number[]) => runs.map((run, i): [string, string] => [String(i), String(page.runs.trial[run])]);
  if (runsA.length > 1) controls.append(picker("Trial of A", trials(runsA), context.param("trial_a") || "0", (value) => setParam("trial_a", value)));
  if (runsB.length > 1) controls.append(picker("Trial of B", trials(runsB), context.param("trial_b") || "0", (value) => setParam("trial_b", value)));
  const steps = align(callsOf(context, runA), callsOf(context, runB));
  const parts: Node[] = [controls];
  const both = steps.filter((step) => step.a !== null && step.b !== null).length;
  const first = steps.findIndex((step) => step.kind !== "same");
  parts.push(h("p", {}, "A: ", nameOf(names.of(a)), `, ${counted(page.runs.calls[runA].length, "call")}, ${outcome(context, runA)}. B: `, nameOf(names.of(b)),
    `, ${counted(page.runs.calls[runB].length, "call")}, ${outcome(context, runB)}. They have ${both} of ${steps.length} steps in common; they ${first < 0 ? "never part" : `part at step ${first + 1}`}.`,
    page.transcripts ? "" : " Arguments are not on this page: calls of one tool count as the same."));
  if (steps.length === 0) return [...parts, notice("Neither run calls a tool.")];
  parts.push(figure("graphs", "Calls in order. Round: reads; square: writes. Solid: mandatory; dashed: optional; dotted: only in failing runs. Blue lines join common calls, grey arcs show data reused.",
    graphs("Two action graphs side by side", steps, sideOf(context, runA), sideOf(context, runB), [names.of(a), names.of(b)]),
    { columns: ["step", "who", "call of A", "call of B"], rows: steps.map((step, i) => [i + 1, step.kind, step.a, step.b]) }));
  parts.push(stepsTable(context, a, b, task, steps, runA, runB));
  const logA = page.transcripts?.[runA];
  const logB = page.transcripts?.[runB];
  if (logA && logB) {
    parts.push(h("div", { class: "beside" }, transcript(`A: ${names.of(a)}`, logA), transcript(`B: ${names.of(b)}`, logB)));
  } else {
    parts.push(notice("Messages are not on this page. Make it with --with-transcripts, or see them with agentecho explain A B --task."));
  }
  return parts;
}
