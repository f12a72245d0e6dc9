#include "agentecho/trajectory/model_names.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"

namespace agentecho {

namespace {

constexpr std::string_view kCache = "models--";

// Who serves or publishes models, and stands before their names: "openai:gpt-4o",
// "anthropic.claude-…", "meta-llama_Llama-3.1". Also regions and words of their paths.
constexpr std::string_view kProviders[] = {"openai",
                                           "anthropic",
                                           "google",
                                           "meta",
                                           "mistralai",
                                           "mistral",
                                           "xai",
                                           "x-ai",
                                           "bedrock",
                                           "azure",
                                           "vertex-ai",
                                           "vertexai",
                                           "together-ai",
                                           "together",
                                           "togetherai",
                                           "openrouter",
                                           "ollama",
                                           "groq",
                                           "fireworks",
                                           "fireworks-ai",
                                           "deepinfra",
                                           "litellm",
                                           "vllm",
                                           "sglang",
                                           "huggingface",
                                           "hf",
                                           "hosted-vllm",
                                           "amazon",
                                           "cohere",
                                           "ai21",
                                           "nvidia",
                                           "nvidia-nim",
                                           "perplexity",
                                           "replicate",
                                           "sambanova",
                                           "cerebras",
                                           "us",
                                           "eu",
                                           "apac",
                                           "global",
                                           "us-gov",
                                           "models",
                                           "meta-llama",
                                           "deepseek-ai",
                                           "moonshotai",
                                           "zai-org",
                                           "z-ai",
                                           "thudm",
                                           "microsoft",
                                           "google-vertex",
                                           "google-genai",
                                           "gemini",
                                           "vertex",
                                           "qwen",
                                           "ft",
                                           "writer",
                                           "stability",
                                           "ibm-granite",
                                           "minimaxai",
                                           "baidu",
                                           "dashscope",
                                           "novita",
                                           "hyperbolic",
                                           "lambda",
                                           "nousresearch",
                                           "unsloth",
                                           "thebloke",
                                           "bartowski",
                                           "lmstudio-community",
                                           "azure-openai",
                                           "azure-ai",
                                           "deepseek",
                                           "tencent",
                                           "bytedance",
                                           "nebius",
                                           "chutes",
                                           "anyscale",
                                           "databricks"};

struct Line {
  std::string_view letters;
  std::string_view family;
};
// Lines of models whose names do not begin with the family's.
constexpr Line kLines[] = {
    {"chatgpt", "gpt"},       {"davinci", "gpt"},       {"codex", "gpt"},
    {"computer", "gpt"},      {"metallama", "llama"},   {"codellama", "llama"},
    {"qwq", "qwen"},          {"qvq", "qwen"},          {"mixtral", "mistral"},
    {"ministral", "mistral"}, {"codestral", "mistral"}, {"devstral", "mistral"},
    {"magistral", "mistral"}, {"pixtral", "mistral"},   {"mathstral", "mistral"},
    {"chatglm", "glm"},       {"sonnet", "claude"},     {"opus", "claude"},
    {"haiku", "claude"},      {"codegemma", "gemma"},   {"shieldgemma", "gemma"},
    {"moonshot", "kimi"},     {"codeqwen", "qwen"},
};
constexpr std::string_view kFamilies[] = {
    "gpt",      "claude",   "gemini",   "gemma",     "llama",    "qwen",       "mistral",
    "deepseek", "kimi",     "glm",      "grok",      "phi",      "command",    "aya",
    "nova",     "jamba",    "yi",       "internlm",  "baichuan", "hunyuan",    "ernie",
    "minimax",  "falcon",   "olmo",     "tulu",      "granite",  "nemotron",   "dbrx",
    "arctic",   "solar",    "exaone",   "starcoder", "stablelm", "vicuna",     "hermes",
    "zephyr",   "smollm",   "reka",     "palm",      "doubao",   "seed",       "longcat",
    "mimo",     "wizardlm", "openchat", "dolphin",   "titan",    "palmyra",    "sonar",
    "lfm",      "step",     "ling",     "ring",      "alpaca",   "bloom",      "mpt",
    "pythia",   "gptj",     "opt",      "koala",     "orca",     "openhermes", "tinyllama"};
// Too short or too common a word to tell a model where nothing else of the name does.
constexpr std::string_view kCommonWords[] = {"command", "step", "ring", "opt",    "seed", "nova",
                                             "solar",   "orca", "ling", "arctic", "bloom"};

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_ascii_digit);
}

