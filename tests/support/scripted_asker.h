// An Asker in memory, and requests taken apart again.
#pragma once

#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/judges/asker.h"
#include "agentecho/judges/replies.h"
#include "agentecho/llm/json_text.h"
#include "agentecho/metrics/rps/annotator.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho::judges::testing {

inline llm::Outcome failure(llm::OutcomeKind kind, std::string detail = "why") {
  llm::Outcome outcome;
  outcome.kind = kind;
  outcome.detail = std::move(detail);
  return outcome;
}

// Answers with what a model would say; the reply is held against the request's schema as the real
// chain does it. Every request must satisfy llm::check.
class ScriptedAsker final : public Asker {
 public:
  using Script = std::function<std::string(const llm::ChatRequest&, std::size_t index)>;

  explicit ScriptedAsker(Script script) : script_(std::move(script)) {}
  explicit ScriptedAsker(const std::string& reply)
      : script_([reply](const llm::ChatRequest&, std::size_t) { return reply; }) {}

  std::vector<llm::ChatRequest> requests;  // of all calls
  std::vector<std::string> purposes;       // one per call
  std::set<std::size_t> failing;           // indices that get `failed_as`
  llm::OutcomeKind failed_as = llm::OutcomeKind::kRefused;
  bool broken = false;  // cannot ask at all

 private:
  Result<std::vector<llm::Outcome>> outcomes_of(std::string_view purpose, std::size_t count,
                                                const llm::RequestSource& source) override {
    purposes.emplace_back(purpose);
    if (broken) return fail(ErrorKind::kUsage, "no endpoint");
    std::vector<llm::Outcome> outcomes;
    for (std::size_t i = 0; i < count; ++i) {
      const llm::ChatRequest request = source(i);
      if (const auto checked = llm::check(request); !checked) return Unexpected(checked.error());
      requests.push_back(request);
      if (failing.contains(i)) {
        outcomes.push_back(failure(failed_as));
        continue;
      }
      const std::string said = script_(request, i);
      const auto json = llm::ReplySchema::make(request.schema)->extract(said);
      llm::Outcome outcome;
      outcome.kind = json ? llm::OutcomeKind::kScored : llm::OutcomeKind::kUnparseable;
      if (json) {
        outcome.reply.content = said;
        outcome.reply.json = *json;
      } else {
        outcome.detail = json.error().message;
      }
      outcomes.push_back(std::move(outcome));
    }
    return outcomes;
  }

  Script script_;
};

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// A user message: what is ours, what is quoted, which fences.
struct TakenApart {
  std::vector<std::string> ours;    // lines that are neither fence nor quoted
  std::string quoted;               // all quoted lines without their prefix
  std::vector<std::string> fences;  // "BEGIN side 1", ...
  std::set<std::string> marks;
};

inline bool is_fence(const std::string& line) {
  return line.starts_with("<<<DATA ") && line.ends_with(">>>");
}

inline TakenApart take_apart(const std::string& message) {
  TakenApart parts;
  for (const std::string& line : lines_of(message)) {
    if (line.starts_with("| ")) {
      parts.quoted += line.substr(2) + "\n";
    } else if (is_fence(line)) {
      parts.marks.insert(line.substr(8, 32));
      parts.fences.push_back(line.substr(41, line.size() - 44));
    } else {
      parts.ours.push_back(line);
    }
  }
  return parts;
}

inline rps::StageBlock block_of(const Trajectory& trajectory, const std::vector<rps::Item>& items,
                                const std::vector<std::uint32_t>& numbers,
                                std::string_view stage = "Execution") {
  return {.stage = stage, .trajectory = &trajectory, .items = &items, .numbers = numbers};
}

// A valid reply of the pair judge.
inline std::string pair_reply(int style, int structure, int alignment, int overall) {
  const std::string side =
      R"({"reasoning":"linear","alignment":"consistent","structure":"free_form"})";
  return R"({"side_1":)" + side + R"(,"side_2":)" + side + R"(,"similarity":{"style":)" +
         std::to_string(style) + R"(,"structure":)" + std::to_string(structure) +
         R"(,"alignment":)" + std::to_string(alignment) + R"(,"overall":)" +
         std::to_string(overall) + R"(},"why":"because"})";
}

}  // namespace agentecho::judges::testing
