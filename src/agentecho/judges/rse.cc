#include "agentecho/judges/rse.h"

#include <fmt/format.h>

#include <utility>

#include "agentecho/judges/fenced_text.h"
#include "agentecho/judges/prompts.h"
#include "agentecho/judges/request.h"
#include "agentecho/judges/shown_items.h"
#include "agentecho/judges/visible_text.h"
#include "agentecho/metrics/rps/items.h"

namespace agentecho::judges {

namespace {

constexpr std::string_view kRsePurpose = "rse";

using Pair = std::pair<const Trajectory*, const Trajectory*>;

std::vector<std::string_view> responses_of(const Trajectory& trajectory) {
  std::vector<std::string_view> responses;
  for (const rps::Item& item : rps::items_of(trajectory)) {
    if (item.kind == rps::ItemKind::kResponse) responses.push_back(item.text);
  }
  return responses;
}

void write_responses(FencedText& out, const std::vector<std::string_view>& responses,
                     const Pair& pair, const ShownLimits& limits) {
  show_at_most(limits.items, responses.size(), "responses", out, [&](std::size_t i) {
    out.say(fmt::format("response {} of {}", i + 1, responses.size()));
    out.quote(without_name(without_name(responses[i], pair.first->model), pair.second->model),
              limits.item_bytes);
  });
}

std::string user_message(const Pair& pair) {
  const std::vector<std::string_view> first = responses_of(*pair.first);
  const std::vector<std::string_view> second = responses_of(*pair.second);
  return shown_within(kMaxShownBytes, [&](const ShownLimits& limits) {
    FencedText out(kRsePurpose);
    out.begin("side 1");
    write_responses(out, first, pair, limits);
    out.end();
    out.begin("side 2");
    write_responses(out, second, pair, limits);
    out.end();
    return out;
  });
}

}  // namespace

RseJudge::RseJudge(JudgeSettings settings, Asker& asker)
    : settings_(std::move(settings)), asker_(asker) {}

std::string RseJudge::name() const { return judge_name(settings_, rse_prompt()); }

std::vector<Result<RseScore>> RseJudge::judge(std::span<const Pair> pairs) const {
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!responses_of(*pairs[i].first).empty() && !responses_of(*pairs[i].second).empty()) {
      asked.push_back(i);
    }
  }
  const auto outcomes = asker_.ask(kRsePurpose, asked.size(), [&](std::size_t i) {
    return make_request(settings_, rse_prompt(), user_message(pairs[asked[i]]), "similarity",
                        std::string(rse_schema()));
  });
  std::vector<Result<RseScore>> scores(
      pairs.size(), fail(ErrorKind::kFailed, "one side has no response to compare"));
  for (std::size_t i = 0; i < asked.size(); ++i) {
    Result<RseScore>& score = scores[asked[i]];
    if (!outcomes) {
      score = Unexpected(outcomes.error());
    } else if ((*outcomes)[i].kind != llm::OutcomeKind::kScored) {
      score = Unexpected(no_verdict((*outcomes)[i]));
    } else {
      score = read_rse((*outcomes)[i].reply.json);
    }
  }
  return scores;
}

}  // namespace agentecho::judges
