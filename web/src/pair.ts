// Two models: their scores, what they share, task by task; and one task, run beside run.

import { align, argumentKey, Call, Step } from "./align";
import { othersShare, sharedChoices } from "./choices";
import { isMissing, LoggedMessage, Missing, taskName } from "./data";
import { Context, go, taskPlaces } from "./context";
import { define, definitionOf } from "./definitions";
import { counted, h, number, pValue } from "./dom";
import { Cell } from "./download";
import { dots, graphs, GraphNode, GraphSide, legend, strip } from "./figures";
import { Column, figure, notice, picker, table, term } from "./parts";
import { PhraseInBoth, phrasesInBoth, Place } from "./phrases";
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

function fileOf(context: Context, p: number, what: string): string {
  return context.file("pair", { model: context.page.pairs.a[p] }, { model: context.page.pairs.b[p] }, what);
}

const kNoCommonTask = "No common task: nothing is known of these two.";

// The pair's scores over all tasks and on those of each domain.
function domainsTable(context: Context, a: number, b: number, p: number): HTMLElement | null {
  const { page } = context;
  if (page.domains.length === 0) return null;
  const columns: Column[] = [{ title: "domain" }, { title: "tasks", digits: 0 }];
  const cells: ((domain: number | null) => Cell)[] = [];
  const words = context.channel("words");
  if (words) {
    columns.push({ title: "z words", key: "z", digits: 2 });
    cells.push((domain) => (domain === null ? words.z[p] : context.domainZ(domain)?.[p] ?? null));
  }
  page.domains[0].scores.forEach(({ metric }, k) => {
    const { name, title, score, score_low, score_high } = page.metrics[metric];
    const digits = name === "rps" ? 2 : 3;
    columns.push({ title, digits }, { title: "low", key: "interval", digits }, { title: "high", key: "interval", digits });
    const figures = [score, score_low, score_high];
    (["score", "score_low", "score_high"] as const).forEach((key, i) => cells.push((domain) => (domain === null ? figures[i][p] : page.domains[domain].scores[k][key][p])));
  });
  const common = context.common(a, b);
  const tasksOf = (d: number) => common.filter((t) => page.tasks[t][0] === page.domains[d].benchmark && page.tasks[t][1] === page.domains[d].domain).length;
  const rows: Cell[][] = [["all, pooled", common.length, ...cells.map((of) => of(null))],
    ...page.domains.map((_, d): Cell[] => [context.domainName(d), tasksOf(d), ...cells.map((of) => of(d))])];
  return table("domains", "Domain by domain, beside the pooled scores", columns, rows, fileOf(context, p, "domains"));
}

// " [4.40 5.02]"
function range(low: number | null, high: number | null): string {
  return low === null || high === null ? "" : ` [${number(low, 2)} ${number(high, 2)}]`;
}

// The odds are a likelihood ratio, and said as one.
function likelihood(odds: number | null): string {
  if (odds === null) return "how likely that is within one lab is not said with fewer than 20 tasks";
  if (odds >= 1) return `such a z is ${number(odds, 1)} times as likely within one lab as across labs`;
  return `such a z is ${number(1 / odds, 1)} times as likely across labs as within one`;
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
    : `Kinship by words: z ${number(z, 2)}${range(words!.z_low[p], words!.z_high[p])}; as strong among strangers, searching all pairs, with p = ${pValue(words!.p[p])}; ${likelihood(kinship.odds[p])}.`;
  const rows: Cell[][] = kinship.channels.map((c) => [c.name, c.z[p], c.z_low[p], c.z_high[p], c.p[p], c.p_alone[p], c.share[p], c.share_low[p], c.share_high[p], c.ceiling[p], c.tasks[p]]);
  return [h("p", {}, said), table("kinship", "Kinship by choices beyond the task: words carry the verdict", [
    { title: "channel" }, { title: "z", digits: 2 }, { title: "low", key: "interval", digits: 2 }, { title: "high", key: "interval", digits: 2 }, { title: "p", p: true },
    { title: "p alone", p: true }, { title: "repeated", digits: 2 }, { title: "low", key: "interval", digits: 2 }, { title: "high", key: "interval", digits: 2 },
    { title: "itself", digits: 2 }, { title: "tasks", digits: 0 }], rows, fileOf(context, p, "kinship"))];
}

