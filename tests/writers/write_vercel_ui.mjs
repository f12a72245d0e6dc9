// Runs of agents of the Vercel AI SDK 4 and 6 with scripted models, as messages of its user interface, which stores of chats keep: a
// line for each as they are, and for version 4 one without their parts, as stores keep them that are older than those.
import { writeFileSync } from "node:fs";
import { readUIMessageStream, simulateReadableStream, stepCountIs, streamText, tool } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { appendResponseMessages, generateText, tool as tool4 } from "ai4";
import { MockLanguageModelV1 } from "ai4/test";
import { z } from "zod";
import { z as z3 } from "zod3";

const asked = "What is due?";
const findMember = async ({ name }) => ({ member: name, loans: [5, 6] });
const getLoan = async ({ id }) => {
  if (id === 7) throw new Error("no such loan");
  return `loan ln-${id}, due on Friday`;
};

async function shownByVersion4() {
  const reply = (text, ...toolCalls) => ({
    text, toolCalls, finishReason: toolCalls.length ? "tool-calls" : "stop",
    usage: { promptTokens: 10, completionTokens: 10 }, rawCall: { rawPrompt: null, rawSettings: {} },
  });
  const call = (toolCallId, toolName, args) => ({ toolCallType: "function", toolCallId, toolName, args: JSON.stringify(args) });
  const replies = [
    reply("The member first.", call("c1", "find_member", { name: "Amber" })),
    reply("", call("c2", "get_loan", { id: 5 }), call("c3", "get_loan", { id: 6 })),
    reply("Both are due on Friday."),
  ];
  const model = new MockLanguageModelV1({ modelId: "scripted-1", doGenerate: async () => replies.shift() });
  const tools = {
    find_member: tool4({ parameters: z3.object({ name: z3.string() }), execute: findMember }),
    get_loan: tool4({ parameters: z3.object({ id: z3.number() }), execute: getLoan }),
  };
  const messages = [{ id: "u1", role: "user", content: asked }];
  const result = await generateText({ model, tools, messages, maxSteps: 5 });
  return appendResponseMessages({ messages, responseMessages: result.response.messages });
}

async function shownByVersion6() {
  const count = { total: 10, noCache: 10, cacheRead: undefined, cacheWrite: undefined, text: 10, reasoning: undefined };
  const pieces = (kind, id, text) => [{ type: `${kind}-start`, id }, { type: `${kind}-delta`, id, delta: text }, { type: `${kind}-end`, id }];
  const call = (toolCallId, toolName, input) => [{ type: "tool-call", toolCallId, toolName, input: JSON.stringify(input) }];
  const reply = (reason, ...parts) => {
    const finish = { type: "finish", finishReason: { unified: reason, raw: undefined }, usage: { inputTokens: count, outputTokens: count } };
    const chunks = [{ type: "stream-start", warnings: [] }, ...parts.flat(), finish];
    return { stream: simulateReadableStream({ chunks, chunkDelayInMs: null, initialDelayInMs: null }) };
  };
  const replies = [
    reply("tool-calls", pieces("reasoning", "r1", "The member first."), pieces("text", "t1", "I look."), call("c1", "find_member", { name: "Amber" })),
    reply("tool-calls", call("c2", "get_loan", { id: 5 }), call("c3", "get_loan", { id: 7 })),
    reply("stop", pieces("text", "t2", "One is due on Friday.")),
  ];
  const model = new MockLanguageModelV3({ modelId: "scripted-1", doStream: async () => replies.shift() });
  const tools = {
    find_member: tool({ inputSchema: z.object({ name: z.string() }), execute: findMember }),
    get_loan: tool({ inputSchema: z.object({ id: z.number() }), execute: getLoan }),
  };
  const result = streamText({ model, tools, prompt: asked, stopWhen: stepCountIs(5) });
  let shown;
  for await (const message of readUIMessageStream({ stream: result.toUIMessageStream() })) shown = message;
  return [{ id: "u1", role: "user", parts: [{ type: "text", text: asked }] }, shown];
}

const four = await shownByVersion4();
const runs = { four, "four-without-parts": four.map(({ parts, ...message }) => message), six: await shownByVersion6() };
const lines = Object.entries(runs).map(([task, messages]) => JSON.stringify({ model: "scripted-1", task_id: task, success: task === "six", messages }) + "\n");
writeFileSync(process.argv[2], lines.join(""));