// The last name of ".../models--ORG--NAME/snapshots/…"; empty when it is none.
std::string_view cached_name(std::string_view path) {
  const std::size_t at = path.rfind(kCache);
  if (at == std::string_view::npos || (at > 0 && path[at - 1] != '/')) return {};
  std::string_view name = path.substr(at + kCache.size());
  name = name.substr(0, name.find('/'));
  const std::size_t org = name.find("--");
  return org == std::string_view::npos ? name : name.substr(org + 2);
}

std::string letters_of(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (!is_ascii_lower(c)) break;
    letters += c;
  }
  return letters;
}

// The name behind a provider's word and one of these marks, where there is one.
bool drop_provider(std::string_view& name) {
  for (const char mark : {':', '.', '-'}) {
    for (std::size_t at = name.find(mark); at != std::string_view::npos && at + 1 < name.size();
         at = name.find(mark, at + 1)) {
      const std::string_view provider = name.substr(0, at);
      const std::string_view rest = name.substr(at + 1);
      if (!is_in(kProviders, provider)) continue;
      // "mistral-large", "gemini-2.5-pro" and "deepseek-v3" are whole names; "meta-llama-3" has a
      // prefix only where a family follows.
      const bool whole = mark == '-' && !is_known_model_name(rest);
      const bool tag = mark == ':' && is_ascii_digit(rest.front());  // ollama: "mistral:7b"
      const bool version = mark == '.' && is_ascii_digit(rest.front());
      const bool own = is_in(kFamilies, provider) && !is_known_model_name(rest);
      if (whole || tag || version || own) continue;
      name = rest;
      return true;
    }
  }
  return false;
}

constexpr std::string_view kRoutes[] = {":free",  ":beta",   ":extended", ":thinking",
                                        ":nitro", ":floor",  ":online",   ":exacto",
                                        ":cloud", ":latest", "-latest",   "-preview-latest"};

bool drop_end(std::string& name, std::string_view end) {
  if (name.size() <= end.size() || !name.ends_with(end)) return false;
  name.resize(name.size() - end.size());
  return true;
}

// "-v2:0" of Bedrock.
void drop_bedrock_version(std::string& name) {
  const std::size_t colon = name.rfind(':');
  if (colon == std::string::npos || !all_digits(std::string_view(name).substr(colon + 1))) return;
  const std::size_t v = name.rfind("-v", colon);
  if (v != std::string::npos && all_digits(std::string_view(name).substr(v + 2, colon - v - 2))) {
    name.resize(v);
  }
}

bool between(int low, int value, int high) { return low <= value && value <= high; }
int number(std::string_view digits) {
  int n = 0;
  for (const char c : digits) n = 10 * n + (c - '0');
  return n;
}

// 20241022, 0613 (month and day), 2507 (year and month).
bool is_date(std::string_view digits) {
  if (!all_digits(digits)) return false;
  if (digits.size() == 8) {
    return between(2019, number(digits.substr(0, 4)), 2099) &&
           between(1, number(digits.substr(4, 2)), 12) && between(1, number(digits.substr(6)), 31);
  }
  if (digits.size() == 6) {
    return between(19, number(digits.substr(0, 2)), 40) &&
           between(1, number(digits.substr(2, 2)), 12) && between(1, number(digits.substr(4)), 31);
  }
  if (digits.size() != 4) return false;
  const int high = number(digits.substr(0, 2));
  const int low = number(digits.substr(2));
  return (between(1, high, 12) && between(1, low, 31)) ||
         (between(22, high, 40) && between(1, low, 12));
}

