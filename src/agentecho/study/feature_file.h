// features.jsonl: prepared features, one trajectory a line, every line complete in itself, so that
// shards merge by concatenation and `compare` reads them in place of logs.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "agentecho/base/error.h"
#include "agentecho/readers/byte_source.h"
#include "agentecho/readers/diagnostics.h"
#include "agentecho/study/trajectory_features.h"

namespace agentecho {

// How the features were made; features made differently must not be compared.
struct FeatureSettings {
  std::string verifier = "provenance";
  std::string catalog_digest;  // of the user's tool catalogue; empty: the built-in lists
  bool operator==(const FeatureSettings&) const = default;
};

// Without the line break.
std::string to_json_line(const TrajectoryFeatures& features, const FeatureSettings& settings);

// Does the file start like features.jsonl (plain or compressed)? "-" and unreadable files do not.
bool is_feature_file(const std::string& path);

// Calls take(features, settings) for each line. Damaged lines become diagnostics. Error: a file
// that cannot be opened.
Result<void> read_feature_file(
    const std::string& path, std::uint32_t file, Diagnostics& diagnostics,
    const std::function<void(TrajectoryFeatures&&, const FeatureSettings&)>& take);

}  // namespace agentecho
