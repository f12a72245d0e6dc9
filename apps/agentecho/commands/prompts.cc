#include "agentecho/judges/prompts.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/options/plain_options.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kPrompts = {
    "prompts", "List what LLM judges are told, or print one of the texts word for word.",
    "Examples:\n"
    "  agentecho prompts\n"
    "  agentecho prompts pair-neutral"};

struct PromptsCommand {
  std::string name;
  Output output;
};

std::string as_text(const judges::Prompt* wanted) {
  if (wanted != nullptr) return std::string(wanted->text);
  std::string lines;
  for (const judges::Prompt& prompt : judges::prompts()) {
    lines += fmt::format("{:<16}{}\n", prompt.version, prompt.explanation);
  }
  return lines;
}

std::string as_json(const judges::Prompt* wanted) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const judges::Prompt& prompt : judges::prompts()) {
    if (wanted != nullptr && wanted != &prompt) continue;
    list.push_back({{"name", prompt.name},
                    {"version", prompt.version},
                    {"explanation", prompt.explanation},
                    {"text", prompt.text}});
  }
  const nlohmann::ordered_json all = {{"schema_version", 1}, {"prompts", list}};
  return all.dump(1) + "\n";
}

Result<Answer> run_prompts(const PromptsCommand& command) {
  const judges::Prompt* wanted = nullptr;
  if (!command.name.empty()) {
    wanted = judges::find_prompt(command.name);
    if (wanted == nullptr) {
      return fail(ErrorKind::kUsage, fmt::format("no prompt is named \"{}\"", command.name),
                  "`agentecho prompts` lists them");
    }
  }
  return Answer{command.output.json ? as_json(wanted) : as_text(wanted)};
}

void setup_prompts(CLI::App& command, PromptsCommand& options) {
  add_value(command, "NAME", options.name, "Prompt to print; without it, a list", "NAME");
  add_json_option(command, options.output);
}

}  // namespace

void add_prompts(CLI::App& app) { add_command(app, kPrompts, setup_prompts, run_prompts); }

}  // namespace agentecho::cli