// "-2024-08-06", "-20241022", "@20240229", "-0613", "-05-06".
bool drop_date(std::string& name) {
  const std::string_view text = name;
  const std::size_t at = text.find_last_of("-@");
  if (at == std::string_view::npos || at == 0) return false;
  if (is_date(text.substr(at + 1))) {
    name.resize(at);
    return true;
  }
  // Groups of two: the last of a date with hyphens.
  const auto group = [&](std::size_t end) -> std::size_t {
    const std::size_t begin = text.rfind('-', end - 1);
    return begin == std::string_view::npos ? 0 : begin;
  };
  if (text.size() - at != 3 || !all_digits(text.substr(at + 1))) return false;
  const std::size_t month = group(at);
  if (month == 0 || at - month != 3 || !all_digits(text.substr(month + 1, 2))) return false;
  const std::size_t year = group(month);
  if (year != 0 && month - year == 5 && all_digits(text.substr(year + 1, 4))) {
    name.resize(year);
    return true;
  }
  const bool is_month = between(1, number(text.substr(month + 1, 2)), 12);
  if (!is_month || !between(1, number(text.substr(at + 1)), 31)) return false;
  name.resize(month);
  return true;
}

bool is_quantisation(std::string_view word) {
  constexpr std::string_view kWords[] = {"gguf",   "ggml", "awq",       "gptq",    "exl2", "exl3",
                                         "mlx",    "fp8",  "fp16",      "bf16",    "fp4",  "nvfp4",
                                         "mxfp4",  "int4", "int8",      "4bit",    "8bit", "w4a16",
                                         "w8a8",   "bnb",  "dynamic",   "imatrix", "f16",  "w8a16",
                                         "marlin", "onnx", "quantized", "gptq4"};
  if (is_in(kWords, word)) return true;
  // q4, q4-k-m, iq3-xxs: word by word from behind
  if (word == "k" || word == "m" || word == "s" || word == "l" || word == "xs" || word == "xxs" ||
      word == "xl" || word == "0" || word == "1" || word == "nl") {
    return false;  // only behind a "q4"; see drop_quantisation
  }
  const std::string_view bare = word.starts_with("iq") ? word.substr(1) : word;
  return bare.size() == 2 && bare[0] == 'q' && is_ascii_digit(bare[1]);
}

bool drop_quantisation(std::string& name) {
  const std::string_view text = name;
  // At most "-q4-k-m": a word of quantisation and two small ones behind it.
  std::size_t end = text.size();
  for (int words = 0; words < 3; ++words) {
    const std::size_t at = text.find_last_of("-:.", end - 1);
    if (at == std::string_view::npos || at == 0) return false;
    const std::string_view word = text.substr(at + 1, end - at - 1);
    if (is_quantisation(word)) {
      name.resize(at);
      return true;
    }
    if (word.size() > 3 || text[at] == ':') return false;
    end = at;
  }
  return false;
}

}  // namespace

std::string model_spelling(std::string_view given) {
  std::string_view name = trimmed(given);
  while (name.ends_with('/')) name.remove_suffix(1);
  if (const std::string_view cached = cached_name(name); !cached.empty()) {
    name = cached;
  } else if (const std::size_t slash = name.rfind('/'); slash != std::string_view::npos) {
    name.remove_prefix(slash + 1);
  }
  if (const std::size_t org = name.find("__");
      org != std::string_view::npos && org > 0 && org + 2 < name.size()) {
    name.remove_prefix(org + 2);
  }
  std::string spelling = ascii_lowered(name);
  std::replace_if(
      spelling.begin(), spelling.end(), [](char c) { return c == '_' || c == ' '; }, '-');
  std::string_view rest = spelling;
  if (rest.starts_with("ft:")) {  // "ft:gpt-4o-mini-2024-07-18:org::id": the fine-tune's own name
    rest.remove_prefix(3);
  } else {
    while (drop_provider(rest)) {
    }
  }
  spelling = std::string(rest);
  drop_bedrock_version(spelling);
  while (std::any_of(std::begin(kRoutes), std::end(kRoutes),
                     [&](std::string_view route) { return drop_end(spelling, route); })) {
  }
  return spelling;
}

