// The options of everything that asks an LLM: where, which model, how carefully, within which
// limits, and what to do instead of asking.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/judges/settings.h"
#include "agentecho/llm/endpoint.h"
#include "agentecho/llm/pool.h"
#include "agentecho/options/section.h"
#include "agentecho/scoring/metric.h"

namespace agentecho::cli {

struct JudgeOptions {
  const CLI::App* command = nullptr;  // that has these options
  std::string url;
  std::string model;
  std::string key_variable;
  std::string key_file;
  bool usual_key = true;             // AGENTECHO_JUDGE_KEY, where no other key is named
  std::vector<std::string> headers;  // "NAME: VALUE" or "NAME: env:VARIABLE"
  double temperature = 0;
  std::string prompt = "neutral";
  std::string cache_file;  // empty: default_cache_file()
  std::string prices_file;
  std::optional<std::int64_t> max_calls;
  std::optional<double> max_cost;
  std::optional<double> max_time;  // seconds
  std::size_t in_flight = 64;
  double time_limit = 300;  // of one exchange, seconds
  bool dry_run = false;
  std::string batch_out;
  std::vector<std::string> batch_in;
  double least_coverage = kLeastCoverage;
};

void add_judge_options(CLI::App& command, JudgeOptions& options);

// --annotator; `about` says what gives the stages.
CLI::Option* add_annotator_option(
    CLI::App& command, std::string& annotator,
    const std::string& about = "What gives the stages for --rps-judge llm: llm or local");

// --swap and --repeats
void add_asking_options(CLI::App& command, bool& swap, int& repeats);

// The same limits, cache and manner for another endpoint, which gets neither the key nor the
// headers of this one. `key_variable` may be empty: no key.
JudgeOptions for_other_endpoint(const JudgeOptions& options, const std::string& url,
                                const std::string& model, const std::string& key_variable);

// Was an option given that only makes sense when an LLM is asked?
bool any_judge_option(const JudgeOptions& options);

// Errors (kUsage): no address or no model, a key or header that cannot be had, options that
// contradict each other.
Result<llm::Endpoint> to_endpoint(const JudgeOptions& options);
Result<llm::PoolOptions> to_pool_options(const JudgeOptions& options);
Result<judges::JudgeSettings> to_judge_settings(const JudgeOptions& options);
judges::Framing to_framing(const JudgeOptions& options);

// $XDG_CACHE_HOME/agentecho/replies.sqlite, else ~/.cache/agentecho/replies.sqlite. Error (kUsage):
// neither is set.
Result<std::string> default_cache_file();
// The file that the options name, its folder made. Errors (kFailed): it cannot be made.
Result<std::string> prepare_cache_file(const std::string& named);

}  // namespace agentecho::cli
