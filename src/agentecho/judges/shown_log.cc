#include "agentecho/judges/shown_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "agentecho/base/text.h"
#include "agentecho/judges/visible_text.h"

namespace agentecho::judges {

namespace {

// What one event says, for people and for the search.
struct Event {
  std::string_view kind;
  std::string text;
  std::string lowered;
  std::int32_t call = kNone;    // of the trajectory: a call event
  std::int32_t answer = kNone;  // of the trajectory: the result of this call
};

// In log order. The reasoning of a message comes before its text, its calls after it.
std::vector<Event> events_of(const Trajectory& trajectory) {
  std::vector<Event> events;
  const auto add = [&](std::string_view kind, std::string text) -> Event& {
    Event& event = events.emplace_back();
    event.kind = kind;
    event.lowered = ascii_lowered(text);
    event.text = std::move(text);
    return event;
  };
  for (const Message& message : trajectory.messages) {
    const bool of_user = message.requestor == Requestor::kUser;
    if (!message.reasoning.empty()) add("agent, reasoning", std::string(message.reasoning));
    if (message.role == Role::kTool) {
      add(of_user ? "result of a tool of the user" : "result", std::string(message.text)).answer =
          message.answers;
    } else if (!message.text.empty()) {
      add(message.role == Role::kSystem ? "system"
          : message.role == Role::kUser ? "user"
                                        : "agent",
          std::string(message.text));
    }
    for (std::uint32_t i = 0; i < message.n_calls; ++i) {
      const ToolCall& call = trajectory.calls[message.first_call + i];
      std::string text = fmt::format("{}({})", call.name, call.arguments);
      // The values as they are compared; in the arguments they may stand escaped.
      for (const std::string_view leaf : trajectory.leaves_of(call)) {
        if (call.arguments.find(leaf) == std::string_view::npos) text += fmt::format("\n{}", leaf);
      }
      add(of_user ? "tool call of the user" : "call", std::move(text)).call =
          static_cast<std::int32_t>(message.first_call + i);
    }
  }
  return events;
}

// What of each event is shown.
struct LogLimits {
  std::size_t beginning = 400;  // bytes
  std::size_t window = 100;     // bytes on each side of a value
  std::size_t occurrences = 3;  // of a value in one event
  bool only_decisive = false;
};

constexpr LogLimits kLadder[] = {{400, 100, 3, false},
                                 {150, 60, 2, false},
                                 {150, 60, 2, true},
                                 {40, 30, 1, true},
                                 {0, 10, 1, true}};
constexpr std::size_t kMaxValueShown = 60;

struct Stretch {
  std::size_t begin;
  std::size_t end;
};

// The parts of an event's text that are shown, ascending and apart.
std::vector<Stretch> stretches_of(const Event& event, const std::set<std::string_view>& values,
                                  const LogLimits& limits) {
  std::vector<Stretch> parts = {{0, std::min(limits.beginning, event.text.size())}};
  for (const std::string_view value : values) {
    std::size_t at = find_value(event.lowered, value);
    for (std::size_t n = 0; n < limits.occurrences && at != std::string_view::npos; ++n) {
      const std::size_t end = at + std::min(value.size(), kMaxValueShown);
      parts.push_back(
          {at - std::min(at, limits.window), std::min(end + limits.window, event.text.size())});
      at = find_value(event.lowered, value, at + 1);
    }
  }
  std::sort(parts.begin(), parts.end(),
            [](const Stretch& a, const Stretch& b) { return a.begin < b.begin; });
  std::vector<Stretch> apart;
  for (const Stretch& part : parts) {
    // A gap shorter than the words that would announce it is shown.
    if (!apart.empty() && part.begin <= apart.back().end + 30) {
      apart.back().end = std::max(apart.back().end, part.end);
    } else {
      apart.push_back(part);
    }
  }
  const auto to_boundary = [&](std::size_t at) {
    for (int i = 0; i < 3 && at > 0 && at < event.text.size() &&
                    (static_cast<unsigned char>(event.text[at]) & 0xC0) == 0x80;
         ++i) {
      --at;
    }
    return at;
  };
  for (Stretch& part : apart) part = {to_boundary(part.begin), to_boundary(part.end)};
  return apart;
}

class DependencyMessage {
 public:
  DependencyMessage(const Trajectory& trajectory, std::span<const Dependency> candidates)
      : events_(events_of(trajectory)), candidates_(candidates) {
    const std::vector<std::uint32_t> calls = agent_calls(trajectory);
    std::vector<std::size_t> call_event(trajectory.calls.size(), 0);
    std::vector<std::size_t> result_event(trajectory.calls.size(), 0);
    for (std::size_t e = 0; e < events_.size(); ++e) {
      if (events_[e].call != kNone) call_event[static_cast<std::size_t>(events_[e].call)] = e;
      if (events_[e].answer != kNone) result_event[static_cast<std::size_t>(events_[e].answer)] = e;
    }
    for (const Dependency& candidate : candidates) {
      values_.insert(candidate.value);
      places_.push_back(
          {result_event[calls[candidate.source]], call_event[calls[candidate.destination]]});
      last_ = std::max(last_, places_.back().destination);
      decisive_[places_.back().source].insert(candidate.value);
      decisive_[places_.back().destination].insert(candidate.value);
    }
    for (const std::string_view value : values_) {
      for (std::size_t e = 0; e <= last_; ++e) {
        if (find_value(events_[e].lowered, value) == std::string_view::npos) continue;
        decisive_[e].insert(value);
        break;
      }
    }
  }

