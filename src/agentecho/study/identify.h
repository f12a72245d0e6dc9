// Which of the reference models made these runs? (METHOD 11)
//
// For each channel (identity_events.h) and for the channels that count together, the unknown runs'
// standing (identity_fit.h) under every candidate is held against that of groups of the candidate's
// own reference runs (stats/group_conformal.h): p. The answer is the set of candidates with p of at
// least alpha: one name, several that cannot be told apart, or none. Own runs are those of the
// unknown runs' benchmarks and domains where the candidate has any. Serving does not count by
// default: it says who served the model (METHOD 9).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/study/identity_events.h"

namespace agentecho {

struct IdentifyOptions {
  double level = 0.95;  // 1 - alpha
  std::size_t replicates = 1999;
  std::uint64_t seed = 1;
  unsigned threads = 0;
  std::vector<IdentityChannel> channels = {IdentityChannel::kActions, IdentityChannel::kWording};
  std::string claimed;  // a reference model; empty: none is claimed
};

struct IdentityCandidate {
  std::string model;
  std::size_t runs = 0;       // of the reference
  std::size_t own_tasks = 0;  // that its groups are drawn from
  // It has runs of the unknown runs' benchmarks (kMostElsewhere). The level holds for such
  // candidates alone; the others are neither in the set nor excluded.
  bool tested = true;
  double fit = 0;  // mean over the unknown runs, 0: as the candidates on average
  double p = 1;
  double least_p = 1;  // that its own runs allow
  bool in_set = true;  // tested, and p at least alpha
  std::array<std::optional<double>, kIdentityChannels> channel_p;
  std::optional<std::size_t> runs_needed;      // of the nearest model, to exclude this one
  std::optional<std::size_t> foreign_noticed;  // its runs among those of the model examined
};

struct IdentityChannelFinding {
  IdentityChannel channel{};
  bool counts = false;         // in the answer
  bool silent = false;         // the unknown or the reference runs show nothing in it
  std::size_t consistent = 0;  // tested candidates with p of at least alpha in this channel alone
  std::string nearest;
};

// One unknown run.
struct RunIdentity {
  TaskKey task;
  std::int64_t trial = 0;
  std::string label;  // as the logs call its model
  std::string nearest;
  double lead = 0;  // fit of the nearest less that of the next
  std::string next;
  double p = 1;          // standing under the examined model
  bool foreign = false;  // p < alpha
};

// kNothing: no candidate could be excluded, or none is tested.
enum class IdentityAnswer : std::uint8_t { kOne, kSeveral, kUnknown, kNothing };

struct IdentifyResults {
  IdentifyOptions options;
  std::string label;  // what the unknown logs call their model
  std::size_t runs = 0;
  std::size_t tasks = 0;
  std::size_t common_tasks = 0;  // that any reference run has too
  IdentityAnswer answer = IdentityAnswer::kNothing;
  std::vector<IdentityCandidate> candidates;  // the best fit first
  std::vector<IdentityChannelFinding> channels;
  std::optional<std::size_t> claimed;  // its place among the candidates
  std::size_t examined = 0;  // whom runs and mixtures are held against: claimed, or nearest
  std::vector<RunIdentity> labels;
  double run_least_p = 1;  // that a single run could have under the model examined
  std::vector<std::string> warnings;

  std::size_t set_size() const;
  std::size_t tested() const;  // candidates
};

// Channels by their names. Errors (kUsage): no channel of that name.
Result<std::vector<IdentityChannel>> identity_channels(std::span<const std::string> names);

// The models of `unknown` whose runs are taken as one system's: the one with this label, or with no
// label the only one. Errors (kUsage): no such label; several and no label.
Result<std::vector<ModelIndex>> models_to_identify(const Corpus& unknown, const std::string& label);

// The runs of `models` of `unknown` are taken as one system's. Errors: fewer than two reference
// models, runs without habits and grams, no unknown run (kInput); a claimed model that is no
// reference, no channel (kUsage).
Result<IdentifyResults> identify(const Corpus& reference, const Corpus& unknown,
                                 std::span<const ModelIndex> models,
                                 const IdentifyOptions& options);

}  // namespace agentecho
