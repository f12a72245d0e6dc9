// Opens the page in Chromium, clicks through every view, and holds it to what it promises.
//
//   node check_page.mjs PROGRAM SOURCE [FOLDER FOR SCREENSHOTS]
//
// Skipped (exit 77) where Chromium, node or the packages of web/package.json are missing.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [program, source, screenshots] = process.argv.slice(2);
const chromiumPath = process.env.CHROMIUM ?? "/usr/bin/chromium";

function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(77);
}

if (!existsSync(chromiumPath)) skip(`no ${chromiumPath}`);
const require = createRequire(join(source, "web", "package.json"));
let chromium, axe;
try {
  ({ chromium } = require("playwright-core"));
  axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
} catch {
  skip("the packages of web/package.json are not installed (npm ci in web/)");
}

const kViews = ["verdict", "matrix", "tree", "neighbours", "pair", "task", "stages", "models", "method"];
const scratch = mkdtempSync(join(tmpdir(), "agentecho-page-"));
let failures = 0;

function check(condition, what) {
  if (condition) return;
  failures++;
  console.log(`FAILED: ${what}`);
}

function report(name, paths, ...options) {
  const file = join(scratch, `${name}.html`);
  execFileSync(program, ["report", ...paths, "-o", file, "-q", "--replicates", "200", ...options], { stdio: ["ignore", "ignore", "inherit"] });
  return file;
}

const kEvil = [`<script>window.hacked=1</script>`, `"><img src=x onerror="window.hacked=1">`, `</script><script>window.hacked=1</script>`,
  `&lt;b&gt;&amp;&#60;script&#62;`, `\u202Egnp.exe\u202C`, `javascript:alert(1)`, "=HYPERLINK(\"x\")", `{a|b} \${x} <!--`];

// Runs whose every name and text is hostile.
function hostileLogs() {
  const lines = [];
  for (let m = 0; m < 6; m++) {
    for (let t = 0; t < 4; t++) {
      const evil = kEvil[(m + t) % kEvil.length];
      lines.push(JSON.stringify({
        model: kEvil[m], benchmark: kEvil[1], domain: kEvil[0], task_id: `${t}${kEvil[2]}`, trial: 0, reward: (m + t) % 2,
        messages: [{ role: "user", content: evil },
          { role: "assistant", content: evil + (m === 0 && t === 0 ? "x".repeat(1 << 20) : " secret-4711 "),
            tool_calls: [{ id: "1", type: "function", function: { name: `get_${evil}`, arguments: JSON.stringify({ a: evil, [evil]: t }) } }] },
          { role: "tool", tool_call_id: "1", content: evil },
          ...(m % 2 ? [{ role: "assistant", content: null, tool_calls: [{ id: "2", type: "function", function: { name: `set_${kEvil[2]}`, arguments: "{broken" } }] },
            { role: "tool", tool_call_id: "2", content: evil }] : [])],
      }));
    }
  }
  const file = join(scratch, "hostile.jsonl");
  writeFileSync(file, lines.join("\n") + "\n");
  return file;
}

// One run of a model on a task that calls these tools and says something.
function run(model, domain, task, tools) {
  return JSON.stringify({
    model, benchmark: "bench", domain, task_id: String(task), trial: 0, reward: 1,
    messages: [{ role: "user", content: "please" },
      ...tools.flatMap((tool, i) => [
        { role: "assistant", content: `Let me ${tool} that for you.`, tool_calls: [{ id: `${i}`, type: "function", function: { name: tool, arguments: JSON.stringify({ at: i }) } }] },
        { role: "tool", tool_call_id: `${i}`, content: "fine" }]),
      { role: "assistant", content: "All is done now." }],
  });
}