export function pairView(context: Context): Node[] {
  const { page } = context;
  if (page.models.length < 2) return [notice("There is one model: no pair to show.")];
  const [a, b] = chosenPair(context);
  const p = context.pair(a, b);
  if (page.pairs.tasks[p] === 0) return [modelPickers(context, a, b), notice(kNoCommonTask)];
  const title = context.pairName(p);
  const parts: Node[] = [modelPickers(context, a, b), h("p", {}, context.name(a), " and ", context.name(b), ` have ${counted(page.pairs.tasks[p], "task")} in common.`), ...kinshipParts(context, p)];
  const rows: Cell[][] = page.metrics.map((m) => [m.title, m.score[p], m.score_low[p], m.score_high[p], m.chance[p], m.ceiling[p], m.place[p], m.affinity[p], m.p_adjusted[p]]);
  const scored = page.metrics.filter((m) => m.score[p] !== null && m.name !== "rps");
  if (scored.length > 0) {
    const svg = dots(`${title}: scores with intervals`, scored.map((m) => ({ name: m.title, value: m.score[p], low: m.score_low[p], high: m.score_high[p], strong: m.evidence, meaning: definitionOf(m.title) })), null);
    parts.push(figure(fileOf(context, p, "scores"), "Scores from 0 to 1 with intervals; filled: part of the evidence. RPS, 1 to 5, is in the table.",
      { svg, title: `${title}: scores with intervals`, meaning: define("score", "interval") }, { columns: ["metric", "score", "low", "high"], rows: rows.map((row) => row.slice(0, 4)) }));
  } else {
    parts.push(notice("No metric has a score for this pair: no common task carries one, or judgements were withheld."));
  }
  parts.push(table("metrics", "Every metric", [
    { title: "metric", show: (i) => term(page.metrics[i].title) }, { title: "score" }, { title: "low", key: "interval" }, { title: "high", key: "interval" },
    { title: "chance" }, { title: "ceiling" }, { title: "place" }, { title: "affinity" }, { title: "adjusted p", p: true }], rows, fileOf(context, p, "metrics")));
  const domains = domainsTable(context, a, b, p);
  if (domains) parts.push(domains);

  // The data have A as the one with the smaller place.
  const { habits: toldHabits, phrases: toldPhrases } = page.told[String(p)] ?? { habits: null, phrases: [] };
  const phrases = toldPhrases.map((one) => (a < b ? one : { ...one, a: one.b, b: one.a, where_a: one.where_b, where_b: one.where_a }));
  if (!toldHabits) {
    parts.push(notice("Habits and phrases are told for the strongest pairs only; `agentecho explain` tells those of this one."));
  } else {
    const habits: Cell[][] = toldHabits.map((habit) => [habit.words, habit.both ?? null, habit.possible ?? null, habit.expected ?? null, habit.excess ?? null, (habit.tasks ?? []).map((t) => taskName(page.tasks[t])).join(", ")]);
    if (habits.length === 0) parts.push(notice("No shared habit goes beyond what other models share."));
    else parts.push(table("habits", "Habits that both have and others rarely share", [
      { title: "habit" }, { title: "tasks", key: "tasks (of a habit)", digits: 1 }, { title: "possible", digits: 0 }, { title: "expected", digits: 1 }, { title: "excess", digits: 1 },
      { title: "look at", show: (i) => h("span", {}, ...(toldHabits[i].tasks ?? []).flatMap((t) => [h("a", { href: addressOf("task", { a, b, task: t }) }, taskName(page.tasks[t])), " "])) }], habits, fileOf(context, p, "habits")));
    if (phrases.length === 0) parts.push(notice("No shared phrase is known: there is none, or the wording was not looked at."));
    else parts.push(table("phrases", "Phrases that both use and others rarely do (shares of runs)", [
      { title: "phrase" }, { title: "kind", key: "kind (of a phrase)" }, { title: "A", key: "share of A", digits: 2 }, { title: "B", key: "share of B", digits: 2 }, { title: "others", digits: 2 },
      { title: "run of A", show: (i) => h("span", {}, ...context.said(phrases[i].where_a)) }, { title: "run of B", show: (i) => h("span", {}, ...context.said(phrases[i].where_b)) }],
      phrases.map((phrase) => [phrase.text, phrase.kind, phrase.a, phrase.b, phrase.others, phrase.where_a, phrase.where_b]), fileOf(context, p, "phrases")));
  }

  if (isMissing(page.task_scores)) {
    parts.push(notice(`Task by task: ${page.task_scores.missing}.`));
  } else {
    const common = context.common(a, b);
    const strips = page.task_scores.metrics.map((scores) => {
      const all = taskPlaces(scores.bytes, p, page.tasks.length);
      const places = common.map((t) => all[t]);
      const value = (place: number | null) => (place === null ? null : scores.least + place * (scores.most - scores.least));
      return { title: page.metrics[scores.metric].title, meaning: definitionOf(page.metrics[scores.metric].title), places, values: places.map(value), labels: places.map((place) => number(value(place), 2)) };
    });
    const taskRows: Cell[][] = common.map((t, i) => [taskName(page.tasks[t]), ...strips.map((row) => row.values[i])]);
    const svg = strip(`${title}: scores task by task`, strips, common.map((t) => taskName(page.tasks[t])), (i) => go("task", { a, b, task: common[i] }));
    parts.push(figure(fileOf(context, p, "task-strip"), "Task by task; grey: undefined. A click opens the two runs.",
      { svg, title: `${title}: scores task by task`, meaning: "One column a task, in the order of their names. Colours from the metric's least (RPS 1, else 0) to its most (RPS 5, else 1).", legend: legend("sequential", "least", "", "most") }, { columns: ["task", ...strips.map((row) => row.title)], rows: taskRows }));
    parts.push(table("tasks", "The tasks of both (to 1/250)", [
      { title: "task", show: (i) => h("a", { href: addressOf("task", { a, b, task: common[i] }) }, taskName(page.tasks[common[i]])) },
      ...strips.map((row) => ({ title: row.title, digits: 2 }))], taskRows, fileOf(context, p, "tasks")));
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

const kLongText = 1500;

// A text from a log: text nodes alone; the rest of a long one comes on demand. `marked`: places of shared phrases.
function logText(text: string, marked: Place[] = []): HTMLElement {
  const until = (end: number) => {
    const parts: (string | HTMLElement)[] = [];
    let from = 0;
    for (const place of [...marked].sort((x, y) => x.begin - y.begin)) {
      if (place.begin < from || place.end > end) continue;
      parts.push(text.slice(from, place.begin), h("mark", {}, text.slice(place.begin, place.end)));
      from = place.end;
    }
    return [...parts, text.slice(from, end)];
  };
  if (text.length <= kLongText) return h("pre", { class: "log" }, ...until(text.length));
  const rest = h("button", { type: "button", click: () => rest.parentElement?.replaceChildren(h("pre", { class: "log" }, ...until(text.length))) }, `Show all ${text.length} characters`);
  return h("div", {}, h("pre", { class: "log" }, ...until(kLongText), "…"), rest);
}

function transcript(title: HTMLElement, messages: LoggedMessage[], marked: Place[]): HTMLElement {
  let call = 0;
  return h("section", { class: "transcript" }, h("h3", {}, title), ...messages.map((message, m) =>
    h("div", { class: `message ${message.role}` }, h("h4", {}, message.role, message.stage && h("span", { class: "stage" }, message.stage)),
      message.reasoning && h("details", {}, h("summary", {}, "reasoning", message.reasoning_stage && h("span", { class: "stage" }, message.reasoning_stage)), logText(message.reasoning)),
      message.text && logText(message.text, marked.filter((place) => place.message === m)),
      ...message.calls.map((one) => h("details", {}, h("summary", {}, `call ${++call}`), logText(one.arguments), logText(one.result))))));
}

const kContext = 60; // letters on each side of a phrase

function inContext(messages: LoggedMessage[], place: Place): string {
  const { text } = messages[place.message];
  const begin = Math.max(0, place.begin - kContext);
  const end = Math.min(text.length, place.end + kContext);
  return `${begin > 0 ? "…" : ""}${text.slice(begin, end)}${end < text.length ? "…" : ""}`.replace(/\s+/g, " ");
}

function phrasesTable(found: PhraseInBoth[], logA: LoggedMessage[], logB: LoggedMessage[], file: string): HTMLElement {
  return table("shared", "Phrases in both runs that the two models share (shares of all their runs)", [
    { title: "phrase" }, { title: "A", key: "share of A", digits: 2 }, { title: "B", key: "share of B", digits: 2 }, { title: "others", digits: 2 },
    { title: "in the run of A", key: "phrase" }, { title: "in the run of B", key: "phrase" }],
  found.map((phrase) => [phrase.text, phrase.a, phrase.b, phrase.others, inContext(logA, phrase.inA), inContext(logB, phrase.inB)]), file);
}

function outcome(context: Context, run: number): string {
  const success = context.page.runs.success[run];
  return success === null ? "outcome not recorded" : success ? "solved" : "not solved";
}

// The calls whose results a call takes up, as people count them.
function usesOf(dependencies: number[], call: number): string {
  const sources = new Set<number>();
  for (let i = 0; i + 1 < dependencies.length; i += 2) if (dependencies[i + 1] === call) sources.add(dependencies[i] + 1);
  return [...sources].sort((x, y) => x - y).join(", ");
}

function stepsTable(context: Context, a: number, b: number, task: number, steps: Step[], runA: number, runB: number, file: string): HTMLElement {
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
    const following = adjacent ? othersShare(context, a, b, task, (run) => page.runs.calls[run].some((t, k) => k > 0 && t === tool && page.runs.calls[run][k - 1] === from)) : null;
    before = both ? tool : null;
    const role = page.mandatory[task].includes(tool) ? "mandatory" : page.optional[task].includes(tool) ? "optional" : "only in failing runs";
    return [i + 1, words[step.kind], page.tools[tool], page.kinds[tool], role, othersShare(context, a, b, task, (run) => page.runs.calls[run].includes(tool)), following,
      step.a === null ? null : usesOf(page.runs.dependencies[runA], step.a), step.b === null ? null : usesOf(page.runs.dependencies[runB], step.b)];
  });
  return table("steps", "Aligned steps, and how usual each choice is among the other models", [
    { title: "step", key: "aligned step", digits: 0 }, { title: "who" }, { title: "tool" }, { title: "kind", key: "kind (of a tool)" }, { title: "role" },
    { title: "others call it", digits: 2, key: "others" }, { title: "others call it right after", digits: 2, key: "others" },
    { title: "A uses calls", key: "uses" }, { title: "B uses calls", key: "uses" }], rows, file);
}

