// Logs and feature files → Corpus: read, build graphs, count, number, drop duplicates.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agentecho/actions/expand_actions.h"
#include "agentecho/base/error.h"
#include "agentecho/base/progress.h"
#include "agentecho/corpus/corpus.h"
#include "agentecho/corpus/feature_file.h"
#include "agentecho/corpus/validity.h"
#include "agentecho/metrics/rps/phrases.h"
#include "agentecho/readers/load.h"

namespace agentecho {

// A taxonomy and the text that it was read from, which identifies it.
struct StageTaxonomy {
  rps::Taxonomy taxonomy;
  std::string json;
};

struct CorpusOptions {
  LoadOptions load;  // files may be logs or features.jsonl
  ToolCatalog catalog;
  // How logs are prepared; feature files must have been made the same way.
  FeatureSettings settings;  // `annotator` follows from `parts`
  // Makes the verifier that settings.verifier names, one a thread, where it is not one of
  // make_dependency_verifier(): one that looks up what a judge has said, say.
  std::function<std::unique_ptr<DependencyVerifier>()> make_verifier;
  VerbalParts parts;  // what is prepared of the wording, and must be there in feature files
  bool markers_if_there = false;  // parts.markers: taken from feature files that have them
  // The stages that the local annotator tells apart; not set: the paper's five.
  std::shared_ptr<const StageTaxonomy> taxonomy;
  bool phrases = false;  // count the phrases of every model, for shared_wording()
  // Systems of one model name are one model, whatever differs between their files (METHOD 9).
  bool merge_systems = false;
  // Tool names as the log has them -> as they are to be called.
  std::map<std::string, std::string> tool_map;
  // How calls of shells and editing tools become nodes (METHOD 13), by which table (not set: the
  // built-in one) and that table's text, which identifies it.
  ActionNaming actions = ActionNaming::kDefault;
  std::shared_ptr<const ActionTable> action_table;
  std::string action_table_json;
  // Failed runs are left out (METHOD 6), from the phrases and from what is kept whole as well.
  bool success_only = false;
  // That no run records its success is left to the analysis to say, which has several sets of runs,
  // or never looks at it: it is no finding then.
  bool success_is_said_later = false;
  // Runs of other tasks are left out before anything is made of them. RunFilter::models is for the
  // analyses: every model is loaded.
  RunFilter filter;
  // Where nothing at all could be read: what was wrong, file by file, goes here if it is not null.
  Diagnostics* refused = nullptr;
  // Trajectories for which this is true are kept whole as well. Called from several threads, before
  // systems of one model name are told apart.
  std::function<bool(const Trajectory&)> keep;
};

// A trajectory that was kept, known in the corpus by its content.
struct KeptTrajectory {
  Trajectory trajectory;
  Digest content;
  std::string system;  // as in TrajectoryFeatures, as are these
  std::string outcome_key;
  std::optional<double> points;
};

struct LoadedCorpus {
  Corpus corpus;
  LoadReport report;
  std::vector<Finding> validity;  // what speaks against believing a score of it (METHOD 9)
  FeatureSettings settings;       // those of the feature files when there are no logs
  ToolCatalog catalog;            // as given, and what the table of actions says of tools
  ActionTally actions;            // of logs; see ActionExpander
  bool success_only = false;      // as given, or what the feature files say of themselves
  RunFilter filter;               // as given
  std::shared_ptr<const StageTaxonomy> taxonomy;    // as given
  std::vector<KeptTrajectory> kept;                 // in input order
  std::map<std::string, rps::PhraseTable> phrases;  // by model; of logs only
};

// Errors: those of load_logs; feature files made with other settings, of successful runs only
// beside others of all runs, or without a part that is wanted (ErrorKind::kInput); no trajectory at
// all, no successful one where only these are wanted, or none of a task that the filter takes
// (ErrorKind::kInput).
Result<LoadedCorpus> load_corpus(const CorpusOptions& options);

// Whether runs that were loaded apart may be compared: their graphs were made in the same way, as
// far as it matters to both, and failed runs were left out of all or of none. Error (kInput): which
// file was made otherwise.
Result<void> require_made_alike(std::span<const LoadedCorpus* const> all);

}  // namespace agentecho
