#include "agentecho/readers/dialects/run_end.h"

#include <algorithm>
#include <string>
#include <vector>

#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/listed_results.h"
#include "agentecho/readers/dialects/replace_messages.h"
#include "agentecho/readers/dialects/text_calls.h"
#include "agentecho/readers/written/thoughts.h"

namespace agentecho::dialects {
namespace {

bool is_proxy(std::string_view name) {
  const std::string lower = ascii_lowered(name);
  return lower.find("user") != std::string::npos || lower.find("human") != std::string::npos ||
         lower == "admin" || lower.find("proxy") != std::string::npos;
}

// Groups of agents (AutoGen): the role says only who of them kept the log, so that the user's proxy
// may be its "assistant" and agents its "users". Where the names say it, they count.
void give_agents_their_role(Trajectory& t, const std::vector<NamedSpeaker>& speakers) {
  if (speakers.empty()) return;
  const bool any_assistant =
      std::any_of(t.messages.begin(), t.messages.end(),
                  [](const Message& message) { return message.role == Role::kAssistant; });
  bool turned_round = false;
  bool named_agent = false;
  for (const NamedSpeaker& speaker : speakers) {
    const Message& message = t.messages[speaker.message];
    turned_round = turned_round || (message.role == Role::kAssistant && is_proxy(speaker.name));
    named_agent = named_agent || !is_proxy(speaker.name);
  }
  const bool proxy_alone = turned_round && named_agent;
  if (!proxy_alone && (any_assistant || !named_agent)) return;
  for (const NamedSpeaker& speaker : speakers) {
    Message& message = t.messages[speaker.message];
    const bool agent = !is_proxy(speaker.name);
    message.role = agent ? Role::kAssistant : Role::kUser;
    message.requestor = agent ? Requestor::kAgent : Requestor::kUser;
    for (std::uint32_t c = 0; c < message.n_calls; ++c) {
      t.calls[message.first_call + c].requestor = message.requestor;
    }
  }
}

void insert_message(Trajectory& t, std::size_t at, const Message& message) {
  t.messages.insert(t.messages.begin() + static_cast<std::ptrdiff_t>(at), message);
  for (ToolCall& call : t.calls) call.message += call.message >= static_cast<std::int32_t>(at);
}

// What the agent was asked, where it is the first to speak and nobody else speaks but tools.
void add_question(Trajectory& t, std::string_view question) {
  const auto first = std::find_if(t.messages.begin(), t.messages.end(),
                                  [](const Message& m) { return m.role != Role::kSystem; });
  const bool asked =
      std::any_of(first, t.messages.end(), [](const Message& m) { return m.role == Role::kUser; });
  if (question.empty() || asked || first == t.messages.end()) return;
  Message message;
  message.text = question;
  message.requestor = Requestor::kUser;
  insert_message(t, static_cast<std::size_t>(first - t.messages.begin()), message);
}

// The policy becomes the first message unless the log has a system message.
void add_system_text(Trajectory& t, std::string_view policy) {
  const bool has_system = std::any_of(t.messages.begin(), t.messages.end(),
                                      [](const Message& m) { return m.role == Role::kSystem; });
  if (policy.empty() || has_system) return;
  Message system;
  system.role = Role::kSystem;
  system.text = policy;
  insert_message(t, 0, system);
}

void move_thoughts_out_of_text(Message& message, TextArena& arena) {
  const auto split = written::split_thoughts(message.text);
  if (!split) return;
  std::vector<std::string_view> reasoning = {message.reasoning};
  reasoning.insert(reasoning.end(), split->thoughts.begin(), split->thoughts.end());
  message.reasoning = joined(reasoning, 0, arena);
  message.text = arena.copy(split->text);
}

// Results that stand in their calls, where no message answers those, become messages behind the one
// that issued the call.
void add_inline_results(Trajectory& t, std::vector<InlineResult>& results, ResultLinker& linker,
                        RecordNotes& notes) {
  std::erase_if(results, [&](const InlineResult& result) {
    return result.call >= t.calls.size() || t.calls[result.call].result_message != kNone;
  });
  if (results.empty()) return;
  auto next = results.begin();
  replace_messages(t, [&](std::size_t, Message message, std::vector<Message>& messages) {
    const std::uint32_t last_call = message.first_call + message.n_calls;
    message.answers = kNone;
    messages.push_back(message);
    for (; next != results.end() && next->call < last_call; ++next) {
      messages.push_back(message_of(*next, t, last_call));
    }
  });
  for (ToolCall& call : t.calls) call.result_message = kNone;
  notes.results_without_call = 0;
  linker.link(t, notes);
}

}  // namespace

void end_run(MessageBuilder& message, ResultLinker& linker, std::string_view policy,
             std::string_view question) {
  message.settle_thoughts();
  Trajectory& t = message.trajectory();
  RecordNotes& notes = message.notes();
  give_agents_their_role(t, message.named_speakers());
  add_question(t, question);
  add_system_text(t, policy);
  for (Message& said : t.messages) {
    if (said.role == Role::kAssistant) move_thoughts_out_of_text(said, t.arena);
  }
  read_text_calls(t, message.call_writer(), notes);
  split_listed_results(t);
  linker.link(t, notes);
  add_inline_results(t, message.inline_results(), linker, notes);
}

}  // namespace agentecho::dialects
