// Two runs beside each other, call by call: the same global alignment as in the program (Needleman
// and Wunsch 1970; src/agentecho/study/call_alignment.h). Calls of one tool with equal keys count 3,
// with different ones 2.

export interface Call {
  tool: number;
  key: string; // equal for the same call; empty where arguments are not known
}

export type StepKind = "same" | "same_tool" | "only_a" | "only_b";

export interface Step {
  kind: StepKind;
  a: number | null;
  b: number | null;
}

function worth(a: Call, b: Call): number {
  if (a.tool !== b.tool) return 0;
  return a.key === b.key ? 3 : 2;
}

export function align(a: Call[], b: Call[]): Step[] {
  const width = b.length + 1;
  const best = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      let most = Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
      const both = worth(a[i], b[j]);
      if (both > 0) most = Math.max(most, both + best[(i + 1) * width + j + 1]);
      best[i * width + j] = most;
    }
  }
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const here = best[i * width + j];
    const both = i < a.length && j < b.length ? worth(a[i], b[j]) : 0;
    if (both > 0 && here === both + best[(i + 1) * width + j + 1]) {
      steps.push({ kind: both === 3 ? "same" : "same_tool", a: i++, b: j++ });
    } else if (i < a.length && here === best[(i + 1) * width + j]) {
      steps.push({ kind: "only_a", a: i++, b: null });
    } else {
      steps.push({ kind: "only_b", a: null, b: j++ });
    }
  }
  return steps;
}

// Arguments with the keys in order, so that serving does not look like habit.
export function argumentKey(json: string): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (value === null || typeof value !== "object") return value;
    const entries = Object.entries(value).filter(([, inner]) => inner !== null);
    return Object.fromEntries(entries.sort(([x], [y]) => (x < y ? -1 : 1)).map(([k, v]) => [k, sorted(v)]));
  };
  try {
    return JSON.stringify(sorted(JSON.parse(json)));
  } catch {
    return json;
  }
}
