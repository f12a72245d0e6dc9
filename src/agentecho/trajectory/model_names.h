// Names of models as logs, servers and caches write them: what of a name is the model's own, and
// which family it belongs to.
//
//   models--Qwen--Qwen2.5-7B-Instruct/snapshots/0a1b…    Hugging Face's cache
//   openrouter/anthropic/claude-3.5-sonnet:beta          prefixes of providers, marks of routes
//   us.anthropic.claude-3-5-sonnet-20241022-v2:0         Bedrock
//   claude-3-opus@20240229, gpt-4-0613                   dates
//   Llama-3.1-8B-Instruct-GGUF-Q4_K_M                    quantisation
#pragma once

#include <string>
#include <string_view>

namespace agentecho {

// The name without the path of a cache, providers' prefixes, routes (":free") and "-latest", in
// lower case, "_" and " " read as "-": equal for spellings of one model.
std::string model_spelling(std::string_view name);

// The same without date and quantisation: equal for versions and servings of one model.
std::string model_base(std::string_view name);

// The letters before the first other character of the spelling; well-known lines of one maker under
// one name ("o3" and "chatgpt" are "gpt", "codellama" is "llama", "mixtral" is "mistral"); "sim-"
// in front, as `simulate` names its agents, is passed over. Empty for a name without such letters.
std::string model_family(std::string_view name);

// "models--ORG--NAME", as Hugging Face's cache writes it, as ORG/NAME; others as they are.
std::string without_cache_path(std::string_view name);

// Does the name belong to a family that is widely known, or is it the path of a model in a cache?
bool is_known_model_name(std::string_view name);

}  // namespace agentecho
