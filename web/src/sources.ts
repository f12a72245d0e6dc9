// What pairs can be looked at by: kinship by choices, the scores, the combined evidence of 0.1. A source has figures; each
// is a column over pairs and says how it is drawn.

import { isMissing, Numbers, Page } from "./data";

export type Drawn = "sequential" | "diverging" | "p";

export interface Figure {
  key: string;
  title: string;
  values: Numbers;
  low?: Numbers;
  high?: Numbers;
  drawn: Drawn;
  digits: number;
  definition: string; // its key among the definitions
  why: string; // there may be no values
}

export interface Source {
  key: string;
  title: string;
  definition: string; // its key among the definitions
  figures: Figure[]; // the first is what it is sorted by
  p: Numbers; // of the first
  pTitle: string;
}

function kinshipSources(page: Page): Source[] {
  if (isMissing(page.kinship)) return [];
  return page.kinship.channels.map((channel): Source => ({
    key: `kinship-${channel.name}`,
    title: `kinship by ${channel.name}`,
    definition: "",
    figures: [
      { key: "z", title: "z", values: channel.z, low: channel.z_low, high: channel.z_high, drawn: "diverging", digits: 2, definition: "z", why: "too few models show choices on the same tasks" },
      { key: "share", title: "repeated", values: channel.share, low: channel.share_low, high: channel.share_high, drawn: "diverging", digits: 2, definition: "repeated", why: "too few models show choices on the same tasks" },
      { key: "p", title: "p", values: channel.p, drawn: "p", digits: 4, definition: "p", why: "too few pairs, or no replicates" },
    ],
    p: channel.p,
    pTitle: "p",
  }));
}

export function sourcesOf(page: Page): Source[] {
  const few = "too few pairs to fit what is usual";
  const sources = kinshipSources(page);
  for (const m of page.metrics) {
    const digits = m.name === "rps" ? 2 : 3;
    sources.push({
      key: m.name,
      title: m.title,
      definition: m.title,
      figures: [
        { key: "score", title: "score", values: m.score, low: m.score_low, high: m.score_high, drawn: "sequential", digits, definition: "score", why: "the metric is undefined for every pair, or withheld" },
        { key: "place", title: "place between chance and ceiling", values: m.place, drawn: "sequential", digits, definition: "place", why: "the place needs several trials of a task, to know how alike a model is to itself" },
        { key: "affinity", title: "affinity", values: m.affinity, low: m.low, high: m.high, drawn: "diverging", digits, definition: "affinity", why: few },
        { key: "p_adjusted", title: "adjusted p", values: m.p_adjusted, drawn: "p", digits: 4, definition: "adjusted p", why: few },
      ],
      p: m.p_adjusted,
      pTitle: "adjusted p",
    });
  }
  if (!isMissing(page.lineage)) {
    const { affinity, low, high, p_adjusted } = page.lineage;
    sources.push({
      key: "lineage",
      title: "combined evidence",
      definition: "combined evidence",
      figures: [
        { key: "affinity", title: "affinity in standard deviations", values: affinity, low, high, drawn: "diverging", digits: 2, definition: "affinity", why: few },
        { key: "p_adjusted", title: "adjusted p", values: p_adjusted, drawn: "p", digits: 4, definition: "adjusted p", why: few },
      ],
      p: p_adjusted,
      pTitle: "adjusted p",
    });
  }
  return sources;
}