// Two domains whose tasks are numbered; `gus` has tasks of its own, `idle` calls nothing on one task.
function plainLogs() {
  const lines = [];
  ["ann", "ben", "cat", "dan", "idle", "gus"].forEach((model, m) => {
    for (const domain of ["air", "sea"]) {
      for (const task of model === "gus" ? [200, 201] : [0, 1, 2, 10, 100]) {
        const tools = ["get_seat", ...(m % 2 ? ["find_ship"] : []), ...(m === 2 && domain === "sea" ? ["find_port"] : []), "set_seat"];
        lines.push(run(model, domain, task, model === "idle" && task === 10 ? [] : tools));
      }
    }
  });
  const file = join(scratch, "plain.jsonl");
  writeFileSync(file, lines.join("\n") + "\n");
  return file;
}

const pages = [];

async function open(browser, file, size, colorScheme = "light") {
  const context = await browser.newContext({ viewport: size, colorScheme, acceptDownloads: true });
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error") check(false, `console of ${file}: ${message.text()}`); });
  page.on("pageerror", (error) => check(false, `${file} ${page.url().split("#")[1]}: ${error.message}`));
  page.on("request", (request) => check(/^(file|blob|data):/.test(request.url()), `${file} asked the network for ${request.url()}`));
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector("html[data-ready]");
  pages.push(context);
  return page;
}

async function show(page, address) {
  await page.evaluate((hash) => { location.hash = hash; }, `#${address}`);
  await page.waitForFunction((view) => document.querySelector("nav a[aria-current]")?.getAttribute("href").startsWith(`#${view}`), address.split("?")[0]);
}

