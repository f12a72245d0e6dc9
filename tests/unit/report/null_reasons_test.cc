// A figure that is null says why in the document: "<name>_reason" beside it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "agentecho/report/attribution_report.h"
#include "agentecho/report/compare_report.h"
#include "agentecho/report/distillation_report.h"
#include "agentecho/report/evidence_report.h"
#include "agentecho/report/experiment_tables.h"
#include "agentecho/report/lineage_tables.h"
#include "agentecho/study/compare.h"
#include "agentecho/study/evidence.h"
#include "support/corpora.h"

namespace agentecho {
namespace {

using Json = nlohmann::json;

// Nulls that are no figures: nothing was given, which the name of the member says.
const std::set<std::string> kNoFigure = {"next", "reference", "before", "paper_table"};

void find_bare_nulls(const Json& json, const std::string& path, std::vector<std::string>& found) {
  for (const auto& [key, value] : json.items()) {
    const std::string name = path + "/" + key;
    if (value.is_structured()) find_bare_nulls(value, name, found);
    if (!value.is_null() || kNoFigure.contains(key)) continue;
    const auto reason = json.is_object() ? json.find(key + "_reason") : json.end();
    if (reason == json.end() || reason->get<std::string>().empty()) found.push_back(name);
  }
}

std::vector<std::string> bare_nulls(const std::string& text) {
  std::vector<std::string> found;
  Json json = Json::parse(text);
  json.erase("provenance");  // there null is what was not asked (docs/results.md)
  EXPECT_NE(json.dump().find("null"), std::string::npos);
  find_bare_nulls(json, "", found);
  return found;
}

using Strings = std::vector<std::string>;

LoadedCorpus loaded(const std::vector<PlainRun>& runs) {
  LoadedCorpus loaded;
  loaded.corpus = make_corpus(runs);
  return loaded;
}

// One task in common, none, no optional tool, and a task of a single model.
std::vector<std::vector<PlainRun>> poor_corpora() {
  return {{{"a", "t1", {"x"}}, {"b", "t1", {"y"}}},
          {{"a", "t1", {"x"}}, {"b", "t2", {"y"}}, {"b", "t3", {"y"}}, {"c", "t1", {}}},
          {{"a", "t1", {"x"}},
           {"b", "t1", {"x"}},
           {"c", "t1", {"x"}},
           {"d", "t1", {"x"}},
           {"a", "t2", {"x"}},
           {"b", "t2", {"x"}},
           {"c", "t2", {"x"}},
           {"d", "t2", {"x"}}}};
}

TEST(NullReasons, StandInTheResultsOfCompare) {
  for (const auto& runs : poor_corpora()) {
    CompareOptions options;
    options.bootstrap.replicates = 50;
    options.metrics = {"ags", "ged"};
    const auto results = compare(loaded(runs), options);
    ASSERT_TRUE(results);
    EXPECT_EQ(bare_nulls(compare_to_json(*results)), Strings());
  }
}

TEST(NullReasons, StandInTheReportOfEvidence) {
  for (const auto& runs : poor_corpora()) {
    const Corpus corpus = make_corpus(runs);
    const Study study = study_of(corpus, 50);
    const Families families = guess_families(corpus);
    DataReport report = evidence_report(study, weigh_evidence(study, split_of(corpus), families));
    const LineageResults lineage = weigh_lineage(corpus, families, {{50, 1, 0.95}, {}, 1, {}});
    lead_with_lineage(report, corpus, &lineage, std::nullopt);
    const KinshipFit fit = fit_kinship(lineage, {});
    report.tables.push_back(odds_table(fit, {}));
    report.tables.push_back(odds_classes_table(fit));
    EXPECT_EQ(bare_nulls(report_to_json(report, {})), Strings());
  }
}

TEST(NullReasons, StandInTheResultsOfDistill) {
  std::vector<PlainRun> runs;
  for (const char* task : {"t1", "t2"}) {
    for (const char* model : {"before", "after", "teacher", "control"}) {
      runs.push_back({model, task, {"x"}});
    }
  }
  DistillationOptions options;
  options.bootstrap.replicates = 50;
  const auto results =
      distill(loaded(runs), {"before", "after", "teacher", {"control"}, {}}, options);
  ASSERT_TRUE(results);
  EXPECT_EQ(bare_nulls(distillation_to_json(*results, false)), Strings());
}

TEST(NullReasons, OfACorrelationsIntervalAreItsValues) {
  const Corpus corpus = random_corpus(4, 6, 1);
  const Study study = study_of(corpus);
  DataReport report("correlations", "");
  report.tables.push_back(correlations_table(study, correlate_metrics(study, 2)));
  const Json json = Json::parse(report_to_json(report, {}));
  const Json& row = json["tables"].front().front();
  EXPECT_EQ(row["n_models"], 3);
  EXPECT_EQ(row["pearson_interval_reason"], "fewer than 4 values");
}

TEST(NullReasons, StandInTheResultsOfAttribute) {
  LoadedCorpus corpus;
  corpus.corpus = random_corpus(6, 10, 1);
  AttributionOptions options;
  options.metrics = {"ags"};
  const auto results = attribute(corpus, corpus.corpus.models()[0], options);
  ASSERT_TRUE(results);
  EXPECT_FALSE(results->named);
  EXPECT_EQ(bare_nulls(attribution_to_json(*results)), Strings());
}

}  // namespace
}  // namespace agentecho
