#include "agentecho/simulation/run.h"

#include <array>
#include <cstdlib>
#include <string>

#include "agentecho/base/parallel.h"
#include "agentecho/simulation/situation.h"
#include "agentecho/simulation/user.h"

namespace agentecho::simulation {

namespace {

// More than any task needs; ends a conversation that goes in circles.
constexpr int kMaxSteps = 120;

// Streams of a run's seeds: the task and trial, and who draws.
std::uint64_t stream_of(std::size_t task, std::int64_t trial) {
  return static_cast<std::uint64_t>(task) << 20 | static_cast<std::uint64_t>(trial);
}

bool is_id(std::string_view name) { return name.ends_with("_id"); }

class Conversation {
 public:
  Conversation(const World& world, std::size_t task, const AgentPolicy& policy, std::uint64_t seed,
               std::int64_t trial, Trajectory& out)
      : world_(world),
        task_(world.tasks[task]),
        policy_(policy),
        rng_(seed, stream_of(task, trial)),
        user_(world, task_, Rng(world.seed ^ 0xA5A5A5A5u, stream_of(task, trial))),
        counter_(world.shop),
        t_(out) {
    t_.clear();
    t_.model = policy.name;
    t_.benchmark = kSimulatedBenchmark;
    t_.domain = kSimulatedDomain;
    t_.task_id = task_.id;
    t_.trial = trial;
    t_.messages.reserve(48);
    t_.calls.reserve(24);
    t_.leaves.reserve(48);
    add_message(Role::kSystem, shop_policy());
  }

  void hold() {
    bool stopped = false;
    for (int steps = 0; steps < kMaxSteps && !stopped; ++steps) {
      const Step step = s_.next();
      switch (step.kind) {
        case Step::Kind::kDecide:
          decide(step);
          break;
        case Step::Kind::kCall:
          issue_calls(step);
          break;
        case Step::Kind::kSay:
          speak(step);
          stopped = user_.left();
          break;
        case Step::Kind::kEnd:
          stopped = true;
          break;
      }
    }
    t_.termination_reason = stopped ? "user_stop" : "max_steps";
    t_.reward = success() ? 1.0 : 0.0;
  }

 private:
  unsigned option(Point point, unsigned allowed) {
    return draw_option(policy_.row(point, s_.goal_kind()), allowed, rng_);
  }
  bool chosen(Point point) { return option(point, 0b11) == 1; }

  void decide(const Step& step) { s_.resolve(step.point, option(step.point, step.allowed)); }

  Message& add_message(Role role, std::string_view text) {
    Message& m = t_.messages.emplace_back();
    m.role = role;
    m.text = t_.arena.copy(text);
    return m;
  }

  void phrase(Act act, std::string& out) {
    const Phrase* p =
        draw_phrase(policy_.phrases.of(act, s_.goal_kind()), s_.slots().known(), rng_);
    if (p != nullptr) p->words.render(s_.slots(), out);
  }

  std::string_view reasoning(const Step& step) {
    if (!chosen(Point::kReason)) return {};
    buffer_.clear();
    phrase(s_.reasoning_act(step), buffer_);
    return t_.arena.copy(buffer_);
  }

  void speak(const Step& step) {
    const std::string_view thoughts = reasoning(step);
    buffer_.clear();
    phrase(step.act, buffer_);
    add_message(Role::kAssistant, buffer_).reasoning = thoughts;
    const std::size_t about = s_.goal_index();
    s_.agent_said(step.act);
    buffer_.clear();
    user_.answer(step.act, about, buffer_);
    if (buffer_.empty()) return;
    s_.user_said(add_message(Role::kUser, buffer_).text);
  }

  void issue_calls(Step step) {
    const std::string_view thoughts = reasoning(step);
    buffer_.clear();
    if (chosen(Point::kAnnounce)) phrase(Situation::announcement_act(step.tool), buffer_);
    const auto message = static_cast<std::int32_t>(t_.messages.size());
    const auto first = static_cast<std::uint32_t>(t_.calls.size());
    add_message(Role::kAssistant, buffer_).reasoning = thoughts;
    for (;;) {
      issue(step, message);
      if (!step.joined) break;
      for (step = s_.next(); step.kind == Step::Kind::kDecide; step = s_.next()) decide(step);
      if (step.kind != Step::Kind::kCall) break;
    }
    t_.messages[static_cast<std::size_t>(message)].first_call = first;
    t_.messages[static_cast<std::size_t>(message)].n_calls =
        static_cast<std::uint32_t>(t_.calls.size()) - first;
    for (std::size_t c = first; c < t_.calls.size(); ++c) answer(c, tools_[c - first]);
    n_tools_ = 0;
  }