async function everyView(browser, name, file) {
  for (const [size, scheme] of [[{ width: 1440, height: 900 }, "light"], [{ width: 1024, height: 768 }, "dark"], [{ width: 390, height: 844 }, "light"], [{ width: 390, height: 844 }, "dark"]]) {
    const page = await open(browser, file, size, scheme);
    for (const view of kViews) {
      await show(page, view);
      const text = await page.innerText("main");
      check(text.trim().split("\n").length > 1, `${name} ${view} is empty`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      check(wide <= 0, `${name} ${view} at ${size.width}: the page is ${wide} pixels too wide`);
      const bare = await page.$$eval("th button:not([data-defined])", (list) => list.map((one) => one.textContent));
      check(bare.length === 0, `${name} ${view}: columns without a definition: ${bare}`);
      if (screenshots) await page.screenshot({ path: join(screenshots, `${name}-${view}-${size.width}-${scheme}.png`), fullPage: view !== "method" });
    }
    await page.context().close();
  }
}

// Playwright's own evaluation is not bound by the page's policy.
async function accessible(browser, name, file, query = "") {
  for (const scheme of ["light", "dark"]) {
    const page = await open(browser, file, { width: 1440, height: 900 }, scheme);
    await page.evaluate(axe);
    for (const view of kViews) {
      await show(page, view + query);
      const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
      for (const violation of found.violations) {
        if (!["serious", "critical"].includes(violation.impact)) continue;
        check(false, `${name} ${view} ${scheme}: ${violation.id}, ${violation.nodes.length} times, ${violation.nodes[0].html.slice(0, 160)} ${violation.nodes[0].failureSummary?.slice(0, 200)}`);
      }
    }
    await page.context().close();
  }
}

async function settings(browser, file) {
  const page = await open(browser, file, { width: 1440, height: 900 });
  // An address changes at once, the view that follows from it a moment later.
  const drawn = () => page.evaluate(() => new Promise((done) => { setTimeout(done, 300); }));
  // Sorting by a click, further with shift, both in the address.
  await show(page, "verdict");
  const rows = () => page.$$eval("table tbody tr", (list) => list.map((row) => Number(row.children[2].textContent.replace("−", "-"))));
  await page.click("th:nth-child(3) button");
  await drawn();
  const descending = await rows();
  check(descending.every((value, i) => i === 0 || descending[i - 1] >= value), "a click sorts numbers, largest first");
  await page.click("th:nth-child(2) button", { modifiers: ["Shift"] });
  check(/sort-pairs=-2%2C1/.test(page.url()), `two columns in the address: ${page.url()}`);
  // Filtering.
  await page.fill("input[type=search]", "/alder.*birch/");
  await page.press("input[type=search]", "Enter");
  await drawn();
  const kept = await page.$$eval("table tbody tr", (list) => list.map((row) => row.children[0].textContent));
  check(kept.length > 0 && kept.every((name) => /alder.*birch/.test(name)), "a regular expression filters the table");
  check(await page.evaluate(() => document.activeElement.tagName) === "INPUT", "the filter keeps the focus");
  await page.fill("input[type=search]", "/[/");
  await page.press("input[type=search]", "Enter");
  await drawn();
  check(/no regular expression/.test(await page.innerText("main")), "a wrong regular expression is said");
  // What is chosen by keyboard stays focused; p = 1 is not .000.
  await show(page, "matrix");
  await page.focus("main select >> nth=1");
  await page.keyboard.press("ArrowDown");
  await drawn();
  check(await page.evaluate(() => document.activeElement.tagName) === "SELECT", "a choice keeps the focus");
  const values = await page.$$eval("main select >> nth=1 >> option", (list) => list.map((option) => option.value));
  check(values.includes("p"), `the matrix shows p: ${values}`);
  await page.selectOption("main select >> nth=1", "p");
  await drawn();
  const labels = await page.$$eval("svg text", (list) => list.map((label) => label.textContent));
  check(labels.includes("1.00") && !labels.includes(".000"), `p values in cells: ${labels.slice(-8)}`);
  // Abbreviations of the verdict and of charts are explained.
  await show(page, "verdict");
  check((await page.$$eval(".verdict dfn", (list) => list.map((one) => one.getAttribute("aria-label")))).some((label) => /^AUC: Area under the curve/.test(label)), "the verdict explains AUC");
  await show(page, "pair");
  check((await page.$$eval("svg text title", (list) => list.map((one) => one.textContent))).some((text) => /optional tools/.test(text)), "a chart's labels are explained");
  // A column's definition shows on focus.
  await show(page, "pair");
  await page.focus('th button:has-text("repeated")');
  check(/free choices repeated/.test(await page.innerText("#tip")), "a column's definition shows on focus");
  // Hiding and renaming models.
  await show(page, "models?hide=cedar&rename=sim-alder-1%20%3D%3E%20Teacher");
  const text = await page.innerText("main");
  check(!/sim-cedar-1/.test(text) && /Teacher/.test(text), "models are hidden and renamed");
  check(/1 of 6 models is hidden/.test(await page.innerText("#app")), "what is hidden is said");
  await page.click("nav a:has-text('Matrix')");
  await page.waitForSelector("svg rect[data-cell]");
  await drawn();
  check(/hide=cedar/.test(page.url()), "settings go along to the next view");
  check((await page.$$("svg rect[data-cell]")).length === 25, "five models make 25 cells");
  // Renaming reaches sentences, the verdict and the provenance; highlighting every place that names a model.
  const renamed = "rename=sim-birch-1%20%3D%3E%20Teacher&mark=%2Fbirch-2%24%2F";
  await show(page, `verdict?${renamed}`);
  const verdict = await page.innerText(".verdict");
  check(/Teacher/.test(verdict) && !/sim-birch-1/.test(verdict), `the verdict has the new name: ${verdict.slice(0, 200)}`);
  check((await page.$$(".verdict mark")).length > 0, "the verdict highlights");
  await show(page, `method?${renamed}`);
  const provenance = await page.innerText(".scroll[aria-label=provenance]");
  check(/Teacher, sim-birch-2,/.test(provenance), `the method box has the new name: ${provenance.match(/pool[^]{0,80}/)}`);
  check(/renamed on this view/.test(await page.innerText("main")), "the method box says that models are renamed");
  for (const view of ["verdict", "matrix", "tree", "neighbours", "pair", "task", "stages", "models"]) {
    await show(page, `${view}?${renamed}`);
    const marks = await page.$$eval('main mark, main svg text[paint-order="stroke"]', (list) => list.map((one) => one.textContent));
    check(marks.length > 0 && marks.every((text) => /sim-birch-2(?!-after)/.test(text)), `${view} highlights models: ${marks.slice(0, 5)}`);
  }
  await show(page, "matrix");
  await drawn();
  // The matrix opens a pair by mouse and by keyboard.
  await page.focus("svg[role=application]");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.startsWith("#pair?"), null, { timeout: 5000 }).catch(() => {});
  check(/^#pair\?/.test(new URL(page.url()).hash), `Enter opens a pair: ${new URL(page.url()).hash}`);
  await page.click("svg rect[data-task]");
  await drawn();
  check(/^#task\?/.test(new URL(page.url()).hash), "a click on the strip opens a task");
  check((await page.$$("svg path")).length > 2, "two graphs are drawn");
  await page.goBack();
  check(/^#pair\?/.test(new URL(page.url()).hash), "back goes back");
  // Definitions on focus.
  await show(page, "tree");
  await page.focus('dfn:has-text("support")');
  check(/resamples/.test(await page.innerText("#tip")), "a definition shows on focus");
  // Exports.
  await show(page, "matrix?metric=ags&figure=score");
  await drawn();
  const [svg] = await Promise.all([page.waitForEvent("download"), page.click('.exports button:has-text("SVG")')]);
  check(svg.suggestedFilename() === "matrix-ags-score.svg", `the file says what it is: ${svg.suggestedFilename()}`);
  const figure = readFileSync(await svg.path(), "utf8");
  for (const part of [/font-weight="bold">AGS, score</, />AGS: Action Graph Similarity/, />no value</]) {
    check(part.test(figure), `the exported matrix has ${part}`);
  }
  await show(page, "tree");
  await drawn();
  for (const [label, starts] of [["CSV", "group,left"], ["JSON", "["], ["SVG", "<svg"], ["PNG", "\x89PNG"]]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`.exports button:has-text("${label}")`)]);
    const content = readFileSync(await download.path());
    check(content.toString("latin1").startsWith(starts), `${label} begins as it should`);
  }
  await page.emulateMedia({ media: "print" });
  check(!(await page.isVisible("nav")), "the navigation is not printed");
  await show(page, "tree?theme=dark");
  check(await page.evaluate(() => getComputedStyle(document.body).color) === "rgb(20, 24, 29)", "print is dark on light, whatever the screen is");
  await page.context().close();
}

