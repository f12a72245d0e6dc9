#include "agentecho/judges/annotator.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "agentecho/judges/fenced_text.h"
#include "agentecho/judges/replies.h"
#include "agentecho/judges/request.h"
#include "agentecho/judges/shown_items.h"
#include "agentecho/judges/visible_text.h"

namespace agentecho::judges {

namespace {

constexpr std::string_view kStagesPurpose = "stages";
constexpr std::size_t kContextMessages = 8;  // shown before the first item and after the last

// Items [first, first + count) of one trajectory.
struct StageQuestion {
  std::size_t request = 0;
  std::size_t first = 0;
  std::size_t count = 0;
};

std::vector<StageQuestion> questions_of(std::span<const rps::AnnotationRequest> requests) {
  std::vector<StageQuestion> questions;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const std::size_t items = requests[i].items->size();
    for (std::size_t first = 0; first < items; first += kItemsPerQuestion) {
      questions.push_back({i, first, std::min(kItemsPerQuestion, items - first)});
    }
  }
  return questions;
}

// The part of a trajectory that one question shows.
class Log {
 public:
  Log(const rps::AnnotationRequest& request, const StageQuestion& question)
      : trajectory_(*request.trajectory), items_(*request.items), question_(question) {}

  void write(FencedText& out, const ShownLimits& limits) const {
    const auto first = items_[question_.first].message;
    const auto last = items_[question_.first + question_.count - 1].message;
    const std::size_t from = first - std::min<std::size_t>(first, kContextMessages);
    const std::size_t to = std::min(trajectory_.messages.size(), last + kContextMessages + 1);
    std::size_t item = 0;
    for (std::size_t m = from; m < to; ++m) {
      while (item < items_.size() && items_[item].message < m) ++item;
      if (is_far(m, item, limits)) {
        const std::size_t begin = m;
        while (m + 1 < to && is_far(m + 1, item, limits)) ++m;
        out.say(fmt::format("({} messages left out here)", m + 1 - begin));
        continue;
      }
      write_message(out, m, item, limits);
    }
  }

 private:
  // Whether message m, with items from `item` on at or after it, is deep inside a long stretch
  // without items.
  bool is_far(std::size_t m, std::size_t item, const ShownLimits& limits) const {
    const std::size_t reach = std::min(limits.calls, kContextMessages);
    const bool far_from_next = item >= items_.size() || items_[item].message > m + reach;
    const bool far_from_previous = item == 0 || items_[item - 1].message + reach < m;
    return far_from_next && far_from_previous;
  }

  void write_message(FencedText& out, std::size_t m, std::size_t item,
                     const ShownLimits& limits) const {
    const Message& message = trajectory_.messages[m];
    switch (message.role) {
      case Role::kSystem:
        return;  // a policy is long and the same for everybody
      case Role::kUser:
        write_text(out, rps::is_user_turn(trajectory_, m) ? "user" : "remark of the harness",
                   message.text, limits.context_bytes);
        break;
      case Role::kTool:
        write_text(
            out,
            message.requestor == Requestor::kUser ? "result of a tool of the user" : "tool result",
            message.text, limits.call_text);
        return;
      case Role::kAssistant:
        for (; item < items_.size() && items_[item].message == m; ++item)
          write_item(out, item, limits);
        break;
    }
    write_calls(out, message, limits);
  }

  void write_item(FencedText& out, std::size_t item, const ShownLimits& limits) const {
    const std::string_view kind = name(items_[item].kind);
    const bool asked = item >= question_.first && item < question_.first + question_.count;
    write_text(out,
               asked ? fmt::format("item {} ({})", item, kind)
                     : fmt::format("agent ({}), not to be labelled", kind),
               items_[item].text, asked ? limits.item_bytes : limits.context_bytes);
  }

  void write_calls(FencedText& out, const Message& message, const ShownLimits& limits) const {
    const auto calls = trajectory_.calls_of(message);
    show_at_most(limits.calls, calls.size(), "calls", out, [&](std::size_t i) {
      write_text(out,
                 calls[i].requestor == Requestor::kUser ? "tool call of the user" : "tool call",
                 fmt::format("{}({})", calls[i].name, calls[i].arguments), limits.call_text);
    });
  }

  static void write_text(FencedText& out, std::string_view head, std::string_view text,
                         std::size_t max_bytes) {
    if (text.empty()) return;
    out.say(head);
    out.quote(text, max_bytes);
  }

  const Trajectory& trajectory_;
  const std::vector<rps::Item>& items_;
  const StageQuestion& question_;
};

std::string user_message(const rps::Taxonomy& taxonomy, const rps::AnnotationRequest& request,
                         const StageQuestion& question) {
  return shown_within(kMaxShownBytes, [&](const ShownLimits& limits) {
    FencedText out(kStagesPurpose);
    out.say(visible_line(fmt::format("Stages: {}", fmt::join(taxonomy.stages, ", "))));
    out.say(
        fmt::format("Label items {} to {}.", question.first, question.first + question.count - 1));
    out.begin("transcript");
    Log(request, question).write(out, limits);
    out.end();
    return out;
  });
}

}  // namespace

LlmAnnotator::LlmAnnotator(rps::Taxonomy taxonomy, JudgeSettings settings, Asker& asker)
    : taxonomy_(std::move(taxonomy)), settings_(std::move(settings)), asker_(asker) {}

std::string LlmAnnotator::name() const { return judge_name(settings_, stages_prompt()); }

std::vector<Result<rps::StageLabels>> LlmAnnotator::annotate(
    std::span<const rps::AnnotationRequest> requests) const {
  const std::vector<StageQuestion> questions = questions_of(requests);
  const std::string schema = stages_schema(taxonomy_);
  const auto outcomes = asker_.ask(kStagesPurpose, questions.size(), [&](std::size_t i) {
    llm::ChatRequest request = make_request(
        settings_, stages_prompt(),
        user_message(taxonomy_, requests[questions[i].request], questions[i]), "stages", schema);
    request.numbered = {"labels", "item", questions[i].first, questions[i].count};
    return request;
  });
  std::vector<Result<rps::StageLabels>> labels;
  for (const rps::AnnotationRequest& request : requests) {
    labels.emplace_back(rps::StageLabels(request.items->size(), rps::kNoStage));
  }
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const StageQuestion& question = questions[i];
    Result<rps::StageLabels>& of_trajectory = labels[question.request];
    if (!outcomes) {
      of_trajectory = Unexpected(outcomes.error());
      continue;
    }
    const llm::Outcome& outcome = (*outcomes)[i];
    if (outcome.kind != llm::OutcomeKind::kScored) {
      of_trajectory = Unexpected(no_verdict(outcome));
      continue;
    }
    const auto reply = read_stages(outcome.reply.json, taxonomy_, question.first, question.count);
    if (!reply) {
      of_trajectory = Unexpected(reply.error());
      continue;
    }
    counts_.items += question.count;
    counts_.missing += reply->missing;
    counts_.repeated += reply->repeated;
    counts_.unknown += reply->unknown;
    for (std::size_t item = 0; item < question.count; ++item) {
      if (!reply->values[item]) continue;
      ++counts_.labelled;
      if (of_trajectory) (*of_trajectory)[question.first + item] = *reply->values[item];
    }
  }
  return labels;
}

}  // namespace agentecho::judges
