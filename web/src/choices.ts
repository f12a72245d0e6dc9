// What two runs of a task both did although the task left it free, and how many of the other models' runs did the same: the
// choices of `agentecho explain` (src/agentecho/study/explain.h).

import { Call, Step } from "./align";
import { Context } from "./context";

export interface SharedChoice {
  kind: "calls" | "avoids" | "sequence" | "same_call";
  words: string;
  others: number | null;
}

// Share of the other models' runs of the task for which a test holds; each model weighs the same.
export function othersShare(context: Context, a: number, b: number, task: number, test: (run: number) => boolean): number | null {
  let sum = 0;
  let n = 0;
  context.page.models.forEach((_, m) => {
    const runs = m === a || m === b ? [] : context.runs(m, task);
    if (runs.length === 0) return;
    sum += runs.filter(test).length / runs.length;
    n++;
  });
  return n === 0 ? null : sum / n;
}

function follows(calls: number[], tool: number, next: number): boolean {
  return calls.some((call, k) => k > 0 && call === next && calls[k - 1] === tool);
}

// Rarest first. `callsOf` gives the calls of any run with their arguments; where these are not on the page, the very same
// calls are left out.
export function sharedChoices(context: Context, a: number, b: number, task: number, runA: number, runB: number, steps: Step[],
  callsOf: (run: number) => Call[], argumentsOf: (run: number, call: number) => string | null): SharedChoice[] {
  const { page } = context;
  const callsA = page.runs.calls[runA];
  const callsB = page.runs.calls[runB];
  const calls = (run: number) => page.runs.calls[run];
  const share = (test: (run: number) => boolean) => othersShare(context, a, b, task, test);
  const choices: SharedChoice[] = [];
  for (const tool of page.optional[task]) {
    const called = callsA.includes(tool);
    if (called !== callsB.includes(tool)) continue;
    choices.push({ kind: called ? "calls" : "avoids", words: called ? `both call ${page.tools[tool]}` : `neither calls ${page.tools[tool]}`,
      others: share((run) => calls(run).includes(tool) === called) });
  }
  const sequences = new Map<string, [number, number]>();
  callsA.forEach((next, k) => {
    if (k > 0 && follows(callsB, callsA[k - 1], next)) sequences.set(`${callsA[k - 1]} ${next}`, [callsA[k - 1], next]);
  });
  const byName = ([a1, a2]: [number, number], [b1, b2]: [number, number]) => {
    const x = [page.tools[a1], page.tools[a2]];
    const y = [page.tools[b1], page.tools[b2]];
    const k = x[0] === y[0] ? 1 : 0;
    return x[k] < y[k] ? -1 : x[k] > y[k] ? 1 : 0;
  };
  for (const [tool, next] of [...sequences.values()].sort(byName)) {
    choices.push({ kind: "sequence", words: `both call ${page.tools[next]} directly after ${page.tools[tool]}`, others: share((run) => follows(calls(run), tool, next)) });
  }
  const same = (x: Call, y: Call) => x.tool === y.tool && x.key === y.key;
  const mine = callsOf(runA);
  const told: Call[] = [];
  for (const step of steps) {
    if (step.kind !== "same" || !page.transcripts) continue;
    const call = mine[step.a!];
    if (told.some((other) => same(other, call))) continue;
    told.push(call);
    choices.push({ kind: "same_call", words: `both call ${page.tools[call.tool]} with ${argumentsOf(runA, step.a!) ?? ""}`,
      others: share((run) => callsOf(run).some((other) => same(other, call))) });
  }
  return choices.map((choice, i) => ({ choice, i }))
    .sort((x, y) => (x.choice.others ?? 2) - (y.choice.others ?? 2) || x.i - y.i)
    .map(({ choice }) => choice);
}