// No two figures or tables of a page are saved under one name, whatever is looked at.
async function filesAreUnlike(browser, file) {
  const page = await open(browser, file, { width: 1440, height: 900 });
  const seen = new Map();
  const looked = [...kViews, "matrix?metric=ags&figure=score", "matrix?metric=ags&figure=affinity", "matrix?metric=ags&figure=score&domain=1", "neighbours?model=1&metric=ags",
    "pair?a=0&b=1", "pair?a=0&b=2", "task?a=0&b=1&task=0", "task?a=0&b=1&task=1", "task?a=0&b=2&task=0"];
  for (const address of looked) {
    await show(page, address);
    await page.waitForTimeout(150);
    for (const label of await page.$$eval("main .exports button", (list) => list.map((one) => one.getAttribute("aria-label")))) {
      const now = await page.evaluate(() => document.querySelector("main").innerText);
      check(!seen.has(label) || seen.get(label).text === now, `${label} is saved from ${seen.get(label)?.address} and ${address}`);
      seen.set(label, { address, text: now });
    }
  }
  check(seen.size > 40, `there were files: ${seen.size}`);
  await page.context().close();
}

// Domains, tasks in their order, models without a common task, runs without a call.
async function plain(browser, logs, file) {
  const number = (value) => value.toFixed(2).replace("-", "−");
  const page = await open(browser, file, { width: 1024, height: 768 });
  await show(page, "verdict");
  const text = await page.innerText("main");
  check(/2 of 54 runs call no tool at all \(idle 2\)/.test(text), `runs without a call are counted: ${text.slice(0, 900)}`);
  check(/5 of 15 pairs have no common task/.test(text), "pairs without a common task are named");
  const apart = 4;  // by name: ann, ben, cat, dan, gus, idle
  for (const view of ["pair", "task"]) {
    await show(page, `${view}?a=0&b=${apart}`);
    await page.waitForFunction(() => /No common task/.test(document.querySelector("main").innerText), null, { timeout: 5000 }).catch(() => {});
    check(/No common task/.test(await page.innerText("main")) && (await page.$$("main svg, main table")).length === 0, `${view} without a common task shows no empty chart`);
  }
  await show(page, "neighbours?metric=ags&model=0");
  check((await page.$$eval("svg text", (list) => list.map((one) => one.textContent))).includes("no common task"), "a neighbour without a common task is said to have none");
  await show(page, "task?a=0&b=1");
  const tasks = await page.$$eval("label:has-text('Task') option", (list) => list.map((option) => option.textContent));
  check(tasks.join() === "air/0,air/1,air/2,air/10,air/100,sea/0,sea/1,sea/2,sea/10,sea/100", `tasks are in their order: ${tasks}`);
  // The scores of each domain are those of compare.
  const compared = JSON.parse(execFileSync(program, ["compare", logs, "--metrics", "ags,rps", "--replicates", "0", "--json", "-q"], { maxBuffer: 1 << 26 }));
  check(compared.domains.length === 2, "compare knows both domains");
  await show(page, "pair?a=0&b=2");
  await page.waitForSelector("h3:has-text('Domain by domain')");
  const rows = await page.$$eval("section:has(h3:has-text('Domain by domain')) tbody tr", (list) => list.map((row) => [...row.children].map((cell) => cell.textContent)));
  check(rows.map((row) => row[0]).join() === "all, pooled,bench/air,bench/sea", `rows of domains: ${rows.map((row) => row[0])}`);
  for (const [d, row] of rows.slice(1).entries()) {
    const pair = compared.domains[d].pairs.find((one) => one.a === "ann" && one.b === "cat");
    check(row[1] === "5" && row[3] === pair.ags.value.toFixed(3), `AGS of ${row[0]}: ${row[3]}, compare ${pair.ags.value}`);
  }
  check(rows[1][3] !== rows[2][3], "the domains differ");
  const weighed = JSON.parse(execFileSync(program, ["evidence", logs, "--replicates", "0", "--json", "-q"], { maxBuffer: 1 << 26 }));
  const z = weighed.tables.lineage_benchmarks.find((one) => one.a === "ann" && one.b === "cat");
  check(rows[1][2] === number(z["bench/air_z"]) && rows[2][2] === number(z["bench/sea_z"]), `z of words by domain: ${rows.map((row) => row[2])}, evidence ${JSON.stringify(z)}`);
  await show(page, "matrix?metric=ags&figure=score&domain=1");
  await page.waitForFunction(() => /tasks of bench\/sea/.test(document.querySelector("main").innerText), null, { timeout: 5000 }).catch(() => {});
  check(/tasks of bench\/sea/.test(await page.innerText("main")), "the matrix shows one domain");
  await show(page, "matrix?metric=kinship-words&figure=z&domain=0");
  await page.waitForFunction(() => /tasks of bench\/air/.test(document.querySelector("main").innerText), null, { timeout: 5000 }).catch(() => {});
  check((await page.$$eval("svg text", (list) => list.map((one) => one.textContent))).includes(number(z["bench/air_z"])), "the matrix shows z of one domain");
  await page.context().close();
}

