#include "agentecho/options/metric_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agentecho/console.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/options/section.h"
#include "agentecho/scoring/metric_registry.h"

namespace agentecho::cli {

void MetricOptions::add_to(CLI::App& command, bool asking) {
  const OptionSection section(command, kMetricSection);
  std::vector<std::string> choices;
  for (const MetricFamily& family : metric_families()) {
    if (asking || family.asks == Asks::kNobody) choices.emplace_back(family.name);
  }
  metrics_ =
      add_list(command, "--metrics", names_,
               "What is computed, separated by commas: " + describe_metrics(asking), "NAME,...")
          ->check(CLI::IsMember(choices))
          ->capture_default_str();
  if (asking) add_rps_judge(command);
}

void MetricOptions::add_rps_judge(CLI::App& command) {
  const OptionSection section(command, kMetricSection);
  add_value(command, "--rps-judge", rps_judge_,
            "What judges RPS: local (built-in; no network), or llm (asks an endpoint, see "
            "--judge-url)",
            "BACKEND")
      ->check(CLI::IsMember({"local", "llm"}))
      ->capture_default_str();
}

void MetricOptions::add_old_list(CLI::App& command, const char* name,
                                 std::vector<std::string> choices, Change change) {
  const auto& old = old_.emplace_back(std::make_shared<Old>());
  old->name = name;
  old->change = std::move(change);
  old->option = command.add_option(name, old->values)
                    ->delimiter(',')
                    ->allow_extra_args(false)
                    ->check(CLI::IsMember(std::move(choices)))
                    ->group("");
}

void MetricOptions::add_old_flag(CLI::App& command, const char* name, Change change) {
  const auto& old = old_.emplace_back(std::make_shared<Old>());
  old->name = name;
  old->change = std::move(change);
  old->option = command.add_flag(name)->group("");
}

void MetricOptions::add_old_ged(CLI::App& command) {
  add_old_flag(command, "--ged", [](MetricOptions& options, const auto&) { options.add("ged"); });
}

void MetricOptions::add_old_names(CLI::App& command, const char* name,
                                  const std::vector<std::string>& always) {
  add_old_list(command, name, {"ags", "bigram", "ged", "rps"},
               [always](MetricOptions& options, const std::vector<std::string>& values) {
                 options.set(values);
                 for (const std::string& family : always) options.add(family);
               });
}

void MetricOptions::add_old_baselines(CLI::App& command, bool local) {
  std::vector<std::string> choices = {"rse", "embedding"};
  if (local) choices.insert(choices.begin(), {"bigram", "ged"});
  add_old_list(command, "--baselines", std::move(choices),
               [](MetricOptions& options, const std::vector<std::string>& values) {
                 for (const std::string& value : values) options.add(value);
               });
}

void MetricOptions::add_old_distill_baselines(CLI::App& command) {
  add_old_list(command, "--baselines", {"ged", "bigram", "none"},
               [](MetricOptions& options, const std::vector<std::string>& values) {
                 for (const char* name : {"ged", "bigram"}) options.remove(name);
                 for (const std::string& value : values) options.add(value);
               });
}

void MetricOptions::add_old_rps(CLI::App& command, std::vector<std::string> choices) {
  add_old_list(command, "--rps", std::move(choices),
               [](MetricOptions& options, const std::vector<std::string>& values) {
                 const std::string& value = values.front();
                 if (value == "off") return options.remove("rps");
                 options.add("rps");
                 if (value == "llm") options.rps_judge_ = "llm";
               });
}

Result<void> MetricOptions::settle(bool quiet) {
  const bool named = metrics_ != nullptr && metrics_->count() > 0;
  std::string used;
  for (const auto& old : old_) {
    if (old->option->count() == 0) continue;
    if (named) {
      return fail(ErrorKind::kUsage, fmt::format("--metrics and {} exclude each other", old->name),
                  "--metrics says it all; --rps-judge says what judges RPS");
    }
    old->change(*this, old->values);
    used += (used.empty() ? "" : ", ") + old->name;
  }
  std::vector<std::string> ordered;
  for (const MetricFamily& family : metric_families()) {
    if (has(family.name)) ordered.emplace_back(family.name);
  }
  names_ = std::move(ordered);
  if (metrics_ != nullptr && rps_judge_ == "llm" && !has("rps")) {
    return fail(ErrorKind::kUsage, "--rps-judge llm judges RPS, which is not among the metrics",
                "add rps to --metrics, or leave --rps-judge out");
  }
  if (!used.empty() && !quiet) {
    const std::string now = metrics_ == nullptr
                                ? "--rps-judge " + rps_judge_
                                : fmt::format("--metrics {}{}", fmt::join(names_, ","),
                                              rps_judge_ == "llm" ? " --rps-judge llm" : "");
    report_warnings(
        {fmt::format("{}: an old spelling, which goes after this version; now {}", used, now)});
  }
  return {};
}

bool MetricOptions::has(std::string_view name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

void MetricOptions::add(std::string_view name) {
  if (!has(name)) names_.emplace_back(name);
}

void MetricOptions::remove(std::string_view name) {
  std::erase_if(names_, [&](const std::string& other) { return other == name; });
}

}  // namespace agentecho::cli
