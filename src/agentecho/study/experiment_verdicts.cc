#include "agentecho/study/experiment_verdicts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "agentecho/base/words.h"

namespace agentecho {

namespace {

std::string shown(const Estimate& e, int digits) {
  if (!e.value) return "undefined";
  std::string text = fixed(*e.value, digits);
  if (e.interval) {
    text += fmt::format(" [{} {}]", fixed(e.interval->low, 2), fixed(e.interval->high, 2));
  }
  return text;
}

std::string shown_p(double p) { return p < 0.0001 ? "p < 0.0001" : fmt::format("p = {:.4f}", p); }

const Metric& lead_of(const Study& study) { return study.metrics.metrics[study.metrics.lead()]; }

std::string basis_of(const Corpus& corpus) {
  return fmt::format("It rests on {} of {} on {}.",
                     counted(corpus.trajectories().size(), "run", "runs"),
                     counted(corpus.models().size(), "model", "models"),
                     counted(corpus.tasks().size(), "task", "tasks"));
}

// "0.031 higher"
std::string more_or_less(double difference) {
  const double size = std::abs(difference);
  return fmt::format("{} {}", size < 0.0005 ? "less than 0.001" : fmt::format("{:.3f}", size),
                     difference < 0 ? "lower" : "higher");
}

}  // namespace

VerdictParagraph scores_verdict(const Study& study, std::span<const PairRows> pairs,
                                const std::vector<std::vector<Estimate>>& estimates,
                                std::optional<ModelIndex> reference) {
  const std::size_t lead = study.metrics.lead();
  const int digits = lead_of(study).digits;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (pairs[i].a != pairs[i].b && estimates[i][lead].value) order.push_back(i);
  }
  VerdictParagraph verdict;
  if (order.empty()) return verdict;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    return *estimates[x][lead].value > *estimates[y][lead].value;
  });
  const std::vector<std::string>& models = study.corpus.models();
  const auto name = [&](std::size_t i) {
    if (!reference) return fmt::format("{} and {}", models[pairs[i].a], models[pairs[i].b]);
    return models[pairs[i].a == *reference ? pairs[i].b : pairs[i].a];
  };
  const std::string highest = shown(estimates[order.front()][lead], digits);
  const std::string lowest = shown(estimates[order.back()][lead], digits);
  verdict.found =
      reference ? fmt::format("By {}, {} is most like {}, {}; {} is least like it, {}.",
                              lead_of(study).title, name(order.front()), models[*reference],
                              highest, name(order.back()), lowest)
                : fmt::format("By {}, {} are most alike, {}; {} least, {}.", lead_of(study).title,
                              name(order.front()), highest, name(order.back()), lowest);
  verdict.basis = basis_of(study.corpus);
  verdict.elsewhere = "Whether a similarity is unusual is what `agentecho evidence` asks.";
  verdict.next = {"agentecho", "evidence", "PATHS"};
  return verdict;
}

VerdictParagraph families_verdict(const Study& study, const FamilyResults& results) {
  VerdictParagraph verdict;
  const auto test =
      std::find_if(results.tests.begin(), results.tests.end(),
                   [&](const FamilyTest& t) { return t.metric == study.metrics.lead(); });
  if (test == results.tests.end() || !test->difference) return verdict;
  const GroupDifference& d = *test->difference;
  verdict.found = fmt::format(
      "Pairs within a family have a mean {} {} than others ({:.3f} in {}, {:.3f} in {}).",
      lead_of(study).title, more_or_less(d.difference), d.within_mean,
      counted(d.within_pairs, "pair", "pairs"), d.cross_mean,
      counted(d.cross_pairs, "pair", "pairs"));
  const FamilyTest* best = nullptr;
  std::size_t with_auc = 0;
  for (const FamilyTest& t : results.tests) {
    const auto& auc = t.affinity_auc.auc;
    if (!auc) continue;
    ++with_auc;
    if (best == nullptr || *auc > *best->affinity_auc.auc) best = &t;
  }
  verdict.found +=
      fmt::format(" Relabelling the models gives {} for that difference.", shown_p(d.p.two_sided));
  if (best != nullptr) {
    const FamilyAuc& auc = best->affinity_auc;
    verdict.sureness = fmt::format(
        "What tells families apart best is the affinity of {}: AUC {:.2f} (0.5 is chance{}), the "
        "highest of {} and so a little flattering.",
        study.metrics.metrics[best->metric].title, *auc.auc,
        auc.p_value ? fmt::format("; relabelling gives {}", shown_p(*auc.p_value)) : "",
        counted(with_auc, "metric", "metrics"));
  }
  verdict.basis =
      basis_of(study.corpus) +
      (results.families.guessed ? " Families are read off the names of the models." : "");
  verdict.elsewhere =
      "Which pairs stand out, whatever their names, is what `agentecho evidence` says.";
  verdict.next = {"agentecho", "evidence", "PATHS"};
  return verdict;
}

