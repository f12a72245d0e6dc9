// The analyses as Python calls them: requests of plain values in, answers with JSON, tables and
// figures out. Nothing here knows of Python.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/arrow/arrow_table.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/study/diversity.h"

namespace agentecho::python {

struct LoadRequest {
  std::vector<std::pair<std::string, std::string>> files;  // path, model or ""
  std::string format = "auto";
  std::vector<std::string> path_patterns;
  std::map<std::string, std::string> renamed;
  std::map<std::string, std::string> tool_map;
  std::string success_key;
  std::string tools;     // JSON of a catalogue; empty: the built-in lists
  std::string taxonomy;  // JSON; empty: the paper's
  std::string verifier = "provenance";
  std::string actions = "default";
  std::string action_table;  // JSON; empty: the built-in one
  bool tasks_by_position = false;
  bool merge = false;
  bool success_only = false;
  bool allow_partial = false;
  bool allow_invalid = false;
  std::vector<std::string> metrics;  // what is prepared
  bool habits = false;
  bool grams = false;
  bool phrases = false;
  bool transcripts = false;
  unsigned threads = 0;
};

struct HeldCorpus {
  std::shared_ptr<const LoadedCorpus> loaded;
  std::vector<std::string> warnings;
};
using SharedCorpus = std::shared_ptr<HeldCorpus>;

using NamedBytes = std::pair<std::string, std::shared_ptr<const std::string>>;

// How the files of a request are read, and what is read once although it was named twice. Errors:
// those of resolve_inputs().
Result<CorpusOptions> options_of_files(const LoadRequest& request, const std::atomic<bool>& stop,
                                       std::vector<std::string>& warnings);

// Errors: those of resolve_inputs() and load_corpus(); what must not be scored (METHOD 9), unless
// the request allows it.
Result<SharedCorpus> load(const LoadRequest& request, const std::atomic<bool>& stop);
Result<SharedCorpus> load_bytes(const std::vector<NamedBytes>& files, const LoadRequest& request,
                                const std::atomic<bool>& stop);

// How the rows of a table are logs: by default each row is a record whose members are the columns.
struct TableColumns {
  std::string path;  // with `content`: each row is a file
  std::string content;
  std::string text;               // each value of this column is a record as JSON
  std::vector<std::string> json;  // text columns that hold JSON
};
// Takes the stream over.
Result<SharedCorpus> load_table(::ArrowArrayStream* stream, const TableColumns& columns,
                                const LoadRequest& request, const std::atomic<bool>& stop);

std::vector<std::vector<std::string>> task_names(const HeldCorpus& corpus);
std::string inspect(const HeldCorpus& corpus);  // JSON
Result<arrow::Table> features(const HeldCorpus& corpus);
arrow::Table empty_features();
// By the extension. The value says nothing.
Result<bool> write_features_to(const HeldCorpus& corpus, const std::string& path);

// In the order in which tables have them; names that are no metric come last.
std::vector<std::string> in_order(std::vector<std::string> metrics);

struct StudyRequest {
  std::vector<std::string> pool;
  std::string mandatory = "intersection";
  std::string mandatory_json;  // tools by task, in place of a rule
  unsigned min_support = 1;
  std::string families_json;  // empty: from the names
  std::vector<std::string> metrics;
  BootstrapOptions bootstrap;
  unsigned threads = 0;
};

// What is large or seldom wanted is made when it is asked for.
struct Answer {
  std::string json;     // as the program's --json
  std::string verdict;  // sentences; may be empty
  std::vector<std::string> warnings;
  std::function<std::string()> text;  // as on the screen, 100 columns
  std::vector<std::pair<std::string, std::function<arrow::Table()>>> tables;
  std::vector<std::pair<std::string, std::function<std::string()>>> figures;  // SVG
  // The whole page; null where there is none.
  std::function<Result<std::string>(const std::string& title, bool transcripts,
                                    const std::vector<std::string>& redact)>
      page;
};

// The texts of one stage of two runs of a task.
struct JudgeQuestion {
  std::string_view stage;
  std::vector<std::string_view> a;
  std::vector<std::string_view> b;
};
// What judges Response Pattern Similarity in place of the built-in judge. `ask` gives style,
// structure, alignment and overall, each from 1 to 5, or an error, which is no score.
struct CallerJudge {
  std::string name;  // for the provenance
  std::function<Result<std::array<double, 4>>(const JudgeQuestion&)> ask;
  double least_coverage = kLeastCoverage;
};

// `judge` may be null; else the corpus holds transcripts.
Result<Answer> compare(const SharedCorpus& corpus, const StudyRequest& request,
                       const std::string& reference, const std::vector<std::string>& models,
                       const std::vector<std::string>& show_shared, const CallerJudge* judge);
// `cohorts`: "all", "mode", or a document of kinds; `pair`: none, or two models named beforehand.
Result<Answer> evidence(const SharedCorpus& corpus, const StudyRequest& request,
                        std::size_t explained, const std::string& cohorts,
                        const std::vector<std::string>& pair);
Result<Answer> distill(const SharedCorpus& corpus, const StudyRequest& request,
                       const std::string& before, const std::string& after,
                       const std::vector<std::string>& teachers,
                       const std::vector<std::string>& controls);
// `before` may be empty.
Result<Answer> attribute(const SharedCorpus& corpus, const StudyRequest& request,
                         const std::string& student, const std::string& before,
                         const std::vector<std::string>& candidates);
// `noise` may be null.
Result<Answer> drift(const SharedCorpus& before, const std::string& before_model,
                     const SharedCorpus& after, const std::string& after_model,
                     const SharedCorpus& noise, const StudyRequest& request, double margin);
// The models that the unknown runs are consistent with. `model`: their label, `claimed`: what they
// are said to be; either may be empty.
Result<Answer> identify(const SharedCorpus& reference, const SharedCorpus& unknown,
                        const StudyRequest& request, const std::string& model,
                        const std::string& claimed, const std::vector<std::string>& channels);
Result<Answer> diversity(const SharedCorpus& corpus, const StudyRequest& request,
                         const DiversityOptions& options);
// A run of each of two models on one task, beside each other: the logs are read for them anew.
struct TaskRequest {
  std::string a;
  std::string b;
  std::string task;
  std::optional<std::int64_t> trial;
};
Result<Answer> explain_task(const LoadRequest& logs, const StudyRequest& request,
                            const TaskRequest& what, const std::atomic<bool>& stop);
Result<Answer> explain(const SharedCorpus& corpus, const StudyRequest& request,
                       const std::string& a, const std::string& b);

}  // namespace agentecho::python
