#include "agentecho/readers/inputs.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "agentecho/base/text.h"

namespace agentecho {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kCompressions[] = {".gz", ".zst"};
constexpr std::string_view kExtensions[] = {".json", ".jsonl", ".ndjson"};

std::string_view without_compression(std::string_view path) {
  for (const std::string_view extension : kCompressions) {
    if (path.ends_with(extension)) return path.substr(0, path.size() - extension.size());
  }
  return path;
}

bool has_log_extension(std::string_view path) {
  const std::string_view plain = without_compression(path);
  return std::any_of(std::begin(kExtensions), std::end(kExtensions),
                     [&](std::string_view extension) { return plain.ends_with(extension); });
}

// results.json next to simulations/ (tau2-bench's folder form).
std::string tau2_results_of(const fs::path& folder) {
  std::error_code ignored;
  const fs::path results = folder / "results.json";
  if (fs::is_regular_file(results, ignored) && fs::is_directory(folder / "simulations", ignored)) {
    return results.string();
  }
  return {};
}

// Devices, pipes and sockets are no logs; what cannot be looked at is taken, so that opening it
// says why.
bool may_be_log(const fs::path& entry) {
  std::error_code error;
  const fs::file_type type = fs::status(entry, error).type();
  return type == fs::file_type::regular || type == fs::file_type::not_found ||
         type == fs::file_type::none || type == fs::file_type::unknown;
}

Result<void> add_folder(const fs::path& folder, const std::string& model,
                        const std::string& tau2_results, std::vector<InputFile>& files) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (!it->path().filename().string().starts_with(".")) entries.push_back(it->path());
  }
  if (error) {
    return fail(ErrorKind::kInput,
                fmt::format("{}: cannot read the folder: {}", folder.string(), error.message()));
  }
  std::sort(entries.begin(), entries.end());
  const std::string results = tau2_results_of(folder);
  for (const fs::path& entry : entries) {
    std::error_code ignored;
    if (fs::is_directory(entry, ignored)) {
      const bool simulations = !results.empty() && entry.filename() == "simulations";
      auto added = add_folder(entry, model, simulations ? results : "", files);
      if (!added) return added;
    } else if (has_log_extension(entry.string()) && may_be_log(entry) &&
               (results.empty() || entry.string() != results)) {
      files.push_back({entry.string(), model, tau2_results});
    }
  }
  return {};
}

std::vector<std::string> expand_glob(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> paths;
  if (::glob(pattern.c_str(), GLOB_TILDE, nullptr, &found) == 0) {
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  ::globfree(&found);
  return paths;
}

std::string nearest_sibling(const fs::path& missing) {
  std::error_code error;
  const fs::path folder = missing.has_parent_path() ? missing.parent_path() : fs::path(".");
  std::string best;
  std::size_t best_distance = missing.filename().string().size() / 2 + 1;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    const std::size_t distance = edit_distance(name, missing.filename().string());
    if (distance < best_distance || (distance == best_distance && !best.empty() && name < best)) {
      best_distance = distance;
      best = name;
    }
  }
  return best.empty() ? std::string{} : (missing.parent_path() / best).string();
}

Result<void> add_path(const std::string& path, const std::string& model,
                      std::vector<InputFile>& files) {
  std::error_code ignored;
  if (path == "-") {
    files.push_back({path, model, {}});
    return {};
  }
  if (!fs::exists(path, ignored)) {
    const std::string nearest = nearest_sibling(path);
    return fail(ErrorKind::kInput, fmt::format("{}: no such file or folder", path),
                nearest.empty() ? "" : fmt::format("did you mean {}?", nearest));
  }
  if (!fs::is_directory(path, ignored)) {
    const fs::path parent = fs::path(path).parent_path();
    const std::string results =
        fs::path(path).filename() == "results.json" ? tau2_results_of(parent) : std::string{};
    if (!results.empty()) {
      return add_folder(parent / "simulations", model, results, files);
    }
    files.push_back({path, model, {}});
    return {};
  }
  const std::size_t before = files.size();
  if (auto added = add_folder(path, model, {}, files); !added) return added;
  if (files.size() == before) {
    return fail(ErrorKind::kInput, fmt::format("{}: no logs in this folder", path),
                "expected .json, .jsonl or .ndjson files, plain or with .gz or .zst");
  }
  return {};
}

}  // namespace

Result<std::vector<InputFile>> resolve_inputs(const std::vector<InputSpec>& specs) {
  std::vector<InputFile> files;
  for (const InputSpec& spec : specs) {
    std::error_code ignored;
    const bool is_pattern =
        spec.path.find_first_of("*?[") != std::string::npos && !fs::exists(spec.path, ignored);
    if (!is_pattern) {
      if (auto added = add_path(spec.path, spec.model, files); !added)
        return Unexpected(added.error());
      continue;
    }
    const std::vector<std::string> paths = expand_glob(spec.path);
    if (paths.empty()) {
      return fail(ErrorKind::kInput, fmt::format("{}: no file matches this pattern", spec.path));
    }
    for (const std::string& path : paths) {
      if (auto added = add_path(path, spec.model, files); !added) return Unexpected(added.error());
    }
  }
  std::set<std::string> seen;
  std::erase_if(files, [&](const InputFile& file) {
    std::error_code ignored;
    const fs::path canonical = fs::weakly_canonical(file.path, ignored);
    return !seen.insert(canonical.empty() ? file.path : canonical.string()).second;
  });
  return files;
}

std::string model_from_file_name(std::string_view path, bool single_simulation) {
  if (path == "-") return "stdin";
  std::string name = fs::path(without_compression(path)).filename().string();
  for (const std::string_view extension : kExtensions) {
    if (name.size() > extension.size() && name.ends_with(extension)) {
      name.resize(name.size() - extension.size());
      break;
    }
  }
  if (!single_simulation) return name;
  const std::size_t task = ascii_lowered(name).rfind("task");
  if (task == std::string::npos) return name;
  std::size_t end = task;
  while (end > 0 && (name[end - 1] == '_' || name[end - 1] == '-' || name[end - 1] == '.')) --end;
  return end > 0 && end < task ? name.substr(0, end) : name;
}

bool has_lines_extension(std::string_view path) {
  const std::string_view plain = without_compression(path);
  return plain.ends_with(".jsonl") || plain.ends_with(".ndjson");
}

}  // namespace agentecho
