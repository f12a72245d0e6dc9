// How the figures came about, what the words mean, and how to cite.

import { Context } from "./context";
import { allDefinitions } from "./definitions";
import { h } from "./dom";
import { notice } from "./parts";

function tree(context: Context, value: unknown): HTMLElement {
  if (value === null || typeof value !== "object") return h("span", {}, ...(value === null ? ["–"] : context.said(String(value))));
  if (Array.isArray(value) && value.every((item) => item === null || typeof item !== "object")) {
    return h("span", {}, ...value.flatMap((item, i) => [...(i > 0 ? [", "] : []), ...context.said(item === null ? "–" : String(item))]));
  }
  return h("dl", { class: "provenance" }, ...Object.entries(value).flatMap(([key, inner]) => [h("dt", {}, key.replaceAll("_", " ")), h("dd", {}, tree(context, inner))]));
}

export function methodView(context: Context): Node[] {
  const { page } = context;
  return [
    h("h3", {}, "What the words mean"),
    h("dl", {}, ...allDefinitions().flatMap(([word, definition]) => [h("dt", {}, word), h("dd", {}, definition)])),
    h("h3", {}, "Where the figures come from"),
    ...(context.names.renamed ? [notice("Models are renamed on this view of the page; its file and the command below have the names of the logs.")] : []),
    h("p", {}, "Made by ", h("code", {}, page.command || "agentecho"), `, version ${page.version}.`),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "provenance" }, tree(context, page.provenance)),
    h("h3", {}, "How to cite"),
    h("p", {}, "AgentEcho ", page.version, ": how alike two LLM agents behave where the task leaves them a choice. Method: C. Yang et al., When Agents Look the Same: Quantifying Distillation-Induced Similarity in Tool-Use Behaviors, ACL 2026, arXiv:2604.21255."),
  ];
}
