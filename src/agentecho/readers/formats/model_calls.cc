#include "agentecho/readers/formats/model_calls.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "agentecho/base/hash.h"
#include "agentecho/readers/dialects/json_peek.h"

namespace agentecho::formats {

namespace {

bool begins_with(const std::vector<SpokenMessage>& longer,
                 const std::vector<SpokenMessage>& shorter) {
  return longer.size() >= shorter.size() &&
         std::equal(shorter.begin(), shorter.end(), longer.begin());
}

void write_messages(const std::vector<SpokenMessage>& messages, RunWriter& runs) {
  for (const SpokenMessage& message : messages) {
    if (!message.as_is.empty()) {
      runs.message_as_is(message.as_is);
      continue;
    }
    if (message.role == "tool" || message.role == "function") {
      runs.result(message.call_id, message.text);
      continue;
    }
    runs.message(message.role == "developer"                       ? "system"
                 : message.role == "ai" || message.role == "model" ? "assistant"
                 : message.role.empty() || message.role == "human"
                     ? "user"
                     : std::string_view(message.role));
    runs.text(message.text);
    runs.reasoning(message.reasoning);
    for (const SpokenCall& call : message.calls) {
      runs.call_with_text(call.id, call.name, call.arguments);
    }
  }
}

// A time as a text that sorts by time among those of its kind: numbers (of seconds or less), and
// ISO 8601 with any number of digits behind the second.
std::string sortable(const std::string& time) {
  constexpr std::size_t kWidth = 24;
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::size_t kSecond = std::string_view("2026-01-02T03:04:05").size();
  const std::size_t whole = std::min(time.find_first_not_of(kDigits), time.size());
  if (whole == time.size() || time[whole] == '.') {
    return std::string(kWidth - std::min(kWidth, whole), '0') + time;
  }
  if (time.size() <= kSecond) return time;
  std::string fraction;
  if (time[kSecond] == '.' || time[kSecond] == ',') {
    const std::size_t end = time.find_first_not_of(kDigits, kSecond + 1);
    fraction = time.substr(kSecond + 1, end == std::string::npos ? end : end - kSecond - 1);
  }
  return time.substr(0, kSecond) + "." + fraction;
}

using Chain = const ModelCall*;  // its last call

// Of the first 0, 1, 2, … messages.
std::vector<std::uint64_t> hashes_of(const std::vector<SpokenMessage>& messages) {
  Hasher hasher;
  std::vector<std::uint64_t> hashes = {hasher.digest().low};
  for (const SpokenMessage& message : messages) {
    for (const std::string* part :
         {&message.role, &message.text, &message.reasoning, &message.call_id, &message.as_is}) {
      hasher.update_field(*part);
    }
    for (const SpokenCall& call : message.calls) {
      for (const std::string* part : {&call.id, &call.name, &call.arguments}) {
        hasher.update_field(*part);
      }
    }
    hashes.push_back(hasher.digest().low);
  }
  return hashes;
}

// What a tool gave, with which no conversation begins.
bool is_result(const SpokenMessage& message) {
  std::string_view role = message.role;
  std::string_view type;
  for (const dialects::PeekedMember& member : dialects::peek_members(message.as_is)) {
    if (member.name == "role") role = dialects::peek_string(member.value);
    if (member.name == "type") type = dialects::peek_string(member.value);
  }
  return role == "tool" || role == "function" || type == "function_call_output";
}

// The call with what came before it, where it was given only the results of that.
std::optional<ModelCall> with_beginning(const ModelCall& call, const ModelCall* before) {
  constexpr std::size_t kMostMessages = 1000;  // each call of a chain copies those before it
  if (before == nullptr || before->output.empty() || call.input.empty() ||
      !is_result(call.input.front()) ||
      before->input.size() + before->output.size() > kMostMessages) {
    return std::nullopt;
  }
  ModelCall whole = call;
  whole.input = before->input;
  whole.input.insert(whole.input.end(), before->output.begin(), before->output.end());
  whole.input.insert(whole.input.end(), call.input.begin(), call.input.end());
  return whole;
}

// The chains of one trace, given its calls in order of time. Those whose last input is a beginning
// of a call's are found by hash; the latest of them goes on. `made` keeps calls that were given
// their beginning.
std::vector<Chain> chains_of(const std::vector<const ModelCall*>& calls,
                             std::deque<ModelCall>& made) {
  std::vector<Chain> chains;
  const ModelCall* before = nullptr;
  std::vector<std::uint64_t> inputs;  // of each chain, the hash of its last input
  std::unordered_map<std::uint64_t, std::set<std::size_t>> by_input;
  for (const ModelCall* call : calls) {
    if (auto whole = with_beginning(*call, before)) call = &made.emplace_back(std::move(*whole));
    before = call;
    const std::vector<std::uint64_t> hashes = hashes_of(call->input);
    std::optional<std::size_t> continued;
    for (const std::uint64_t hash : hashes) {
      const auto found = by_input.find(hash);
      if (found == by_input.end() || found->second.empty()) continue;
      const std::size_t place = *found->second.rbegin();
      if ((!continued || place > *continued) && begins_with(call->input, chains[place]->input)) {
        continued = place;
      }
    }
    if (!continued) {
      continued = chains.size();
      chains.push_back(call);
      inputs.push_back(hashes.back());
    } else {
      by_input[inputs[*continued]].erase(*continued);
      chains[*continued] = call;
      inputs[*continued] = hashes.back();
    }
    by_input[hashes.back()].insert(*continued);
  }
  return chains;
}

void write_trace(const std::vector<const ModelCall*>& calls, const TraceNames* names, bool only_one,
                 RunWriter& runs) {
  std::deque<ModelCall> made;
  const std::vector<Chain> chains = chains_of(calls, made);
  const Chain longest = *std::max_element(chains.begin(), chains.end(), [](Chain a, Chain b) {
    return a->input.size() < b->input.size();
  });
  if (longest->input.empty() && longest->output.empty()) {
    runs.aside(Aside::Kind::kMalformed,
               "traces whose spans hold no messages: recording of contents was not switched on");
    return;
  }
  runs.aside(Aside::Kind::kLeftOut, "conversations beside a trace's longest (sub-agents, titles)",
             chains.size() - 1);
  runs.model(longest->model);
  runs.agent(longest->agent);
  if (!longest->tools.empty()) runs.tools(longest->tools);
  if (names != nullptr) {
    runs.task(names->task);
    for (const auto& [key, json] : names->members) runs.also(key, json);
  } else if (!only_one) {
    runs.task(longest->trace);
  }
  write_messages(longest->input, runs);
  write_messages(longest->output, runs);
  runs.end_run();
}

}  // namespace

void join_text(std::string& all, std::string_view piece) {
  if (piece.empty()) return;
  if (!all.empty()) all += '\n';
  all += piece;
}

void ModelCalls::write(RunWriter& runs) {
  std::map<std::string_view, std::vector<const ModelCall*>> traces;
  for (ModelCall& call : calls_) {
    call.start = sortable(call.start);
    traces[call.trace].push_back(&call);
  }
  for (auto& [trace, calls] : traces) {
    std::stable_sort(calls.begin(), calls.end(),
                     [](const ModelCall* a, const ModelCall* b) { return a->start < b->start; });
    const auto names = names_.find(trace);
    write_trace(calls, names == names_.end() ? nullptr : &names->second, traces.size() == 1, runs);
  }
}

}  // namespace agentecho::formats
