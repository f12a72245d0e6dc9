// The page's data: columns over pairs, runs and tasks (docs/report.md), inflated from the file itself.

export type Numbers = (number | null)[];

export interface Affinity {
  affinity: Numbers;
  low: Numbers;
  high: Numbers;
  p: Numbers;
  p_adjusted: Numbers;
}

export interface Missing {
  missing: string;
}

export interface Metric extends Affinity {
  name: string;
  title: string;
  channel: "actions" | "wording";
  evidence: boolean;
  score: Numbers;
  score_low: Numbers;
  score_high: Numbers;
  chance: Numbers;
  ceiling: Numbers;
  place: Numbers;
}

// One channel of kinship by choices: words, layout or actions.
export interface Channel {
  name: string;
  z: Numbers;
  z_low: Numbers;
  z_high: Numbers;
  p: Numbers;
  p_alone: Numbers;
  share: Numbers;
  share_low: Numbers;
  share_high: Numbers;
  ceiling: Numbers;
  tasks: Numbers;
}

export interface Kinship {
  channels: Channel[];
  odds: Numbers;
  benchmarks: string[]; // "benchmark/domain"
  words_z: Numbers[]; // of words, by benchmark
  matched: boolean;
}

export interface Model {
  name: string;
  family: string;
  runs: number;
  tasks: number;
  success: number | null;
  calls: number | null;
  errors: number | null;
  idle: number; // runs without a call
}

// The scores of all pairs on the tasks of one domain.
export interface Domain {
  benchmark: string;
  domain: string;
  tasks: number;
  scores: { metric: number; score: Numbers; score_low: Numbers; score_high: Numbers }[];
}

export interface Habit {
  words: string;
  both?: number;
  possible?: number;
  expected?: number;
  excess?: number;
  tasks?: number[];
}

export interface Phrase {
  text: string;
  kind: string;
  a: number;
  b: number;
  others: number;
  where_a: string;
  where_b: string;
}

// Phrases that a pair shares, strongest first: places among Page.phrases, and shares of runs.
export interface Candidates {
  text: number[];
  a: number[];
  b: number[];
  others: number[];
}

export interface LoggedMessage {
  role: "user" | "assistant";
  text: string;
  stage: string; // of the text; empty: none
  reasoning: string;
  reasoning_stage: string;
  calls: { arguments: string; result: string }[];
}

export interface TaskScores {
  metric: number;
  least: number;
  most: number;
  bytes: string;
}

export interface Tree {
  merges: [number, number, number][];
  support: number[];
  order: number[];
}

export interface Page {
  schema_version: number;
  version: string;
  title: string;
  command: string;
  verdict: string[];
  notes: string[];
  definitions: [string, string][];
  provenance: unknown;
  models: Model[];
  families_guessed: boolean;
  tasks: [string, string, string][];
  tools: string[];
  kinds: string[];
  mandatory: number[][];
  optional: number[][];
  pairs: { a: number[]; b: number[]; same_family: number[]; tasks: number[] }; // tasks: in common
  metrics: Metric[];
  kinship: Kinship | Missing;
  lineage: Affinity | Missing;
  tree: Tree | Missing;
  stages: { names: string[]; means: Numbers[]; judge: string } | Missing;
  task_scores: { metrics: TaskScores[] } | Missing;
  domains: Domain[]; // empty where all tasks are of one
  told: Record<string, { habits: Habit[]; phrases: Phrase[]; candidates: Candidates | null }>;
  phrases: string[];
  annotator: string; // what told the stages of messages
  runs: {
    model: number[];
    task: number[];
    trial: number[];
    success: Numbers;
    calls: number[][];
    dependencies: number[][];
  };
  transcripts: Record<string, LoggedMessage[]> | null;
}

export function isMissing(value: object): value is Missing {
  return "missing" in value;
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export async function loadPage(): Promise<Page> {
  const element = document.getElementById("data");
  const bytes = bytesOf(element?.textContent ?? "");
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const page = JSON.parse(await new Response(stream).text()) as Page;
  element?.remove();
  if (page.schema_version !== 3) throw new Error(`unknown schema version ${page.schema_version}`);
  return page;
}

// Place of the pair {i, j} among all pairs, which come in the order (0,1), (0,2), ..., (1,2), ...
export function pairIndex(i: number, j: number, models: number): number {
  const [a, b] = i < j ? [i, j] : [j, i];
  return (a * (2 * models - a - 1)) / 2 + (b - a - 1);
}

export function taskName(task: [string, string, string]): string {
  return `${task[1]}/${task[2]}`;
}
