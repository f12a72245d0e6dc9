#include "agentecho/judges/pair_judge.h"

#include <fmt/format.h>

#include <cassert>
#include <optional>
#include <utility>

#include "agentecho/judges/fenced_text.h"
#include "agentecho/judges/prompts.h"
#include "agentecho/judges/replies.h"
#include "agentecho/judges/request.h"
#include "agentecho/judges/shown_items.h"
#include "agentecho/judges/visible_text.h"

namespace agentecho::judges {

namespace {

constexpr std::string_view kPairsPurpose = "pairs";

using Edit = std::function<std::string(std::string_view)>;

void write_item(FencedText& out, const rps::StageBlock& block, std::size_t i,
                const ShownLimits& limits, const Edit& edit) {
  const auto calls_of = [&](std::string_view head, rps::CallRange range) {
    bool any = false;
    rps::for_each_agent_call(*block.trajectory, range, [&](const ToolCall&) { any = true; });
    if (!any) return;
    out.say(head);
    quote_calls(out, *block.trajectory, range, limits, edit);
  };
  const rps::Item& item = (*block.items)[block.numbers[i]];
  // What stands between two items that follow each other is shown once, after the first; the calls
  // of a message with reasoning and text are shown after the text.
  const auto shown_with = [&](const rps::Item& previous) {
    return previous.message == item.message ||
           (previous.after.begin == item.before.begin && previous.after.end == item.before.end);
  };
  const bool follows = i > 0 && block.numbers[i - 1] + 1 == block.numbers[i];
  if (!follows || !shown_with((*block.items)[block.numbers[i - 1]])) {
    calls_of("calls before it", item.before);
  }
  out.say(fmt::format("item {} of {} ({})", i + 1, block.numbers.size(), name(item.kind)));
  out.quote(edit(item.text), limits.item_bytes);
  const bool goes_on = i + 1 < block.numbers.size() &&
                       block.numbers[i] + 1 == block.numbers[i + 1] &&
                       (*block.items)[block.numbers[i + 1]].message == item.message;
  if (!goes_on) calls_of("calls after it", item.after);
}

void write_side(FencedText& out, const rps::StageBlock& block, const ShownLimits& limits,
                const Edit& edit) {
  show_at_most(limits.items, block.numbers.size(), "items", out,
               [&](std::size_t i) { write_item(out, block, i, limits, edit); });
}

std::string user_message(Framing framing, const rps::StageBlock& first,
                         const rps::StageBlock& second) {
  const Edit edit = [&](std::string_view text) {
    if (framing == Framing::kPaper) return std::string(text);
    return without_name(without_name(text, first.trajectory->model), second.trajectory->model);
  };
  return shown_within(kMaxShownBytes, [&](const ShownLimits& limits) {
    FencedText out(
        fmt::format("{} {}", kPairsPurpose, framing == Framing::kPaper ? "paper" : "neutral"));
    out.say(fmt::format("Stage: {}", visible_line(first.stage)));
    int number = 1;
    for (const rps::StageBlock* side : {&first, &second}) {
      out.begin(fmt::format("side {}", number++));
      if (framing == Framing::kPaper) {
        out.say("model");
        out.quote(side->trajectory->model, 200);
      }
      write_side(out, *side, limits, edit);
      out.end();
    }
    return out;
  });
}

rps::PairScore sum(const rps::PairScore& a, const rps::PairScore& b) {
  return {a.style + b.style, a.structure + b.structure, a.alignment + b.alignment,
          a.overall + b.overall};
}

rps::PairScore divided(const rps::PairScore& score, double by) {
  return {score.style / by, score.structure / by, score.alignment / by, score.overall / by};
}

}  // namespace

LlmJudge::LlmJudge(JudgeSettings settings, Options options, Asker& asker)
    : settings_(std::move(settings)), options_(options), asker_(asker) {
  assert(options_.repeats >= 1);
}

std::string LlmJudge::name() const {
  std::string text = judge_name(settings_, pair_prompt(options_.framing));
  if (options_.swap) text += " swapped";
  if (options_.repeats > 1) text += fmt::format(" x{}", options_.repeats);
  return text;
}

llm::ChatRequest LlmJudge::request(const rps::BlockPair& pair, const Asking& asking) const {
  assert(pair.a.trajectory != nullptr && pair.a.items != nullptr);
  assert(pair.b.trajectory != nullptr && pair.b.items != nullptr);
  const bool swapped = asking.side_order == 1;
  llm::ChatRequest request = make_request(
      settings_, pair_prompt(options_.framing),
      user_message(options_.framing, swapped ? pair.b : pair.a, swapped ? pair.a : pair.b),
      "similarity", std::string(pair_schema()));
  request.side_order = asking.side_order;
  request.repeat_index = asking.repeat;
  return request;
}

std::vector<Result<rps::PairScore>> LlmJudge::ask(std::span<const rps::BlockPair> pairs,
                                                  std::span<const Asking> askings) const {
  const std::size_t count = pairs.size() * askings.size();
  std::vector<Result<rps::PairScore>> scores;
  scores.reserve(count);
  const auto outcomes = asker_.ask(kPairsPurpose, count, [&](std::size_t i) {
    return request(pairs[i % pairs.size()], askings[i / pairs.size()]);
  });
  for (std::size_t i = 0; i < count; ++i) {
    if (!outcomes) {
      scores.emplace_back(Unexpected(outcomes.error()));
    } else if ((*outcomes)[i].kind != llm::OutcomeKind::kScored) {
      scores.emplace_back(Unexpected(no_verdict((*outcomes)[i])));
    } else {
      scores.push_back(read_pair((*outcomes)[i].reply.json));
    }
  }
  return scores;
}

std::vector<Result<rps::PairScore>> LlmJudge::judge_once(std::span<const rps::BlockPair> pairs,
                                                         const Asking& asking) const {
  return ask(pairs, std::span(&asking, 1));
}

std::vector<Result<rps::PairScore>> LlmJudge::judge(std::span<const rps::BlockPair> pairs) const {
  const int orders = options_.swap ? 2 : 1;
  std::vector<Asking> askings;
  for (int order = 0; order < orders; ++order) {
    for (int repeat = 0; repeat < options_.repeats; ++repeat) askings.push_back({order, repeat});
  }
  const std::vector<Result<rps::PairScore>> answers = ask(pairs, askings);

  std::vector<Result<rps::PairScore>> scores;
  scores.reserve(pairs.size());
  for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
    Result<rps::PairScore> score = rps::PairScore{};
    for (int order = 0; order < orders && score; ++order) {
      rps::PairScore of_order;
      int n = 0;
      std::optional<Error> error;
      for (std::size_t k = 0; k < askings.size(); ++k) {
        if (askings[k].side_order != order) continue;
        const Result<rps::PairScore>& answer = answers[k * pairs.size() + pair];
        if (answer) {
          of_order = sum(of_order, *answer);
          ++n;
        } else if (!error) {
          error = answer.error();
        }
      }
      score =
          n > 0 ? Result<rps::PairScore>(sum(*score, divided(of_order, n))) : Unexpected(*error);
    }
    scores.push_back(score ? divided(*score, orders) : std::move(score));
  }
  return scores;
}

}  // namespace agentecho::judges