  // Writes the call down; it is carried out when the whole message stands.
  void issue(const Step& step, std::int32_t message) {
    Arguments arguments = s_.arguments(step.tool);
    fill_in(step.tool, arguments);
    slip(step.tool, arguments);
    ToolCall& call = t_.calls.emplace_back();
    buffer_.clear();
    buffer_.append("call_").append(std::to_string(t_.calls.size()));
    call.id = t_.arena.copy(buffer_);
    call.name = tool_name(step.tool);
    call.message = message;
    call.first_leaf = static_cast<std::uint32_t>(t_.leaves.size());
    buffer_.clear();
    buffer_ += '{';
    for (std::size_t i = 0; i < arguments.size; ++i) {
      Argument& a = arguments.items[i];
      a.value = t_.arena.copy(a.value);
      if (i > 0) buffer_ += ", ";
      buffer_ += '"';
      buffer_ += a.name;
      buffer_ += a.number ? "\": " : "\": \"";
      for (const char c : a.value) {
        if (c == '"' || c == '\\') buffer_ += '\\';
        buffer_ += c == '\n' ? ' ' : c;
      }
      if (!a.number) buffer_ += '"';
      t_.leaves.push_back(a.value);
    }
    buffer_ += '}';
    call.arguments = t_.arena.copy(buffer_);
    call.n_leaves = static_cast<std::uint32_t>(arguments.size);
    arguments_[n_tools_] = arguments;
    tools_[n_tools_++] = step.tool;
    s_.called(step.tool);
  }

  // The arguments that are the agent's own words or sums.
  void fill_in(Tool tool, Arguments& arguments) {
    free_text_.clear();
    if (tool == Tool::kThink) phrase(Act::kThought, free_text_);
    if (tool == Tool::kLogNote) phrase(Act::kNote, free_text_);
    if (tool == Tool::kCalculate) {
      free_text_ += s_.price_per_day();
      free_text_ += " * ";
      free_text_ += s_.slots()[Slot::kDays];
    }
    if (!free_text_.empty()) arguments.items[0].value = free_text_;
  }

  void slip(Tool tool, Arguments& arguments) {
    if (arguments.size == 0) return;
    Argument& first = arguments.items[0];
    if (is_id(first.name) && chosen(Point::kMistype)) {
      mistyped_ = first.value;
      mistyped_ += '9';
      first.value = mistyped_;
    }
    if (!is_write(tool)) return;
    Argument& last = arguments.items[arguments.size - 1];
    if (is_id(last.name) || !chosen(Point::kWrongValue)) return;
    if (last.number) {
      wrong_ = std::to_string(std::atoi(std::string(last.value).c_str()) + 1);
    } else if (last.name == "end_date") {
      wrong_ = date_text(day_of(last.value) - 1);
    } else {
      wrong_ = std::string(last.value) + "?";
    }
    last.value = wrong_;
  }

  void answer(std::size_t call, Tool tool) {
    buffer_.clear();
    const std::size_t index =
        call - t_.messages[static_cast<std::size_t>(t_.calls[call].message)].first_call;
    const bool fine = counter_.call(tool, arguments_[index].view(), buffer_);
    t_.calls[call].result_message = static_cast<std::int32_t>(t_.messages.size());
    Message& m = add_message(Role::kTool, buffer_);
    m.error_flag = fine ? ErrorFlag::kNoError : ErrorFlag::kError;
    m.tool_call_id = t_.calls[call].id;
    m.answers = static_cast<std::int32_t>(call);
    s_.returned(m.text, !fine);
  }

  bool success() const {
    if (!changes_fit(world_, task_, counter_.changes())) return false;
    std::vector<std::string_view> texts;
    for (const Message& m : t_.messages) {
      if (m.role == Role::kAssistant && !m.text.empty()) texts.push_back(m.text);
    }
    for (std::size_t g = 0; g < task_.goals.size(); ++g) {
      if (!told(world_, task_, g, counter_.changes(), texts)) return false;
    }
    return true;
  }

  const World& world_;
  const Task& task_;
  const AgentPolicy& policy_;
  Rng rng_;
  User user_;
  Counter counter_;
  Trajectory& t_;
  Situation s_;
  std::string buffer_, free_text_, mistyped_, wrong_;
  std::array<Tool, 8> tools_{};
  std::array<Arguments, 8> arguments_{};
  std::size_t n_tools_ = 0;
};

}  // namespace

void run_agent(const World& world, std::size_t task, const AgentPolicy& policy, std::uint64_t seed,
               std::int64_t trial, Trajectory& out) {
  Conversation(world, task, policy, seed, trial, out).hold();
}

Trajectory run_agent(const World& world, std::size_t task, const AgentPolicy& policy,
                     std::uint64_t seed, std::int64_t trial) {
  Trajectory out;
  run_agent(world, task, policy, seed, trial, out);
  return out;
}

std::vector<Trajectory> run_agent_on(const World& world, std::span<const std::size_t> tasks,
                                     const AgentPolicy& policy, std::uint64_t seed,
                                     std::int64_t trials, unsigned threads) {
  const auto per_task = static_cast<std::size_t>(trials);
  std::vector<Trajectory> out(tasks.size() * per_task);
  parallel_for(out.size(), threads, [&](std::size_t i) {
    run_agent(world, tasks[i / per_task], policy, seed, static_cast<std::int64_t>(i % per_task),
              out[i]);
  });
  return out;
}

}  // namespace agentecho::simulation
