// From what the user names (files, folders, globs, "-") to the list of files to read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"

namespace agentecho {

struct InputSpec {
  std::string path;
  std::string model;  // from --model NAME=PATH; empty: not said
};

struct InputFile {
  std::string path;
  std::string model;  // as in InputSpec
  // A member of a tau2-bench folder: the path of its results.json, which holds model, domain and
  // policy.
  std::string tau2_results;
};

// In a fixed order (by path within each spec), each file once. A folder is searched recursively for
// .json, .jsonl and .ndjson files, also with .gz or .zst behind; hidden entries are passed over. A
// folder with results.json and simulations/ is one tau2-bench data set. Errors: a path that does
// not exist (with the nearest name as a hint), a folder or glob without such files.
Result<std::vector<InputFile>> resolve_inputs(const std::vector<InputSpec>& specs);

// The model's name that a file name suggests: without folders and extensions, and for a file with a
// single simulation also without a "task" suffix ("gpt-5-mini__task_109.json" -> "gpt-5-mini").
std::string model_from_file_name(std::string_view path, bool single_simulation);

// Named like JSON Lines.
bool has_lines_extension(std::string_view path);

}  // namespace agentecho
