// Runs of an agent of the Vercel AI SDK with a scripted model, a line for each: with the messages that the SDK gives back, or, in a
// file that is called steps.jsonl, with its result as it is.
import { writeFileSync } from "node:fs";
import { generateText, stepCountIs, tool } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { z } from "zod";

const count = { total: 10, noCache: 10, cacheRead: undefined, cacheWrite: undefined, text: 10, reasoning: undefined };
const usage = { inputTokens: count, outputTokens: count };

function reply(content, reason) {
  return { content, finishReason: { unified: reason, raw: undefined }, usage, warnings: [] };
}

function call(id, toolName, input) {
  return { type: "tool-call", toolCallId: id, toolName, input: JSON.stringify(input) };
}

function scripted() {
  const replies = [
    reply([{ type: "reasoning", text: "The member first." }, call("c1", "find_member", { name: "Amber" })], "tool-calls"),
    reply([{ type: "text", text: "Now both loans." }, call("c2", "get_loan", { id: 5 }), call("c3", "get_loan", { id: 6 })], "tool-calls"),
    reply([{ type: "text", text: "One is due on Friday." }], "stop"),
  ];
  return new MockLanguageModelV3({ modelId: "scripted-1", doGenerate: async () => replies.shift() });
}

const tools = {
  find_member: tool({ inputSchema: z.object({ name: z.string() }), execute: async ({ name }) => ({ member: name, loans: [5, 6] }) }),
  get_loan: tool({
    inputSchema: z.object({ id: z.number() }),
    execute: async ({ id }) => {
      if (id === 6) throw new Error("no such loan");
      return `loan ln-${id}, due on Friday`;
    },
  }),
};

const lines = [];
for (const task of ["desk-1", "desk-2"]) {
  const messages = [{ role: "user", content: `What is due? (${task})` }];
  const result = await generateText({ model: scripted(), tools, messages, stopWhen: stepCountIs(5) });
  const names = { model: "scripted-1", task_id: task, success: task === "desk-1" };
  const said = { messages: [...messages, ...result.response.messages] };
  const run = process.argv[2].endsWith("steps.jsonl") ? { ...names, messages, result } : { ...names, ...said };
  lines.push(JSON.stringify(run) + "\n");
}
writeFileSync(process.argv[2], lines.join(""));
