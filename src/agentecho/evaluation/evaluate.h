// How well an annotator, a dependency verifier and a judge, the local ones or an LLM, agree with
// labels (docs/gold-format.md). Intervals are percentile bootstrap over tasks, since the labels of
// one task are not independent.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/graph/dependency.h"
#include "agentecho/metrics/rps/annotator.h"
#include "agentecho/metrics/rps/judge.h"
#include "agentecho/readers/load.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/stats/agreement.h"
#include "agentecho/study/provenance.h"

namespace agentecho {

enum class GoldKind : std::uint8_t { kStages, kEdges, kRps };

std::string_view name_of(GoldKind kind);  // "stages", "edges", "rps"
Result<GoldKind> parse_gold_kind(std::string_view name);

// What is measured, where it is not the local annotator, the verifier by name and the local judge.
// Not owned.
struct EvaluatedBackend {
  const rps::StageAnnotator* annotator = nullptr;
  const rps::PatternJudge* judge = nullptr;
  // Called once, with all trajectories that labels name.
  std::function<Result<std::unique_ptr<DependencyVerifier>>(std::span<const Trajectory* const>)>
      verifier;
};

struct EvaluateOptions {
  GoldKind kind = GoldKind::kStages;
  std::string gold_file;                // for messages
  std::string gold;                     // its content
  LoadOptions load;                     // of these files only those that labels name are read
  std::string verifier = "provenance";  // kEdges
  EvaluatedBackend backend;
  BootstrapOptions bootstrap;
};

// One figure: "accuracy", "kappa", "precision", "recall" without a subject; "spearman", "mae" and
// "quadratic_kappa" of a score ("style", ...).
struct GoldFigure {
  std::string subject;
  std::string name;
  std::optional<double> value;
  std::optional<Interval> interval;  // nothing with fewer than two tasks
};

struct Evaluation {
  GoldKind kind = GoldKind::kStages;
  std::string backend;  // name of the annotator, the verifier or the judge
  std::string gold_file;
  std::uint64_t labels = 0;
  std::uint64_t used = 0;
  std::uint64_t without_trajectory = 0;  // file, task or trial not among the inputs
  std::uint64_t without_item = 0;  // the trajectory has no such item or call, or of another type
  // The backend gave no answer (unparseable, refused, failed, not asked): in no figure.
  std::uint64_t without_answer = 0;
  std::vector<std::string> unused;  // what was not found, each once, in order; at most ten
  std::uint64_t tasks = 0;          // that labels in use belong to
  std::vector<GoldFigure> measures;
  // kStages and kEdges: labels (rows) against the backend (columns).
  std::vector<std::string> classes;
  ConfusionMatrix confusion{0};
  BootstrapOptions bootstrap;
  LoadReport read;  // of the logs that labels name
};

// What the figures came from: the logs that labels name, and the backend in its role.
Provenance provenance_of(const Evaluation& evaluation);

// Errors: those of the gold format and of reading; a stage that the taxonomy does not have, a label
// whose file fits several inputs, no label that could be used (all kInput).
Result<Evaluation> evaluate(const EvaluateOptions& options);

}  // namespace agentecho
