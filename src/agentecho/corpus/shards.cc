#include "agentecho/corpus/shards.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <numeric>
#include <set>
#include <system_error>

#include "agentecho/base/ordered_json.h"
#include "agentecho/readers/byte_source.h"

namespace agentecho {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kShardSchema = "agentecho.shard/1";

std::uint64_t stored_size(const InputFile& file) {
  std::error_code ignored;
  const auto size = fs::file_size(file.path, ignored);
  return ignored ? 0 : size;
}

Result<std::string> read_whole(const fs::path& path) {
  auto source = open_file(path.string());
  if (!source) return Unexpected(source.error());
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    auto n = (*source)->read(buffer, sizeof buffer);
    if (!n) return Unexpected(n.error());
    if (*n == 0) return text;
    text.append(buffer, *n);
  }
}

Result<ShardManifest> read_manifest(const fs::path& path) {
  auto text = read_whole(path);
  if (!text) return Unexpected(text.error());
  auto manifest = parse_manifest(*text);
  if (!manifest) {
    return fail(manifest.error().kind,
                fmt::format("{}: {}", path.string(), manifest.error().message),
                manifest.error().hint);
  }
  return manifest;
}

std::vector<fs::path> manifests_in(const std::string& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().filename().string().ends_with(kManifestEnding)) found.push_back(it->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

Unexpected does_not_fit(const fs::path& path, const std::string& what) {
  return fail(ErrorKind::kInput, fmt::format("{}: {}", path.string(), what),
              "make it again with `agentecho extract`, all shards in one manner");
}

// In what a shard does not fit the first one; empty where it does.
std::string difference(const ShardManifest& shard, const ShardManifest& first) {
  if (shard.version != first.version) {
    return fmt::format("made by version {}, another shard by {}", shard.version, first.version);
  }
  if (shard.shard.count != first.shard.count) {
    return fmt::format("one of {} shards, another shard is one of {}", shard.shard.count,
                       first.shard.count);
  }
  if (shard.made_with != first.made_with) {
    return fmt::format("made with options {}, another shard with {}", shard.made_with,
                       first.made_with);
  }
  if (shard.all_inputs != first.all_inputs) return "made of other input files than another shard";
  return {};
}

// A shard that took numbers for another thing than all shards together say that they are.
Result<void> check_scales(const std::vector<fs::path>& paths,
                          const std::vector<ShardManifest>& manifests) {
  OutcomeScales all;
  for (const ShardManifest& manifest : manifests) all += manifest.numbers;
  for (std::size_t i = 0; i < manifests.size(); ++i) {
    for (const auto& [key, seen] : manifests[i].numbers.seen()) {
      if (manifests[i].numbers.scale_of(key) == all.scale_of(key)) continue;
      return fail(
          ErrorKind::kInput,
          fmt::format("{}: in its logs the numbers under \"{}\" go up to {:g}, in those of all "
                      "shards to {:g}: success means something else there (per cent or a share)",
                      paths[i].string(), key, seen.most, all.seen().find(key)->second.most),
          "make the features in one process (--shard 1/1)");
    }
  }
  return {};
}

Result<void> check_features(const fs::path& path, const ShardManifest& manifest) {
  const fs::path features = path.parent_path() / manifest.features;
  auto digest = digest_of_file(features.string());
  if (!digest) return Unexpected(digest.error());
  if (digest->second != manifest.bytes || to_hex(digest->first) != manifest.digest) {
    return does_not_fit(features, "not the features that the manifest beside it tells of");
  }
  return {};
}

// The first file of the folder, or of those in it, that would be read if there were no manifests.
std::optional<fs::path> other_input(const fs::path& folder, const std::set<fs::path>& known) {
  std::error_code error;
  std::set<fs::path> others;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    const bool is_input = has_log_extension(name) || has_archive_extension(name);
    if (is_input && it->is_regular_file(error) && !known.contains(it->path())) {
      others.insert(it->path());
    }
  }
  return others.empty() ? std::nullopt : std::optional(*others.begin());
}

// A folder below this one that holds a manifest.
std::optional<std::string> shards_below(const std::string& folder) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (it.depth() > 0 && it->path().filename().string().ends_with(kManifestEnding) &&
        read_manifest(it->path())) {
      return it->path().parent_path().string();
    }
  }
  return std::nullopt;
}