VerdictParagraph outcomes_verdict(const Study& study, const OutcomeResults& results) {
  VerdictParagraph verdict;
  const std::size_t lead = study.metrics.lead();
  std::vector<std::string> parts;
  for (std::size_t o = 0; o < kOutcomes; ++o) {
    const Estimate& mean = results.means[o][lead];
    if (mean.value) {
      parts.push_back(fmt::format("{} where {}", shown(mean, lead_of(study).digits),
                                  o == 0   ? "both solve the task"
                                  : o == 1 ? "both fail"
                                           : "one of them solves it"));
    }
  }
  if (parts.empty()) return verdict;
  verdict.found = fmt::format("Mean {} of a pair: {}.", lead_of(study).title, listed(parts));
  double sum = 0;
  std::size_t n = 0;
  for (const OutcomePair& pair : results.pairs) {
    if (!pair.errors || !pair.errors->kappa) continue;
    sum += *pair.errors->kappa;
    ++n;
  }
  if (n > 0) {
    verdict.found += fmt::format(
        " Models fail on the same tasks {}: error consistency {} on average (0 is chance).",
        sum > 0 ? "more often than chance" : "no more often than chance",
        fixed(sum / static_cast<double>(n), 2));
  }
  verdict.basis = basis_of(study.corpus);
  verdict.next = {"agentecho", "compare", "PATHS", "--success-only"};
  return verdict;
}

VerdictParagraph ablation_verdict(std::span<const RuleResult> results) {
  VerdictParagraph verdict;
  if (results.empty() || !results.front().s_node.value) return verdict;
  const RuleResult* lowest = &results.front();
  const RuleResult* highest = &results.front();
  const RuleResult* loosest = nullptr;
  for (const RuleResult& r : results) {
    if (r.s_node.value && *r.s_node.value < *lowest->s_node.value) lowest = &r;
    if (r.s_node.value && *r.s_node.value > *highest->s_node.value) highest = &r;
    if (&r == &results.front() || !r.s_node_ranks) continue;
    if (loosest == nullptr || r.s_node_ranks->coefficient < loosest->s_node_ranks->coefficient) {
      loosest = &r;
    }
  }
  verdict.found = fmt::format("The rule moves the mean S_node from {} ({}) to {} ({}).",
                              fixed(*lowest->s_node.value, 3), to_string(lowest->rule),
                              fixed(*highest->s_node.value, 3), to_string(highest->rule));
  if (loosest != nullptr) {
    verdict.found +=
        fmt::format(" The order of the pairs changes most under {}: Spearman {} with {}.",
                    to_string(loosest->rule), fixed(loosest->s_node_ranks->coefficient, 2),
                    to_string(results.front().rule));
  }
  verdict.next = {"agentecho", "experiment", "pool-sensitivity", "PATHS"};
  return verdict;
}

VerdictParagraph pool_verdict(std::span<const PoolResults> results) {
  VerdictParagraph verdict;
  std::vector<std::string> parts;
  for (const PoolResults& r : results) {
    if (!r.mean_cv_s_node) continue;
    parts.push_back(fmt::format("{:.1f} % without {} of the pool's models", 100 * *r.mean_cv_s_node,
                                r.left_out));
  }
  if (parts.empty()) return verdict;
  verdict.found = fmt::format(
      "S_node of a pair moves with the pool by {} (standard deviation over mean, averaged over "
      "pairs).",
      listed(parts));
  verdict.next = {"agentecho", "experiment", "mandatory-ablation", "PATHS"};
  return verdict;
}

VerdictParagraph references_verdict(const Corpus& corpus, const ReferenceScores& results) {
  VerdictParagraph verdict;
  const CorrelationPair* least = nullptr;
  for (const CorrelationPair& pair : results.pairs) {
    if (pair.spearman &&
        (least == nullptr || pair.spearman->coefficient < least->spearman->coefficient)) {
      least = &pair;
    }
  }
  if (least == nullptr) return verdict;
  const auto& models = corpus.models();
  verdict.found = fmt::format(
      "{}{} and {} order the other models {}: Spearman {} over {}.",
      results.pairs.size() > 1 ? "Least in agreement, " : "",
      models[results.references[least->first]], models[results.references[least->second]],
      least->spearman->coefficient > 0.7   ? "alike"
      : least->spearman->coefficient > 0.3 ? "somewhat alike"
                                           : "differently",
      fixed(least->spearman->coefficient, 2), counted(least->n, "model", "models"));
  verdict.sureness = fmt::format("Against no agreement: {}.", shown_p(least->spearman->p_value));
  verdict.basis = basis_of(corpus);
  return verdict;
}