async function hostile(browser, file) {
  const page = await open(browser, file, { width: 1024, height: 768 });
  for (const view of kViews) {
    for (const query of ["", "?rename=%2F.*%2F%20%3D%3E%20%3Cimg%20src%3Dx%20onerror%3Dwindow.hacked%3D1%3E&mark=%2F(%2F&a=99&task=-1&sort-pairs=-77", "?a=0&b=1&task=2"]) {
      await show(page, view + query);
      const found = await page.evaluate(() => ({ hacked: globalThis.hacked, images: document.images.length, scripts: document.scripts.length }));
      check(found.hacked === undefined && found.images === 0 && found.scripts <= 1, `markup from a log lives in ${view}${query}: ${JSON.stringify(found)}`);
      const text = await page.evaluate(() => document.body.textContent);
      check(!/[\u202a-\u202e]/.test(text), `${view} shows a character that turns the text`);
      check(!/secret-4711/.test(text), `${view} shows what was to be redacted`);
    }
  }
  await show(page, "task?a=0&b=1&task=0");
  check(/\[redacted\]/.test(await page.evaluate(() => document.body.textContent)), "what was redacted is marked");
  check(/holds transcripts/.test(await page.innerText("#app")), "a page with transcripts says so");
  await page.context().close();
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const quiet = await plain.newPage();
  await quiet.goto(pathToFileURL(file).href);
  const text = await quiet.innerText("body");
  check(/needs scripts/.test(text) && text.includes("<script>window.hacked=1</script>"), "without scripts a summary stands there, as text");
  await plain.close();
}