std::string model_base(std::string_view name) {
  std::string base = model_spelling(name);
  while (drop_quantisation(base) || drop_date(base)) {
  }
  return base;
}

std::string model_family(std::string_view name) {
  std::string spelling = model_spelling(name);
  if (spelling.starts_with("sim-")) spelling.erase(0, 4);
  std::string letters = letters_of(spelling);
  if (letters == "o" && spelling.size() > 1 && is_ascii_digit(spelling[1])) return "gpt";
  if (letters == "open" || letters == "text") {  // open-mixtral-8x7b, text-davinci-003
    std::string next = letters_of(
        std::string_view(spelling).substr(std::min(spelling.size(), letters.size() + 1)));
    for (const Line& line : kLines) {
      if (line.letters == next) return std::string(line.family);
    }
    if (next == "mistral") return next;
  }
  for (const Line& line : kLines) {
    if (line.letters == letters) return std::string(line.family);
  }
  // "r1-v1:0" behind "deepseek.": the maker's name is the family's.
  if (!is_in(kFamilies, letters)) {
    const std::string lower = ascii_lowered(name);
    const std::size_t at = lower.rfind(spelling);
    if (at != std::string::npos && at > 0 && lower.find('/') == std::string::npos) {
      const std::string_view before = std::string_view(lower).substr(0, at - 1);
      const std::string_view maker = before.substr(before.find_last_of(".:") + 1);
      if (is_in(kFamilies, maker)) return std::string(maker);
    }
  }
  return letters;
}

std::string without_cache_path(std::string_view name) {
  const std::size_t at = name.find(kCache);
  if (at == std::string_view::npos || cached_name(name).empty()) return std::string(name);
  std::string_view cached = name.substr(at + kCache.size());
  cached = cached.substr(0, cached.find('/'));
  std::string plain(cached);
  if (const std::size_t org = plain.find("--"); org != std::string::npos)
    plain.replace(org, 2, "/");
  return plain;
}

bool is_known_model_name(std::string_view name) {
  constexpr std::size_t kLongest = 512;  // bytes; what is longer is a text
  if (name.size() > kLongest) return false;
  if (name.find(kCache) != std::string_view::npos) return true;
  std::string lower = ascii_lowered(name);
  const std::size_t slash = lower.rfind('/');
  if (slash != std::string::npos) lower.erase(0, slash + 1);
  const std::string letters = letters_of(lower);
  const auto has_digit = [&] { return std::any_of(lower.begin(), lower.end(), is_ascii_digit); };
  if (letters == "o") {
    return lower.size() > 1 && is_ascii_digit(lower[1]) && (lower.size() == 2 || lower[2] == '-');
  }
  if (letters == "open" || letters == "text") {
    const std::string family = model_family(lower);
    return family != letters && is_in(kFamilies, family);
  }
  if (is_in(kCommonWords, letters)) return has_digit();
  if (is_in(kFamilies, letters) || letters == "meta") return lower.size() > letters.size();
  const bool line = std::any_of(std::begin(kLines), std::end(kLines),
                                [&](const Line& one) { return one.letters == letters; });
  if (line) return true;
  // "anthropic.claude-…", "openai:gpt-4o", "Qwen__Qwen3"
  std::replace(lower.begin(), lower.end(), '_', '-');
  for (std::size_t at = lower.find_first_of(".:-"); at != std::string::npos;
       at = lower.find_first_of(".:-", at + 1)) {
    if (at > 0 && at + 1 < lower.size() &&
        is_in(kProviders, std::string_view(lower).substr(0, at)) &&
        is_known_model_name(std::string_view(lower).substr(at + 1))) {
      return true;
    }
  }
  return false;
}

}  // namespace agentecho
