#include "agentecho/study/compare_verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "agentecho/base/words.h"
#include "agentecho/corpus/tool_split.h"

namespace agentecho {

namespace {

struct Ranking {
  std::size_t metric = 0;
  std::vector<const PairResult*> pairs;  // those with a score, best first; nobody with itself
};

Ranking rank(const CompareResults& results, std::size_t metric) {
  Ranking ranking{metric, {}};
  for (const PairResult& pair : results.pairs) {
    if (!pair.is_self() && pair.estimates[metric].value) ranking.pairs.push_back(&pair);
  }
  std::stable_sort(ranking.pairs.begin(), ranking.pairs.end(),
                   [&](const PairResult* x, const PairResult* y) {
                     return *x->estimates[metric].value > *y->estimates[metric].value;
                   });
  return ranking;
}

std::string score_of(const CompareResults& results, const PairResult& pair, std::size_t metric) {
  const Estimate& e = pair.estimates[metric];
  const int digits = results.metrics.metrics[metric].digits;
  std::string text = fixed(*e.value, digits);
  if (e.interval) {
    text += fmt::format(" [{} {}]", fixed(e.interval->low, 2), fixed(e.interval->high, 2));
  }
  return text;
}

std::string pair_name(const CompareResults& results, const PairResult& pair) {
  if (results.reference.empty()) return fmt::format("{} and {}", pair.a, pair.b);
  return pair.a == results.reference ? pair.b : pair.a;
}

bool same_pair(const PairResult& x, const PairResult& y) { return x.a == y.a && x.b == y.b; }

// How many pairs have the score of the first.
std::size_t tied_for_first(const Ranking& ranking) {
  const auto value = [&](const PairResult* pair) { return *pair->estimates[ranking.metric].value; };
  return static_cast<std::size_t>(std::count_if(
      ranking.pairs.begin(), ranking.pairs.end(),
      [&](const PairResult* pair) { return value(pair) >= value(ranking.pairs.front()); }));
}

// Which pair is most alike by the score that leads.
std::string lead_text(const CompareResults& results, const Ranking& lead) {
  const PairResult& first = *lead.pairs.front();
  const Metric& metric = results.metrics.metrics[lead.metric];
  const std::string& title = metric.title;
  const std::size_t tied = tied_for_first(lead);
  if (tied > 1 && tied == lead.pairs.size()) {
    return fmt::format("{} tells nobody apart: {} of all {} pairs.", title,
                       fixed(*first.estimates[lead.metric].value, metric.digits),
                       lead.pairs.size());
  }
  std::string text = lead.pairs.size() == 1
                         ? fmt::format("{} of {} and {}", title, first.a, first.b)
                     : results.reference.empty()
                         ? fmt::format("Most alike by {}: {}", title, pair_name(results, first))
                         : fmt::format("Most like {} by {}: {}", results.reference, title,
                                       pair_name(results, first));
  text += fmt::format("{} {} on {}", lead.pairs.size() == 1 ? ":" : ",",
                      score_of(results, first, lead.metric),
                      counted(first.estimates[lead.metric].n_tasks, "task", "tasks"));
  if (tied > 1) text += fmt::format(", as {}", counted(tied - 1, "other", "others"));
  if (lead.pairs.size() > 2) {
    const PairResult& middle = *lead.pairs[lead.pairs.size() / 2];
    text += fmt::format(" (the {} in the middle of the order has {})",
                        results.reference.empty() ? "pair" : "model",
                        fixed(*middle.estimates[lead.metric].value, metric.digits));
  }
  return text + ".";
}

std::string found_text(const CompareResults& results, const Ranking& lead) {
  const PairResult& first = *lead.pairs.front();
  const bool all_tied = lead.pairs.size() > 1 && tied_for_first(lead) == lead.pairs.size();
  std::string text = lead_text(results, lead);
  for (const char* other : {"calibrated_ags", "rps"}) {
    const auto metric = results.metrics.find(other);
    if (!metric || *metric == lead.metric) continue;
    const Ranking ranking = rank(results, *metric);
    if (ranking.pairs.empty() || lead.pairs.size() == 1) continue;
    const PairResult& top = *ranking.pairs.front();
    const char* by = std::string_view(other) == "rps" ? "By wording (RPS)" : "Corrected for chance";
    const std::size_t level = tied_for_first(ranking);
    if (level > 1) {
      text += fmt::format(
          " {}: {} of {} pairs have the highest score, {}.", by, level, ranking.pairs.size(),
          fixed(*top.estimates[*metric].value, results.metrics.metrics[*metric].digits));
      continue;
    }
    text += same_pair(top, first) && !all_tied
                ? fmt::format(" {} the same comes first, {}.", by, score_of(results, top, *metric))
                : fmt::format(" {}: {}, {}.", by, pair_name(results, top),
                              score_of(results, top, *metric));
  }
  return text;
}

std::string sureness_text(const CompareResults& results, const Ranking& lead) {
  const PairResult& first = *lead.pairs.front();
  const Estimate& best = first.estimates[lead.metric];
  std::string text;
  if (results.metrics.find("ags")) {
    text = small_pool_note(results.provenance.pool.size()).value_or("");
    if (!text.empty()) text += ' ';
  }
  if (best.interval && lead.pairs.size() > 1) {
    const auto within =
        std::count_if(lead.pairs.begin() + 1, lead.pairs.end(), [&](const PairResult* pair) {
          return *pair->estimates[lead.metric].value >= best.interval->low;
        });
    const std::string interval =
        fmt::format("the {:g} % interval of the first", 100 * results.provenance.bootstrap.level);
    text += fmt::format("By {} ", results.metrics.metrics[lead.metric].title);
    text += within == 0
                ? fmt::format("no other comes into {}.", interval)
                : fmt::format("{} within {}, so the first place is open.",
                              within == 1 ? "one other lies" : fmt::format("{} others lie", within),
                              interval);
  }
  if (best.n_tasks < kFewTasks) {
    if (!text.empty() && text.back() != ' ') text += ' ';
    text += fmt::format("Fewer than {} tasks carry it: too few to rely on.", kFewTasks);
  }
  if (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

std::string basis_text(const CompareResults& results) {
  const bool self = std::any_of(results.pairs.begin(), results.pairs.end(),
                                [](const PairResult& pair) { return pair.is_self(); });
  std::string text = fmt::format(
      "It rests on {} of {} on {}", counted(results.compared, "run", "runs"),
      counted(results.models.size(), "model", "models"), counted(results.n_tasks, "task", "tasks"));
  text += self ? "; models with several runs of a task are set against themselves below."
          : results.several_runs
              ? "; how much a model differs from itself is not asked here (it is without "
                "--reference)."
              : "; with one run of each task nothing says how much a model differs from itself.";
  return text;
}

// Pairs of two models.
struct TwoModelPairs {
  std::size_t all = 0;
  std::size_t with_tasks = 0;
  std::size_t withheld = 0;  // from whom the score that leads is
};

TwoModelPairs two_model_pairs(const CompareResults& results) {
  const std::size_t lead = results.metrics.lead();
  TwoModelPairs pairs;
  for (const PairResult& pair : results.pairs) {
    if (pair.is_self()) continue;
    ++pairs.all;
    pairs.with_tasks += pair.rows.tasks.empty() ? 0 : 1;
    pairs.withheld += pair.is_withheld(lead) ? 1 : 0;
  }
  return pairs;
}

// Why no pair of two models has the score that leads.
std::string nothing_text(const CompareResults& results, const TwoModelPairs& pairs) {
  const std::string& title = results.metrics.metrics[results.metrics.lead()].title;
  if (pairs.all == 0) return "One model is compared with itself, run against run of the same task.";
  if (pairs.with_tasks == 0) {
    return "No two of these models have a task in common, so nothing can be compared.";
  }
  if (pairs.withheld > 0) {
    return fmt::format(
        "{} is withheld from {}: fewer than {:g} % of what was asked for it was answered.", title,
        pairs.withheld == pairs.all ? counted(pairs.all, "pair", "pairs")
                                    : fmt::format("{} of {} pairs, and undefined for the others",
                                                  pairs.withheld, pairs.all),
        100 * results.metrics.least_coverage);
  }
  return fmt::format("{} is defined for no pair: {}.", title,
                     results.metrics.find("ags") ? results.nothing_optional
                                                 : "no common task has what it looks at");
}

// The closer look at a pair. A reference is compared though --models does not name it; the command
// suggested takes no others than those named.
std::vector<std::string> next_for(const CompareResults& results, const PairResult& pair) {
  std::vector<std::string> next = {"agentecho", "explain", pair.a, pair.b, "PATHS"};
  if (!results.reference_added) return next;
  for (const std::string& named : results.provenance.filter.models) {
    next.insert(next.end(), {"--models", named});
  }
  next.insert(next.end(), {"--models", results.reference});
  return next;
}

}  // namespace

VerdictParagraph compare_verdict(const CompareResults& results) {
  VerdictParagraph verdict;
  const Ranking lead = rank(results, results.metrics.lead());
  if (!lead.pairs.empty()) {
    verdict.found = found_text(results, lead);
    verdict.sureness = sureness_text(results, lead);
    verdict.basis = basis_text(results);
    verdict.elsewhere =
        "A score says how alike two models are, not whether that is unusual: `agentecho evidence` "
        "does, against all pairs (docs/which-number.md).";
    verdict.next = next_for(results, *lead.pairs.front());
    return verdict;
  }
  const TwoModelPairs pairs = two_model_pairs(results);
  verdict.found = nothing_text(results, pairs);
  if (pairs.all == 0 && results.metrics.find("ags")) {
    verdict.sureness = small_pool_note(results.provenance.pool.size()).value_or("");
  }
  verdict.basis = basis_text(results);
  if (pairs.withheld > 0) return verdict;  // the logs are not at fault
  verdict.next = pairs.all > 0 ? std::vector<std::string>{"agentecho", "inspect", "PATHS"}
                               : std::vector<std::string>{"agentecho", "drift", "--help"};
  return verdict;
}

}  // namespace agentecho