VerdictParagraph variation_verdict(const Corpus& corpus, std::span<const RunVariation> results) {
  VerdictParagraph verdict;
  double sum = 0;
  std::size_t n = 0;
  const RunVariation* nearest = nullptr;
  for (const RunVariation& r : results) {
    if (!r.itself.value) continue;
    sum += *r.itself.value;
    ++n;
    if (r.nearest_position &&
        (nearest == nullptr || *r.nearest_position > *nearest->nearest_position)) {
      nearest = &r;
    }
  }
  if (n == 0) {
    verdict.found =
        "No model has several runs of a task, so nothing says how much a model differs from "
        "itself.";
    verdict.next = {"agentecho", "inspect", "PATHS"};
    return verdict;
  }
  verdict.found = fmt::format("{} with several runs of a task {} {:.3f} alike to {} on average.",
                              counted(n, "model", "models"), n == 1 ? "is" : "are",
                              sum / static_cast<double>(n), n == 1 ? "itself" : "themselves");
  if (nearest != nullptr) {
    verdict.found +=
        fmt::format(" The nearest other model comes {} of the way from chance to that: {} to {}.",
                    percent(*nearest->nearest_position), corpus.models()[*nearest->nearest],
                    corpus.models()[nearest->model]);
  }
  verdict.basis = basis_of(corpus);
  verdict.elsewhere =
      "Whether one model has changed between two rounds is what `agentecho drift` asks.";
  return verdict;
}

VerdictParagraph correlations_verdict(const Study& study, const MetricCorrelations& results) {
  VerdictParagraph verdict;
  const CorrelationPair* closest = nullptr;
  const CorrelationPair* farthest = nullptr;
  for (const CorrelationPair& pair : results.pairs) {
    if (!pair.spearman) continue;
    const double r = pair.spearman->coefficient;
    if (closest == nullptr || r > closest->spearman->coefficient) closest = &pair;
    if (farthest == nullptr || r < farthest->spearman->coefficient) farthest = &pair;
  }
  if (closest == nullptr) return verdict;
  const auto say = [&](const CorrelationPair& pair) {
    return fmt::format("{} and {} (Spearman {})", study.metrics.metrics[pair.first].title,
                       study.metrics.metrics[pair.second].title,
                       fixed(pair.spearman->coefficient, 2));
  };
  verdict.found = fmt::format("Of the metrics, {} order the models most alike, {} least.",
                              say(*closest), say(*farthest));
  verdict.sureness = fmt::format("Each rests on {} alone.", counted(closest->n, "model", "models"));
  verdict.basis = basis_of(study.corpus);
  return verdict;
}

VerdictParagraph scaffolds_verdict(const Study& study, const ScaffoldResults& results) {
  VerdictParagraph verdict;
  const std::size_t lead = study.metrics.lead();
  if (!results.pairs.empty()) {
    const auto test = std::find_if(results.same_model.tests.begin(), results.same_model.tests.end(),
                                   [&](const FamilyTest& t) { return t.metric == lead; });
    if (test != results.same_model.tests.end() && test->difference) {
      verdict.found = fmt::format(
          "Runs of one model under different labels have a mean {} {} than runs of different "
          "models.",
          lead_of(study).title, more_or_less(test->difference->difference));
      verdict.sureness =
          fmt::format("Relabelling gives {}.", shown_p(test->difference->p.two_sided));
    }
  }
  for (const DomainAgreement& domain : results.domains) {
    if (!domain.pair_scores.spearman) continue;
    verdict.found +=
        fmt::format("{}Who resembles whom carries over from {}/{} to {}/{} with Spearman {}.",
                    verdict.found.empty() ? "" : " ", domain.first.benchmark, domain.first.domain,
                    domain.second.benchmark, domain.second.domain,
                    fixed(domain.pair_scores.spearman->coefficient, 2));
    break;
  }
  if (verdict.found.empty()) {
    verdict.found =
        "Nothing to compare: no model has two labels (\"model@scaffold\"), and no two domains "
        "share "
        "enough models.";
    return verdict;
  }
  verdict.basis = basis_of(study.corpus);
  return verdict;
}

}  // namespace agentecho