// The page aligns runs itself: it must find what the program's explain finds.
async function alignsAsTheProgram(browser, file) {
  const page = await open(browser, file, { width: 1440, height: 900 });
  const words = { "both, same call": "same", "both, other arguments": "same_tool", "A only": "only_a", "B only": "only_b" };
  await show(page, "task?a=0&b=5");
  const tasks = await page.$$eval("label:has-text('Task') option", (list) => list.map((option) => [option.value, option.textContent]));
  let steps = 0;
  let phrases = 0;
  for (const [value, name] of tasks.slice(0, 8)) {
    await show(page, `task?a=0&b=5&task=${value}`);
    await page.waitForFunction((wanted) => document.querySelector("label:nth-of-type(3) select")?.value === wanted, value);
    const drawn = await page.$$eval("section:has(h3:has-text('Aligned steps')) tbody tr", (list) => list.map((row) => [row.children[1].textContent, row.children[2].textContent]));
    const explained = JSON.parse(execFileSync(program, ["explain", "sim-alder-1", "sim-cedar-1", simulated, "--task", name, "--json", "-q"], { maxBuffer: 1 << 26 }));
    const told = explained.steps.map((step) => [step.kind, (step.a !== null ? explained.a.calls[step.a] : explained.b.calls[step.b]).tool]);
    check(JSON.stringify(drawn.map(([who, tool]) => [words[who], tool])) === JSON.stringify(told), `${name} is aligned as explain aligns it`);
    steps += told.length;
    // Choices, phrases and stages are those of explain, too.
    const rowsOf = (title) => page.$$eval(`section:has(h3:has-text('${title}')) tbody tr`, (list) => list.map((row) => [...row.children].map((cell) => cell.textContent)));
    const inWords = { calls: (c) => `both call ${c.tool}`, avoids: (c) => `neither calls ${c.tool}`, sequence: (c) => `both call ${c.next} directly after ${c.tool}`, same_call: (c) => `both call ${c.tool} with ${c.arguments}` };
    const choices = explained.choices.map((choice) => [inWords[choice.kind](choice), choice.others === null ? "–" : choice.others.toFixed(2)]);
    check(JSON.stringify(await rowsOf("Choices that both make")) === JSON.stringify(choices), `${name}: the choices of explain`);
    const found = (await rowsOf("Phrases in both runs")).map((row) => row.slice(0, 4));
    check(JSON.stringify(found) === JSON.stringify(explained.phrases.map((one) => [one.text, one.share_a.toFixed(2), one.share_b.toFixed(2), one.share_others.toFixed(2)])), `${name}: the phrases of explain`);
    phrases += found.length;
    const marked = await page.$$eval(".transcript mark", (list) => list.length);
    check(found.length === 0 || marked > 0, `${name}: shared phrases are marked in the messages`);
    const stages = await page.$$eval(".transcript:first-child .message", (list) => list.map((one) => one.querySelector("h4 .stage")?.textContent ?? ""));
    const expected = explained.a.messages.filter((message) => message.role === "user" || message.role === "assistant").map((message) => message.text_stage);
    check(JSON.stringify(stages) === JSON.stringify(expected), `${name}: the stages of explain`);
  }
  check(steps > 20 && phrases > 3, `there were steps and phrases to compare: ${steps}, ${phrases}`);
  await page.context().close();
}

