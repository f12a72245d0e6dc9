// Features made in pieces by several processes or machines. Shard i of n reads its part of the
// input files and leaves two files in a folder: the features, and, last, a manifest that says from
// what and how they were made. A folder with manifests is an input of every command: all its shards
// together, or an error that names what is missing, does not fit, or is no shard.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/base/hash.h"
#include "agentecho/corpus/feature_table.h"
#include "agentecho/readers/inputs.h"
#include "agentecho/readers/outcome_scale.h"

namespace agentecho {

struct Shard {
  std::uint32_t index = 1;  // from 1
  std::uint32_t count = 1;
};

// "3/16". Error (kUsage): anything else, an index outside 1 to count.
Result<Shard> parse_shard(std::string_view text);

// The files of a shard: each in turn, largest first, goes to the shard with the fewest bytes so
// far, so that every process finds the same split. Files are not cut. In the order of `files`.
std::vector<InputFile> files_of_shard(const std::vector<InputFile>& files, Shard shard);

struct ShardManifest {
  struct Input {
    std::string path;
    std::uint64_t bytes = 0;  // as stored
  };
  std::string version;    // of the program
  std::string made_with;  // all options that change features, as text
  Shard shard;
  std::string all_inputs;     // digest of the paths and sizes of the files of all shards
  std::vector<Input> inputs;  // of this one
  std::string features;       // file name; empty where the shard has no files
  std::uint64_t runs = 0;
  OutcomeScales numbers;    // that say how its runs ended
  std::uint64_t bytes = 0;  // of the features' file
  std::string digest;
};

// "shard-003-of-016" followed by what the file is.
std::string shard_name(Shard shard, std::string_view what);
inline constexpr std::string_view kManifestEnding = ".manifest.json";

std::string to_json(const ShardManifest& manifest);
// Error (kInput): not a manifest.
Result<ShardManifest> parse_manifest(std::string_view json);

// The manifest of a shard that is already in the folder; nothing where there is none, where its
// features are not there whole, or where an input was written after it. Errors: one that cannot be
// read.
Result<std::optional<ShardManifest>> find_finished(const std::string& folder, Shard shard);

// Error (kUsage): the folder holds a shard of another number of shards, so that it could not be
// read with this one in it.
Result<void> check_number_of_shards(const std::string& folder, Shard shard);

std::string digest_of_inputs(const std::vector<InputFile>& files);

// Where a spec is a folder with manifests, its feature files take its place. Errors (kInput):
// shards that are missing, that were made by another version, with other options or of other
// inputs, that took a number for another share of success than all of them together would have, or
// whose features are not those of the manifest; each names the shard. Also a spec whose shards
// stand in a folder below it.
Result<std::vector<InputSpec>> expand_shards(const std::vector<InputSpec>& specs);

}  // namespace agentecho
