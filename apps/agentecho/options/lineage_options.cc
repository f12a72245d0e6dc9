#include "agentecho/options/lineage_options.h"

#include "agentecho/base/within.h"
#include "agentecho/console.h"
#include "agentecho/options/validators.h"

namespace agentecho::cli {

namespace {

// A wish that names a file is what the file holds.
Result<std::vector<std::size_t>> modes_of(const LineageChoices& choices, const Corpus& corpus) {
  if (choices.cohorts == "all" || choices.cohorts == "mode") {
    return cohort_kinds(corpus, choices.cohorts);
  }
  auto text = read_json_file(choices.cohorts);
  if (!text) return Unexpected(text.error());
  auto kinds = cohort_kinds(corpus, *text);
  if (!kinds) return Unexpected(within(choices.cohorts, kinds.error()));
  return kinds;
}

}  // namespace

void add_cohorts_option(CLI::App& command, LineageChoices& choices) {
  command
      .add_option("--cohorts", choices.cohorts,
                  "Whom a pair is normalised by: all others; mode (reasoning models apart from the "
                  "rest, by their logs and names); or a file {\"kind\": [\"model\", ...]}")
      ->type_name("all|mode|FILE")
      ->capture_default_str();
}

void add_lineage_options(CLI::App& command, LineageChoices& choices) {
  constexpr double kLargest = 100;  // exp() of it is a number, and odds beyond it are none
  add_cohorts_option(command, choices);
  command
      .add_option("--pair", choices.pair,
                  "Two models that were suspected before looking: a question of its own, without "
                  "the search over all pairs")
      ->expected(2)
      ->allow_extra_args(false)
      ->type_name("A B");
  command
      .add_option_function<std::vector<double>>(
          "--odds",
          [&choices](const std::vector<double>& scale) {
            choices.odds.intercept = scale[0];
            choices.odds.slope = scale[1];
          },
          "Scale of the odds, ln(odds) = INTERCEPT + SLOPE z, as `evidence --refit-odds` gives it; "
          "without it, that of six public corpora")
      ->delimiter(',')
      ->expected(2)
      ->check(finite_range(-kLargest, kLargest))
      ->type_name("INTERCEPT,SLOPE");
}

bool read_markers(CorpusOptions& corpus) {
  corpus.markers_if_there = !corpus.parts.markers;
  corpus.parts.markers |= corpus.parts.stages || corpus.parts.bigrams;
  return corpus.parts.markers;
}

Result<Kinship> weigh_kinship(const LineageChoices& choices, const StudyOptions& options,
                              const PreparedStudy& prepared, bool markers) {
  const Corpus& corpus = prepared.loaded.corpus;
  auto modes = modes_of(choices, corpus);
  if (!modes) return Unexpected(modes.error());
  auto named = named_pair(corpus, choices.pair, "--pair");
  if (!named) return Unexpected(named.error());
  Kinship kinship{std::nullopt, *named};
  if (markers && corpus.models().size() > 1) {
    kinship.results =
        weigh_lineage(corpus, prepared.families,
                      {options.bootstrap, std::move(*modes), options.input.threads, choices.odds});
  }
  return kinship;
}

}  // namespace agentecho::cli