// The feature files of a folder with manifests.
Result<std::vector<std::string>> features_in(const std::vector<fs::path>& paths) {
  std::vector<std::string> features;
  std::set<fs::path> known(paths.begin(), paths.end());
  std::vector<bool> there;
  std::optional<ShardManifest> first;
  std::vector<ShardManifest> manifests;
  for (const fs::path& path : paths) {
    auto manifest = read_manifest(path);
    if (!manifest) return Unexpected(manifest.error());
    if (!first) {
      first = *manifest;
      there.resize(first->shard.count);
    }
    if (const std::string what = difference(*manifest, *first); !what.empty()) {
      return does_not_fit(path, what);
    }
    there[manifest->shard.index - 1] = true;
    manifests.push_back(*manifest);
    if (manifest->features.empty()) continue;
    known.insert(path.parent_path() / manifest->features);
    if (auto good = check_features(path, *manifest); !good) return Unexpected(good.error());
    if (manifest->runs > 0) features.push_back((path.parent_path() / manifest->features).string());
  }
  std::string missing;
  for (std::size_t i = 0; i < there.size(); ++i) {
    if (!there[i]) missing += fmt::format("{}{}", missing.empty() ? "" : ", ", i + 1);
  }
  const std::string folder = paths.front().parent_path().string();
  if (!missing.empty()) {
    return fail(
        ErrorKind::kInput,
        fmt::format("{}: incomplete: of {} shards there is no {}", folder, first->shard.count,
                    missing),
        fmt::format("agentecho extract … --shard I/{} --out {}", first->shard.count, folder));
  }
  if (auto good = check_scales(paths, manifests); !good) return Unexpected(good.error());
  if (features.empty()) {
    return fail(ErrorKind::kInput, fmt::format("{}: none of the shards has a run", folder));
  }
  if (const auto other = other_input(folder, known)) {
    return fail(ErrorKind::kInput,
                fmt::format("{}: beside shards of features there is {}, which is none of them",
                            folder, other->string()),
                "a folder with shards holds nothing else that could be read: put it elsewhere");
  }
  return features;
}

// Was one of the inputs written after the manifest?
bool changed_since(const fs::path& manifest, const std::vector<ShardManifest::Input>& inputs) {
  std::error_code error;
  const auto made = fs::last_write_time(manifest, error);
  return !error && std::any_of(inputs.begin(), inputs.end(), [&](const auto& input) {
    std::error_code gone;
    const auto written = fs::last_write_time(input.path, gone);
    return !gone && written > made;
  });
}

}  // namespace

Result<Shard> parse_shard(std::string_view text) {
  Shard shard;
  const std::size_t slash = text.find('/');
  const auto number = [](std::string_view digits, std::uint32_t& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} && end == digits.data() + digits.size();
  };
  if (slash == std::string_view::npos || !number(text.substr(0, slash), shard.index) ||
      !number(text.substr(slash + 1), shard.count) || shard.index < 1 ||
      shard.index > shard.count) {
    return fail(ErrorKind::kUsage, fmt::format("\"{}\" is no shard", text),
                "write I/N with I from 1 to N, for example 3/16");
  }
  return shard;
}