async function says(browser, file, view, pattern) {
  const page = await open(browser, file, { width: 1024, height: 768 });
  await show(page, view);
  check(pattern.test(await page.innerText("main")), `${file} ${view} says ${pattern}: ${(await page.innerText("main")).slice(0, 200)}`);
  await page.context().close();
}

// What the command tests' judge says through a program that asks it; its last answers are missing.
async function withJudge(use) {
  const judge = spawn("python3", ["-c", "import sys, judge_server\nwith judge_server.serve() as url: print(url, flush=True); sys.stdin.read()"],
    { cwd: join(source, "tests", "commands"), stdio: ["pipe", "pipe", "inherit"] });
  const url = await new Promise((resolve) => judge.stdout.once("data", (data) => resolve(String(data).trim())));
  try {
    await use(url);
  } finally {
    judge.stdin.end();
  }
}

const simulated = join(source, "examples", "simulated");
if (screenshots) mkdirSync(screenshots, { recursive: true });
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const usual = report("usual", [simulated]);
  await everyView(browser, "usual", usual);
  await accessible(browser, "usual", usual);
  const evidence = JSON.parse(execFileSync(program, ["evidence", simulated, "--replicates", "200", "-q", "--json"], { maxBuffer: 1 << 26 }));
  const found = evidence.verdict.split(" `agentecho compare`")[0];  // a page has no commands to name
  const said = found.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
  await says(browser, usual, "verdict", new RegExp(said));
  await says(browser, usual, "pair", /Kinship by words: z/);
  await settings(browser, usual);
  const transcripts = report("transcripts", [simulated], "--with-transcripts");
  await alignsAsTheProgram(browser, transcripts);
  await accessible(browser, "transcripts", transcripts, "?mark=birch");
  const evil = report("hostile", [hostileLogs()], "--with-transcripts", "--redact", "secret-[0-9]+");
  await everyView(browser, "hostile", evil);
  await accessible(browser, "hostile", evil);
  await hostile(browser, evil);
  const one = report("one", [join(simulated, "sim-alder-1.json")]);
  await everyView(browser, "one", one);
  await says(browser, one, "verdict", /one model/);
  const two = report("two", [join(simulated, "sim-alder-1.json"), join(simulated, "sim-cedar-1.json")]);
  await everyView(browser, "two", two);
  await says(browser, two, "verdict", /needs at least 5 models on the same tasks; here there are 2(?![^]*needs at least)/);
  await says(browser, two, "verdict", /S_node and AGS are a matter of the pool here/);
  await says(browser, two, "tree", /no tree: it needs at least 4 models on the same tasks/);
  const logs = plainLogs();
  const plainPage = report("plain", [logs]);
  await everyView(browser, "plain", plainPage);
  await accessible(browser, "plain", plainPage, "?mark=a&domain=1");
  await plain(browser, logs, plainPage);
  await filesAreUnlike(browser, plainPage);
  const actions = report("actions", [simulated], "--action-only");
  await everyView(browser, "actions", actions);
  await says(browser, actions, "stages", /wording was not looked at/);
  await says(browser, actions, "verdict", /Kinship by choices is not known/);
  await withJudge(async (url) => {
    const asked = ["--metrics", "ags,rps", "--rps-judge", "llm", "--judge-model", "judge"];
    const judged = report("judged", [simulated], ...asked, "--judge-url", url, "--reply-cache", join(scratch, "judged.sqlite"));
    await says(browser, judged, "stages", /by the llm:judge/);
    const withheld = report("withheld", [simulated], ...asked, "--judge-url", `${url}/incomplete`, "--reply-cache", join(scratch, "withheld.sqlite"));
    await everyView(browser, "withheld", withheld);
    await says(browser, withheld, "verdict", /RPS is withheld from 15 of 15 pairs/);
    await says(browser, withheld, "matrix?metric=rps", /undefined for every pair, or withheld/);
    await says(browser, withheld, "stages", /answered too little of every pair/);
  });
} finally {
  await browser.close();
  rmSync(scratch, { recursive: true, force: true });
}
console.log(failures === 0 ? "the page does what it promises" : `${failures} failures`);
process.exit(failures === 0 ? 0 : 1);
