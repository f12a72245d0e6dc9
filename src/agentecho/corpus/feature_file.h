// features.jsonl: prepared features, one trajectory a line, every line complete in itself, so that
// shards merge by concatenation and `compare` reads them in place of logs.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "agentecho/base/error.h"
#include "agentecho/corpus/trajectory_features.h"
#include "agentecho/corpus/verbal_features.h"
#include "agentecho/readers/byte_source.h"
#include "agentecho/readers/diagnostics.h"

namespace agentecho {

// How the features were made; features made differently must not be compared.
struct FeatureSettings {
  std::string verifier = "provenance";
  std::string catalog_digest;  // of the user's tool catalogue; empty: the built-in lists
  std::string annotator;       // stage_annotator_id() of the stage profiles; empty: there are none
  bool operator==(const FeatureSettings&) const = default;
};

// Without the line break. Parts of `verbal` that are there are written as pack_numbers() text:
// "bigrams", "stages" (the numbers of rps::to_numbers()), "habits" and "grams" (those of
// run_habits.h).
std::string to_json_line(const TrajectoryFeatures& features, const FeatureSettings& settings);

// Does the file start like features.jsonl (plain or compressed)? "-" and unreadable files do not.
bool is_feature_file(const std::string& path);

// Calls take(features, settings) for each line. Parts of `verbal` are read when they are wanted and
// there; the settings name the annotator when stages are. Damaged lines become diagnostics. Error:
// a file that cannot be opened.
Result<void> read_feature_file(
    const std::string& path, std::uint32_t file, Diagnostics& diagnostics,
    const std::function<void(TrajectoryFeatures&&, const FeatureSettings&)>& take,
    VerbalParts wanted = {true, true, true, true});

}  // namespace agentecho
