#include "agentecho/trajectory/model_names.h"

#include <gtest/gtest.h>

namespace agentecho {
namespace {

struct Named {
  const char* name;
  const char* spelling;
  const char* base;
  const char* family;
};

// As logs, servers and caches write them.
constexpr Named kNames[] = {
    {"gpt-4o", "gpt-4o", "gpt-4o", "gpt"},
    {"gpt-4o-2024-08-06", "gpt-4o-2024-08-06", "gpt-4o", "gpt"},
    {"gpt-4o-20240806", "gpt-4o-20240806", "gpt-4o", "gpt"},
    {"gpt-4-0613", "gpt-4-0613", "gpt-4", "gpt"},
    {"gpt-3.5-turbo-16k-0613", "gpt-3.5-turbo-16k-0613", "gpt-3.5-turbo-16k", "gpt"},
    {"azure/gpt-4o-mini-2024-07-18", "gpt-4o-mini-2024-07-18", "gpt-4o-mini", "gpt"},
    {"openai/gpt-oss-120b", "gpt-oss-120b", "gpt-oss-120b", "gpt"},
    {"openai:gpt-4.1", "gpt-4.1", "gpt-4.1", "gpt"},
    {"openai_gpt-oss-20b", "gpt-oss-20b", "gpt-oss-20b", "gpt"},
    {"gpt-oss:20b", "gpt-oss:20b", "gpt-oss:20b", "gpt"},
    {"chatgpt-4o-latest", "chatgpt-4o", "chatgpt-4o", "gpt"},
    {"o3-high", "o3-high", "o3-high", "gpt"},
    {"openai/o4-mini-2025-04-16", "o4-mini-2025-04-16", "o4-mini", "gpt"},
    {"text-davinci-003", "text-davinci-003", "text-davinci-003", "gpt"},
    {"ft:gpt-4o-mini-2024-07-18:acme::Ab12", "gpt-4o-mini-2024-07-18:acme::ab12",
     "gpt-4o-mini-2024-07-18:acme::ab12", "gpt"},
    {"claude-3-5-sonnet-20241022", "claude-3-5-sonnet-20241022", "claude-3-5-sonnet", "claude"},
    {"claude-3-7-sonnet-latest", "claude-3-7-sonnet", "claude-3-7-sonnet", "claude"},
    {"openrouter/anthropic/claude-3.5-sonnet:beta", "claude-3.5-sonnet", "claude-3.5-sonnet",
     "claude"},
    {"bedrock/us.anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet-20241022",
     "claude-3-5-sonnet", "claude"},
    {"anthropic.claude-3-haiku-20240307-v1:0", "claude-3-haiku-20240307", "claude-3-haiku",
     "claude"},
    {"vertex_ai/claude-3-opus@20240229", "claude-3-opus@20240229", "claude-3-opus", "claude"},
    {"anthropic:claude-sonnet-4-5", "claude-sonnet-4-5", "claude-sonnet-4-5", "claude"},
    {"gemini/gemini-2.5-pro-preview-05-06", "gemini-2.5-pro-preview-05-06",
     "gemini-2.5-pro-preview", "gemini"},
    {"google/gemini-2.0-flash-exp:free", "gemini-2.0-flash-exp", "gemini-2.0-flash-exp", "gemini"},
    {"google_genai:gemini-2.0-flash", "gemini-2.0-flash", "gemini-2.0-flash", "gemini"},
    {"google/gemma-3-27b-it", "gemma-3-27b-it", "gemma-3-27b-it", "gemma"},
    {"models--google--gemma-2-9b-it", "gemma-2-9b-it", "gemma-2-9b-it", "gemma"},
    {"/cache/models--Qwen--Qwen2.5-7B-Instruct/snapshots/a09a35458c702b33eeacc393d103063234e8bc28",
     "qwen2.5-7b-instruct", "qwen2.5-7b-instruct", "qwen"},
    {"Qwen__Qwen3-32B", "qwen3-32b", "qwen3-32b", "qwen"},
    {"Qwen3-235B-A22B-Instruct-2507-FP8", "qwen3-235b-a22b-instruct-2507-fp8",
     "qwen3-235b-a22b-instruct", "qwen"},
    {"Qwen/QwQ-32B-AWQ", "qwq-32b-awq", "qwq-32b", "qwen"},
    {"meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b-instruct", "llama-3.1-8b-instruct", "llama"},
    {"Meta-Llama-3.1-70B-Instruct-Q4_K_M", "llama-3.1-70b-instruct-q4-k-m",
     "llama-3.1-70b-instruct", "llama"},
    {"bartowski/Llama-3.2-3B-Instruct-GGUF", "llama-3.2-3b-instruct-gguf", "llama-3.2-3b-instruct",
     "llama"},
    {"ollama/llama3.1:70b-instruct-q4_K_M", "llama3.1:70b-instruct-q4-k-m", "llama3.1:70b-instruct",
     "llama"},
    {"meta.llama3-1-70b-instruct-v1:0", "llama3-1-70b-instruct", "llama3-1-70b-instruct", "llama"},
    {"together_ai/meta-llama/Meta-Llama-3.1-405B-Instruct-Turbo", "llama-3.1-405b-instruct-turbo",
     "llama-3.1-405b-instruct-turbo", "llama"},
    {"fireworks_ai/accounts/fireworks/models/llama-v3p1-70b-instruct", "llama-v3p1-70b-instruct",
     "llama-v3p1-70b-instruct", "llama"},
    {"CodeLlama-34b-Instruct-hf", "codellama-34b-instruct-hf", "codellama-34b-instruct-hf",
     "llama"},
    {"mistralai/Mixtral-8x7B-Instruct-v0.1", "mixtral-8x7b-instruct-v0.1",
     "mixtral-8x7b-instruct-v0.1", "mistral"},
    {"mistral.mistral-large-2402-v1:0", "mistral-large-2402", "mistral-large", "mistral"},
    {"open-mixtral-8x22b", "open-mixtral-8x22b", "open-mixtral-8x22b", "mistral"},
    {"mistral-small-latest", "mistral-small", "mistral-small", "mistral"},
    {"deepseek/deepseek-chat-v3-0324:free", "deepseek-chat-v3-0324", "deepseek-chat-v3",
     "deepseek"},
    {"deepseek-ai/DeepSeek-R1-0528", "deepseek-r1-0528", "deepseek-r1", "deepseek"},
    {"DeepSeek-R1-Distill-Qwen-7B-Q8_0.gguf", "deepseek-r1-distill-qwen-7b-q8-0.gguf",
     "deepseek-r1-distill-qwen-7b", "deepseek"},
    {"us.deepseek.r1-v1:0", "deepseek.r1", "deepseek.r1", "deepseek"},
    {"moonshotai/Kimi-K2-Instruct-0905", "kimi-k2-instruct-0905", "kimi-k2-instruct", "kimi"},
    {"zai-org/GLM-4.5-Air-FP8", "glm-4.5-air-fp8", "glm-4.5-air", "glm"},
    {"x-ai/grok-4", "grok-4", "grok-4", "grok"},
    {"xai/grok-3-mini-beta", "grok-3-mini-beta", "grok-3-mini-beta", "grok"},
    {"amazon.nova-pro-v1:0", "nova-pro", "nova-pro", "nova"},
    {"microsoft/Phi-4-mini-instruct-onnx", "phi-4-mini-instruct-onnx", "phi-4-mini-instruct",
     "phi"},
    {"cohere/command-r-plus-08-2024", "command-r-plus-08-2024", "command-r-plus-08-2024",
     "command"},
    {"MiniMaxAI/MiniMax-M2", "minimax-m2", "minimax-m2", "minimax"},
};

TEST(ModelNames, AreToldFromWhatServersAndCachesPutAroundThem) {
  for (const Named& one : kNames) {
    EXPECT_EQ(model_spelling(one.name), one.spelling) << one.name;
    EXPECT_EQ(model_base(one.name), one.base) << one.name;
    EXPECT_EQ(model_family(one.name), one.family) << one.name;
    EXPECT_TRUE(is_known_model_name(one.name)) << one.name;
  }
}

TEST(ModelNames, AreTakenOutOfTheCacheForALabel) {
  EXPECT_EQ(without_cache_path("models--Qwen--Qwen2.5-7B-Instruct"), "Qwen/Qwen2.5-7B-Instruct");
  EXPECT_EQ(without_cache_path("models--gpt2"), "gpt2");
  EXPECT_EQ(without_cache_path("alder--1"), "alder--1");
}

TEST(ModelNames, OfNobodyStayAsTheyAre) {
  EXPECT_EQ(model_family("olmo-7b"), "olmo");
  EXPECT_EQ(model_family("3-model"), "");
  EXPECT_EQ(model_family("sim-birch-2-after-sim-alder-1"), "birch");
  EXPECT_EQ(model_family("similar-1"), "similar");
  EXPECT_EQ(model_base("alder-1"), "alder-1");
  EXPECT_EQ(model_base("sim-alder-2"), "sim-alder-2");
  for (const char* name : {"alder-1", "t1", "task-12", "desk_11", "0613", "command", "step-by-step",
                           "django__django-11099", "retail", "opt-out", "run-1", "order"}) {
    EXPECT_FALSE(is_known_model_name(name)) << name;
  }
  std::string text;
  while (text.size() < 1'000'000) text += "openai:";
  EXPECT_FALSE(is_known_model_name(text + "gpt-4o"));
  EXPECT_TRUE(is_known_model_name("openai:azure:gpt-4o"));
}

}  // namespace
}  // namespace agentecho
