// The page: its data are in the file, its state is in the URL's fragment, its views are functions of both.

import { Context } from "./context";
import { loadPage, Page } from "./data";
import { setDefinitions } from "./definitions";
import { h, hideTip } from "./dom";
import { methodView } from "./method";
import { matrixView, modelsView, neighboursView, stagesView, treeView, verdictView } from "./overview";
import { pairView, taskView } from "./pair";
import { notice } from "./parts";
import { addressOf, kViews, readState, setParam, View } from "./state";

const kTitles: Record<View, string> = {
  verdict: "Verdict", matrix: "Matrix", tree: "Tree", neighbours: "Neighbours", pair: "Pair", task: "Task",
  stages: "Stages", models: "Models", method: "Method",
};

const kDraw: Record<View, (context: Context) => Node[]> = {
  verdict: verdictView, matrix: matrixView, tree: treeView, neighbours: neighboursView, pair: pairView, task: taskView,
  stages: stagesView, models: modelsView, method: methodView,
};

function applyTheme(theme: string | null): void {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

// What is focused, so that it can be found again in a page drawn anew: the nth element of its kind.
function focused(app: HTMLElement): { tag: string; nth: number } | null {
  const active = document.activeElement;
  if (!active || active === app || !app.contains(active)) return null;
  return { tag: active.tagName, nth: [...app.getElementsByTagName(active.tagName)].indexOf(active) };
}

let lastView: View | null = null;

function render(page: Page, app: HTMLElement): void {
  hideTip();
  const state = readState();
  applyTheme(state.params.get("theme"));
  const context = new Context(page, state);
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = state.params.get("theme") ?? (dark ? "dark" : "light");
  const hidden = context.names.hidden;
  const parts: (Node | null)[] = [
    h("header", {}, h("h1", {}, page.title),
      h("button", { type: "button", click: () => setParam("theme", theme === "dark" ? "light" : "dark") }, theme === "dark" ? "Light" : "Dark")),
    h("nav", { "aria-label": "Views" }, ...kViews.map((view) =>
      h("a", { href: addressOf(view), "aria-current": view === state.view ? "page" : null }, kTitles[view]))),
    page.transcripts ? h("p", { class: "notice warning" }, "This page holds transcripts. Think before you send it on.") : null,
    hidden > 0 ? notice(`${hidden} of ${page.models.length} models ${hidden === 1 ? "is" : "are"} hidden.`) : null,
    h("main", {}, h("h2", { tabindex: -1 }, kTitles[state.view]), ...kDraw[state.view](context)),
  ];
  const focus = focused(app);
  app.replaceChildren(...parts.filter((part): part is Node => part !== null));
  document.title = `${kTitles[state.view]} – ${page.title}`;
  if (lastView !== null && lastView !== state.view) {
    window.scrollTo(0, 0);
    app.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  } else if (focus) {
    const same = app.getElementsByTagName(focus.tag)[focus.nth];
    if (same instanceof HTMLElement || same instanceof SVGElement) same.focus({ preventScroll: true });
  }
  lastView = state.view;
}

async function start(): Promise<void> {
  const app = document.getElementById("app")!;
  try {
    const page = await loadPage();
    setDefinitions(page.definitions);
    render(page, app);
    window.addEventListener("hashchange", () => render(page, app));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });
  } catch (error) {
    app.replaceChildren(h("p", { class: "notice warning", role: "alert" }, `This page cannot be shown: ${String(error)}. It needs a browser of 2023 or later.`));
  }
  document.documentElement.dataset.ready = "true";
}

void start();