std::vector<InputFile> files_of_shard(const std::vector<InputFile>& files, Shard shard) {
  std::vector<std::uint64_t> sizes;
  for (const InputFile& file : files) sizes.push_back(stored_size(file));
  std::vector<std::size_t> order(files.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
  std::vector<std::uint64_t> load(shard.count);
  std::vector<std::size_t> mine;
  for (const std::size_t f : order) {
    const auto least = std::min_element(load.begin(), load.end());
    *least += sizes[f] + 1;
    if (static_cast<std::uint32_t>(least - load.begin()) + 1 == shard.index) mine.push_back(f);
  }
  std::sort(mine.begin(), mine.end());
  std::vector<InputFile> chosen;
  for (const std::size_t f : mine) chosen.push_back(files[f]);
  return chosen;
}

std::string shard_name(Shard shard, std::string_view what) {
  const std::size_t width = std::max<std::size_t>(3, std::to_string(shard.count).size());
  return fmt::format("shard-{:0{}}-of-{:0{}}{}", shard.index, width, shard.count, width, what);
}

std::string to_json(const ShardManifest& manifest) {
  Json json;
  json["schema_version"] = kShardSchema;
  json["version"] = manifest.version;
  json["options"] = manifest.made_with;
  json["shard"] = manifest.shard.index;
  json["of"] = manifest.shard.count;
  json["all_inputs"] = manifest.all_inputs;
  json["inputs"] = Json::array();
  for (const ShardManifest::Input& input : manifest.inputs) {
    json["inputs"].push_back({{"path", input.path}, {"bytes", input.bytes}});
  }
  json["features"] = manifest.features.empty() ? Json(nullptr) : Json(manifest.features);
  json["runs"] = manifest.runs;
  json["numbers"] = Json::object();
  for (const auto& [key, seen] : manifest.numbers.seen()) {
    json["numbers"][key] = {seen.runs, seen.shares, seen.least, seen.most};
  }
  json["bytes"] = manifest.bytes;
  json["digest"] = manifest.digest;
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<ShardManifest> parse_manifest(std::string_view text) {
  const auto no_manifest = fail(ErrorKind::kInput, "not a manifest of a shard of features");
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("schema_version", Json()) != kShardSchema) return no_manifest;
  try {
    ShardManifest manifest;
    manifest.version = json.at("version").get<std::string>();
    manifest.made_with = json.at("options").get<std::string>();
    const auto index = json.at("shard").get<std::uint64_t>();
    const auto count = json.at("of").get<std::uint64_t>();
    constexpr std::uint64_t kMostShards = 1'000'000;
    if (index < 1 || index > count || count > kMostShards) return no_manifest;
    manifest.shard = {static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(count)};
    manifest.all_inputs = json.at("all_inputs").get<std::string>();
    for (const Json& input : json.at("inputs")) {
      manifest.inputs.push_back(
          {input.at("path").get<std::string>(), input.at("bytes").get<std::uint64_t>()});
    }
    if (!json.at("features").is_null()) manifest.features = json["features"].get<std::string>();
    manifest.runs = json.at("runs").get<std::uint64_t>();
    const Json numbers = json.value("numbers", Json::object());
    for (const auto& [key, seen] : numbers.items()) {
      manifest.numbers.add(key, {seen.at(0).get<std::uint64_t>(), seen.at(1).get<std::uint64_t>(),
                                 seen.at(2).get<double>(), seen.at(3).get<double>()});
    }
    manifest.bytes = json.at("bytes").get<std::uint64_t>();
    manifest.digest = json.at("digest").get<std::string>();
    const bool plain = fs::path(manifest.features).filename() == manifest.features;
    if (!plain) return no_manifest;
    return manifest;
  } catch (const Json::exception&) {
    return no_manifest;
  }
}

Result<std::optional<ShardManifest>> find_finished(const std::string& folder, Shard shard) {
  const fs::path path = fs::path(folder) / shard_name(shard, kManifestEnding);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::nullopt;
  auto manifest = read_manifest(path);
  if (!manifest) return Unexpected(manifest.error());
  if (changed_since(path, manifest->inputs)) return std::nullopt;
  if (manifest->features.empty()) return std::optional(std::move(*manifest));
  const auto size = fs::file_size(path.parent_path() / manifest->features, ignored);
  if (ignored || size != manifest->bytes) return std::nullopt;
  return std::optional(std::move(*manifest));
}

Result<void> check_number_of_shards(const std::string& folder, Shard shard) {
  for (const fs::path& path : manifests_in(folder)) {
    const auto manifest = read_manifest(path);
    if (!manifest || manifest->shard.count == shard.count) continue;
    return fail(
        ErrorKind::kUsage,
        fmt::format("{}: holds shard {} of {}, beside which shard {} of {} cannot be read", folder,
                    manifest->shard.index, manifest->shard.count, shard.index, shard.count),
        "name another folder, or delete what is in this one");
  }
  return {};
}

std::string digest_of_inputs(const std::vector<InputFile>& files) {
  Hasher hasher;
  for (const InputFile& file : files) {
    hasher.update_field(file.path);
    hasher.update_field(file.model);
    hasher.update_field(std::to_string(stored_size(file)));
  }
  return to_hex(hasher.digest());
}

Result<std::vector<InputSpec>> expand_shards(const std::vector<InputSpec>& specs) {
  std::vector<InputSpec> expanded;
  for (const InputSpec& spec : specs) {
    std::error_code ignored;
    std::vector<fs::path> manifests;
    if (fs::is_directory(spec.path, ignored)) manifests = manifests_in(spec.path);
    if (manifests.empty()) {
      if (const auto below = shards_below(spec.path)) {
        return fail(ErrorKind::kInput,
                    fmt::format("{}: shards of features stand in {}, where they would not be held "
                                "against each other",
                                spec.path, *below),
                    "name that folder itself");
      }
      expanded.push_back(spec);
      continue;
    }
    auto features = features_in(manifests);
    if (!features) return Unexpected(features.error());
    for (std::string& path : *features) expanded.push_back({std::move(path), spec.model});
  }
  return expanded;
}

}  // namespace agentecho
