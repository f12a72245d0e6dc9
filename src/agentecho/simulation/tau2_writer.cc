#include "agentecho/simulation/tau2_writer.h"

#include <fmt/format.h>

#include <string>

#include "agentecho/base/ordered_json.h"
#include "agentecho/simulation/shop.h"

namespace agentecho::simulation {

namespace {

std::string dumped(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A time of day on 1 March 2031 or later, `seconds` after nine.
std::string timestamp(std::int64_t seconds) {
  const std::int64_t total = 9 * 3600 + seconds;
  return fmt::format("{}T{:02}:{:02}:{:02}", date_text(static_cast<int>(total / 86400)),
                     total / 3600 % 24, total / 60 % 60, total % 60);
}

Json task_json(const World& world, const Task& task) {
  Json kinds = Json::array();
  for (const Goal& goal : task.goals) kinds.push_back(goal_name(goal.kind));
  return Json{
      {"id", task.id},
      {"description", {{"purpose", "Simulated task"}, {"goals", kinds}}},
      {"user_scenario",
       {{"persona", nullptr},
        {"instructions",
         "Scripted user, member " + world.shop.members[static_cast<std::size_t>(task.member)].id}}},
      {"evaluation_criteria",
       {{"actions", Json::array()}, {"reward_basis", Json::array({"DB", "COMMUNICATE"})}}}};
}

Json message_json(const Trajectory& t, const Message& m, std::int64_t turn, std::int64_t second) {
  Json json;
  if (m.role == Role::kTool) {
    json["id"] = m.tool_call_id;
    json["role"] = "tool";
    json["content"] = m.text;
    json["requestor"] = m.requestor == Requestor::kAgent ? "assistant" : "user";
    json["error"] = m.error_flag == ErrorFlag::kError;
  } else {
    json["role"] = m.role == Role::kUser ? "user" : "assistant";
    json["content"] = m.text.empty() ? Json(nullptr) : Json(m.text);
    if (!m.reasoning.empty()) json["reasoning_content"] = m.reasoning;
    json["tool_calls"] = nullptr;
    for (const ToolCall& call : t.calls_of(m)) {
      Json arguments = Json::parse(call.arguments, nullptr, false);
      if (arguments.is_discarded()) arguments = call.arguments;
      json["tool_calls"].push_back(
          {{"id", call.id},
           {"name", call.name},
           {"arguments", std::move(arguments)},
           {"requestor", call.requestor == Requestor::kAgent ? "assistant" : "user"}});
    }
  }
  json["turn_idx"] = turn;
  json["timestamp"] = timestamp(second);
  return json;
}

}  // namespace

Tau2ResultsWriter::Tau2ResultsWriter(std::ostream& out, const World& world, std::string_view model,
                                     std::int64_t num_trials, std::uint64_t seed)
    : out_(&out), seed_(seed) {
  const Json info{
      {"simulated", "AgentEcho: a scripted agent, not a language model"},
      {"git_commit", ""},
      {"num_trials", num_trials},
      {"max_steps", 120},
      {"max_errors", 120},
      {"user_info",
       {{"implementation", "agentecho_scripted_user"}, {"llm", nullptr}, {"llm_args", nullptr}}},
      {"agent_info",
       {{"implementation", "agentecho_simulated_agent"}, {"llm", model}, {"llm_args", nullptr}}},
      {"environment_info",
       {{"domain_name", kSimulatedDomain}, {"policy", shop_policy()}, {"tool_defs", nullptr}}},
      {"seed", seed}};
  *out_ << "{\"timestamp\": \"" << timestamp(0) << "\",\n\"info\": " << dumped(info)
        << ",\n\"tasks\": [";
  for (std::size_t i = 0; i < world.tasks.size(); ++i) {
    *out_ << (i > 0 ? ",\n" : "\n") << dumped(task_json(world, world.tasks[i]));
  }
  *out_ << "],\n\"simulations\": [";
}

void Tau2ResultsWriter::add(const Trajectory& t) {
  const std::int64_t start = n_written_ * 600;
  Json messages = Json::array();
  for (const Message& m : t.messages) {
    if (m.role == Role::kSystem) continue;
    const auto turn = static_cast<std::int64_t>(messages.size());
    messages.push_back(message_json(t, m, turn, start + turn * 2));
  }
  const std::int64_t end = start + static_cast<std::int64_t>(messages.size()) * 2;
  const std::int64_t trial = t.trial.value_or(0);
  const double reward = t.reward.value_or(0);
  const Json simulation{
      {"id", fmt::format("simulated-{}-{}", t.task_id, trial)},
      {"task_id", t.task_id},
      {"timestamp", timestamp(end)},
      {"start_time", timestamp(start)},
      {"end_time", timestamp(end)},
      {"duration", end - start},
      {"termination_reason", t.termination_reason},
      {"agent_cost", 0.0},
      {"user_cost", 0.0},
      {"reward_info", {{"reward", reward}, {"reward_basis", Json::array({"DB", "COMMUNICATE"})}}},
      {"messages", std::move(messages)},
      {"trial", trial},
      {"seed", seed_}};
  *out_ << (n_written_ > 0 ? ",\n" : "\n") << dumped(simulation);
  ++n_written_;
}

void Tau2ResultsWriter::finish() { *out_ << "\n]}\n"; }

}  // namespace agentecho::simulation