export function taskView(context: Context): Node[] {
  const { page, names } = context;
  if (page.models.length < 2) return [notice("There is one model: no two runs to lay beside each other.")];
  const [a, b] = chosenPair(context);
  const common = context.common(a, b);
  if (common.length === 0) return [modelPickers(context, a, b), notice(kNoCommonTask)];
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
  parts.push(h("p", {}, "A: ", context.name(a), `, ${counted(page.runs.calls[runA].length, "call")}, ${outcome(context, runA)}. B: `, context.name(b),
    `, ${counted(page.runs.calls[runB].length, "call")}, ${outcome(context, runB)}. They have ${both} of ${steps.length} steps in common; they ${first < 0 ? "never part" : `part at step ${first + 1}`}.`,
    page.transcripts ? "" : " Arguments are not on this page: calls of one tool count as the same."));
  const file = (what: string) => context.file("task", { task }, { model: a }, { model: b }, `${page.runs.trial[runA]}-${page.runs.trial[runB]}`, what);
  if (steps.length === 0) parts.push(notice("Neither run calls a tool."));
  else parts.push(figure(file("graphs"), "Calls in order. Round: reads; square: writes. Solid: mandatory; dashed: optional; dotted: only in failing runs. Blue lines join common calls, grey arcs show data reused.",
    { svg: graphs("Two action graphs side by side", steps, sideOf(context, runA), sideOf(context, runB), [names.of(a), names.of(b)]), title: `${taskName(page.tasks[task])}: ${names.of(a)} and ${names.of(b)}`,
      meaning: "Calls in order. Round: reads; square: writes. Solid: mandatory; dashed: optional; dotted: only in failing runs. Blue lines join common calls, grey arcs show data reused." },
    { columns: ["step", "who", "call of A", "call of B"], rows: steps.map((step, i) => [i + 1, step.kind, step.a, step.b]) }));
  if (steps.length > 0) parts.push(stepsTable(context, a, b, task, steps, runA, runB, file("steps")));
  const choices = sharedChoices(context, a, b, task, runA, runB, steps, (run) => callsOf(context, run),
    (run, call) => transcriptCalls(page.transcripts?.[run])[call]?.arguments ?? null);
  parts.push(choices.length === 0 ? notice("They share no choice that the task left free.")
    : table("choices", "Choices that both make, rarest first", [{ title: "choice", key: "shared choice" }, { title: "others", digits: 2 }],
      choices.map((choice) => [choice.words, choice.others]), file("choices")));
  const logA = page.transcripts?.[runA];
  const logB = page.transcripts?.[runB];
  if (logA && logB) {
    const candidates = page.told[String(context.pair(a, b))]?.candidates;
    // They were counted for the pair as the data have it: its first model is the one with the smaller place.
    const found = candidates ? phrasesInBoth(page.phrases, a < b ? candidates : { ...candidates, a: candidates.b, b: candidates.a }, logA, logB) : [];
    if (!candidates) parts.push(notice("Shared phrases are not known: the pair is not among the strongest, or the wording was not looked at."));
    else if (found.length === 0) parts.push(notice("No phrase that sets the two models apart from the others is in both runs."));
    else parts.push(phrasesTable(found, logA, logB, file("phrases")));
    parts.push(h("h3", {}, "Messages with their ", term("stages", "stage"), ` (annotator ${page.annotator})`, found.length > 0 && ", shared phrases marked"),
      h("div", { class: "beside" }, transcript(h("span", {}, "A: ", context.name(a)), logA, found.map((phrase) => phrase.inA)),
        transcript(h("span", {}, "B: ", context.name(b)), logB, found.map((phrase) => phrase.inB))));
  } else {
    parts.push(notice("Messages are not on this page. Make it with --with-transcripts, or see them with agentecho explain A B --task."));
  }
  return parts;
}