  FencedText show(const LogLimits& limits) const {
    FencedText out("dependencies");
    out.begin("log");
    for (std::size_t e = 0; e <= last_; ++e) {
      const std::size_t begin = e;
      while (e <= last_ && limits.only_decisive && !decisive_.contains(e)) ++e;
      if (e > begin) {
        out.say(fmt::format("({} events left out here)", e - begin));
      }
      if (e <= last_) write_event(out, e, limits);
    }
    out.end();
    out.begin("candidates");
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      out.say(
          fmt::format("candidate {}: does the call of event {} depend on the result of event {}"
                      " through this value?",
                      i + 1, places_[i].destination + 1, places_[i].source + 1));
      out.quote(candidates_[i].value, kMaxValueShown);
    }
    out.end();
    return out;
  }

 private:
  struct Places {
    std::size_t source;  // events
    std::size_t destination;
  };

  void write_event(FencedText& out, std::size_t e, const LogLimits& limits) const {
    const Event& event = events_[e];
    const auto left_out = [&](std::size_t bytes) {
      if (bytes > 0) out.say(fmt::format("({} bytes left out here)", bytes));
    };
    out.say(fmt::format("event {}: {}", e + 1, event.kind));
    const auto& values = limits.only_decisive ? decisive_.at(e) : values_;
    std::size_t shown_to = 0;
    for (const Stretch& part : stretches_of(event, values, limits)) {
      left_out(part.begin - shown_to);
      if (part.end > part.begin) {
        out.quote(std::string_view(event.text).substr(part.begin, part.end - part.begin));
      }
      shown_to = part.end;
    }
    left_out(event.text.size() - shown_to);
  }

  std::vector<Event> events_;
  std::span<const Dependency> candidates_;
  std::vector<Places> places_;  // per candidate
  std::set<std::string_view> values_;
  // The events that decide, and for the sake of which values.
  std::map<std::size_t, std::set<std::string_view>> decisive_;
  std::size_t last_ = 0;  // event
};

}  // namespace

std::size_t find_value(std::string_view lowered, std::string_view value, std::size_t from) {
  const auto is_word = [](char c) { return is_ascii_lower(c) || is_ascii_digit(c); };
  for (std::size_t at = lowered.find(value, from); at != std::string_view::npos;
       at = lowered.find(value, at + 1)) {
    const std::size_t end = at + value.size();
    const bool starts = at == 0 || !is_word(lowered[at - 1]);
    if (starts && (end == lowered.size() || !is_word(lowered[end]))) return at;
  }
  return std::string_view::npos;
}

std::string dependency_message(const Trajectory& trajectory, std::span<const Dependency> candidates,
                               std::size_t max_bytes) {
  const DependencyMessage message(trajectory, candidates);
  for (const LogLimits& limits : kLadder) {
    const FencedText shown = message.show(limits);
    if (shown.size() <= max_bytes) return shown.text();
  }
  return message.show(std::end(kLadder)[-1]).text();
}

}  // namespace agentecho::judges
