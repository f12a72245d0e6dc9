#include "agentecho/readers/inputs.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <system_error>
#include <utility>

#include "agentecho/base/file_status.h"
#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/csv_source.h"
#include "agentecho/readers/evaluation_reports.h"
#include "agentecho/readers/partner_logs.h"

namespace agentecho {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kCompressions[] = {".gz", ".zst", ".bz2", ".xz"};
constexpr std::string_view kExtensions[] = {".json", ".jsonl", ".ndjson", ".log", ".traj",
                                            ".eval", ".arrow", ".csv",    ".tsv"};
constexpr std::string_view kTables[] = {".csv", ".tsv"};
constexpr std::string_view kArchives[] = {".zip", ".tar", ".tgz", ".eval"};
constexpr std::string_view kMetadata[] = {
    "meta.json",       "metadata.json",     "config.json",   "info.json",   "args.json",
    "run_config.json", "run_metadata.json", "run_info.json", "params.json", "settings.json"};
// They may be metadata, or the log itself.
constexpr std::string_view kOutcomes[] = {"result.json", "score.json",         "eval.json",
                                          "reward.json", "verdict.json",       "evaluation.json",
                                          "report.json", "summary.json",       "overall.json",
                                          "cost.json",   "task_metadata.json", "history_item.json"};
constexpr std::string_view kPredictions = "preds.json";
constexpr std::string_view kClineLog = "api_conversation_history.json";  // of Cline and Roo Code

bool ends_with_one_of(std::string_view lowered, std::span<const std::string_view> extensions) {
  return std::any_of(extensions.begin(), extensions.end(), [&](std::string_view extension) {
    return lowered.size() > extension.size() && lowered.ends_with(extension);
  });
}

std::string without_one_of(std::string name, std::span<const std::string_view> extensions) {
  const std::string lowered = ascii_lowered(name);
  for (const std::string_view extension : extensions) {
    if (lowered.size() > extension.size() && lowered.ends_with(extension)) {
      name.resize(name.size() - extension.size());
      break;
    }
  }
  return name;
}

std::string plain_name(std::string_view path) {
  return without_one_of(fs::path(path).filename().string(), kCompressions);
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

std::string same_as(const fs::path& kept, std::string_view what) {
  return fmt::format("the same {} as {}", what, kept.string());
}

// Walks folders, and says what it did not take.
class FolderSearch {
 public:
  FolderSearch(ResolvedInputs& found, const std::atomic<bool>* stop) : found_(found), stop_(stop) {}

  // The folder, and then what links below it lead to, so that a folder's own name counts and not a
  // link's.
  Result<void> add(const fs::path& folder, const std::string& model,
                   const std::string& tau2_results) {
    const auto first = static_cast<std::ptrdiff_t>(found_.files.size());
    if (auto added = add_folder(folder, model, tau2_results); !added) return added;
    if (links_.empty()) return {};
    while (!links_.empty()) {  // they may lead to more links
      const Link link = links_.front();
      links_.pop_front();
      if (auto added = add_folder(link.path, model, link.tau2_results); !added) return added;
    }
    std::sort(
        found_.files.begin() + first, found_.files.end(),
        [](const InputFile& a, const InputFile& b) { return fs::path(a.path) < fs::path(b.path); });
    return {};
  }

  // An evaluation report, in a file that can be looked at before it is read.
  static bool is_report(const fs::path& entry) {
    std::error_code ignored;
    return may_be_called_report(entry.filename().string()) && fs::is_regular_file(entry, ignored) &&
           is_evaluation_report(entry.filename().string(), beginning_of(entry));
  }

  // No log: nobody says anything in it.
  static bool is_small_and_silent(const fs::path& entry) {
    return nobody_speaks(beginning_of(entry, kMostMetadata + 1));
  }

  // Metadata with nothing beside it: these are logs of that name.
  std::vector<InputFile> take_metadata() { return std::move(metadata_); }

 private:
  struct Link {
    fs::path path;
    std::string tau2_results;
  };

  Result<void> add_folder(const fs::path& folder, const std::string& model,
                          const std::string& tau2_results) {
    if (stop_ != nullptr && stop_->load(std::memory_order_relaxed)) {
      return fail(ErrorKind::kInterrupted, "interrupted while looking for logs");
    }
    if (!is_new(folder)) return {};
    std::vector<fs::path> entries;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      entries.push_back(it->path());
    }
    if (error) {
      return fail(ErrorKind::kInput,
                  fmt::format("{}: cannot read the folder: {}", folder.string(), error.message()));
    }
    std::sort(entries.begin(), entries.end());
    const std::string results = tau2_results_of(folder);
    const PartnerLogs partners(entries);
    for (const fs::path& entry : entries) {
      std::error_code ignored;
      const std::string name = entry.filename().string();
      if (name.starts_with(".")) {
        pass_over(entry, "hidden");
      } else if (partners.contain(name)) {
        pass_over(entry, "named as a judge's or a simulated user's, and no agent's");
      } else if (fs::is_directory(entry, ignored)) {
        const bool simulations = !results.empty() && name == "simulations";
        if (fs::is_symlink(entry, ignored)) {
          links_.push_back({entry, simulations ? results : ""});
        } else if (auto added = add_folder(entry, model, simulations ? results : ""); !added) {
          return added;
        }
      } else if (!has_log_extension(name) && !has_archive_extension(name)) {
        pass_over(entry, "not named like a log");
      } else if (!may_be_log(entry)) {
        pass_over(entry, "not a file");
      } else if (is_other_table(entry)) {
        pass_over(entry, "a table without messages");
      } else if (is_prediction(entry) && has_another_log(entries, entry)) {
        pass_over(entry, "predictions, which say nothing of the runs");
      } else if (is_of_data_set(entry, entries)) {
        pass_over(entry, "what the datasets library says of the tables beside it");
      } else if (is_report(entry)) {
        found_.files.push_back({entry.string(), model, tau2_results, true, false, true});
      } else if (name.starts_with("trajectory.summarization-") &&
                 fs::exists(folder / "trajectory.json", ignored)) {
        pass_over(entry, "a summary that the agent beside it had made (Terminus 2)");
      } else if (name == "ui_messages.json" && fs::exists(folder / kClineLog, ignored)) {
        pass_over(entry, "what the editor showed of the conversation beside it");
      } else if (is_metadata_name(name) ||
                 (may_be_metadata_name(name) && has_another_log(entries, entry) &&
                  is_small_and_silent(entry))) {
        metadata_.push_back({entry.string(), model, tau2_results, true, false, false});
      } else if (name == "report.json" && is_evaluation_of_one_run(beginning_of(entry))) {
        pass_over(entry, "the evaluation of one run");
      } else {
        InputFile file{entry.string(), model, tau2_results, true, false, false};
        file.may_be_header = !results.empty() && file.path == results;
        found_.files.push_back(std::move(file));
      }
    }
    return {};
  }

  // Tables of results often lie beside logs. One that is compressed is opened to see.
  static bool is_other_table(const fs::path& entry) {
    if (!has_csv_extension(entry.string()) || fs::path(entry).extension().string().size() != 4) {
      return false;
    }
    return !names_messages(beginning_of(entry));
  }

  // SWE-bench's: a patch for each task.
  static bool is_prediction(const fs::path& entry) {
    const std::string name = entry.filename().string();
    if (name.find("pred") == std::string::npos && name.find(".swebench.") == std::string::npos) {
      return false;
    }
    const std::string beginning = beginning_of(entry);
    return beginning.find("\"model_patch\"") != std::string::npos &&
           beginning.find("\"messages\"") == std::string::npos &&
           beginning.find("\"history\"") == std::string::npos &&
           beginning.find("\"role\"") == std::string::npos;
  }

  // What save_to_disk() of Hugging Face's datasets writes beside Arrow files, or above the folders
  // of several splits.
  static bool is_of_data_set(const fs::path& entry, const std::vector<fs::path>& entries) {
    constexpr std::string_view kOfTable[] = {"dataset_info.json", "state.json"};
    const std::string name = entry.filename().string();
    return name == "dataset_dict.json" ||
           (is_in(kOfTable, name) &&
            std::any_of(entries.begin(), entries.end(),
                        [](const fs::path& other) { return other.extension() == ".arrow"; }));
  }

  static std::string beginning_of(const fs::path& entry, std::size_t most = kTellingOfReports) {
    std::ifstream file(entry, std::ios::binary);
    std::string beginning(most, '\0');
    file.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
    beginning.resize(static_cast<std::size_t>(file.gcount()));
    return beginning;
  }

  // Or a folder, in which the log is.
  static bool has_another_log(const std::vector<fs::path>& entries, const fs::path& entry) {
    return std::any_of(entries.begin(), entries.end(), [&](const fs::path& other) {
      const std::string name = other.filename().string();
      std::error_code ignored;
      if (fs::is_directory(other, ignored)) return true;
      return other != entry && is_log_name(name);
    });
  }

  // Links may lead to where one has been. What was found there is not passed over without a word.
  bool is_new(const fs::path& folder) {
    const auto status = status_of(folder.string());
    if (!status) return true;  // reading it says why
    const auto [known, is_new] = visited_.try_emplace(file_id(*status), folder);
    if (is_new) return true;
    const std::string within = (known->second / "").string();
    const bool holds_logs =
        std::any_of(found_.files.begin(), found_.files.end(),
                    [&](const InputFile& file) { return file.path.starts_with(within); });
    if (holds_logs) found_.doubtful.push_back({folder.string(), same_as(known->second, "folder")});
    return false;
  }

  // Devices, pipes and sockets are no logs; what cannot be looked at is taken, so that opening it
  // says why.
  static bool may_be_log(const fs::path& entry) {
    std::error_code error;
    const fs::file_type type = fs::status(entry, error).type();
    return type == fs::file_type::regular || type == fs::file_type::not_found ||
           type == fs::file_type::none || type == fs::file_type::unknown;
  }

  void pass_over(const fs::path& path, std::string reason) {
    ++found_.n_passed_over;
    if (found_.passed_over.size() < ResolvedInputs::kKept) {
      found_.passed_over.push_back({path.string(), std::move(reason)});
    }
  }

  ResolvedInputs& found_;
  const std::atomic<bool>* stop_;
  std::map<FileId, fs::path> visited_;
  std::deque<Link> links_;  // to folders, not followed so far
  std::vector<InputFile> metadata_;
};

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

Result<void> add_path(const std::string& path, const std::string& model, ResolvedInputs& found,
                      const std::atomic<bool>* stop) {
  std::error_code ignored;
  if (path == "-") {
    found.files.push_back({path, model, {}, false, false, false});
    return {};
  }
  if (!fs::exists(path, ignored) && fs::is_symlink(path, ignored)) {
    return fail(ErrorKind::kInput, fmt::format("{}: a symbolic link to what is not there", path),
                "name the file or folder itself");
  }
  if (!fs::exists(path, ignored)) {
    const std::string nearest = nearest_sibling(path);
    return fail(ErrorKind::kInput, fmt::format("{}: no such file or folder", path),
                nearest.empty() ? "name a folder or file of logs"
                                : fmt::format("did you mean {}?", nearest));
  }
  FolderSearch search(found, stop);
  if (!fs::is_directory(path, ignored)) {
    const fs::path parent = fs::path(path).parent_path();
    const std::string results =
        fs::path(path).filename() == "results.json" ? tau2_results_of(parent) : std::string{};
    found.files.push_back(
        {path, model, {}, false, !results.empty(), FolderSearch::is_report(path)});
    return results.empty() ? Result<void>{} : search.add(parent / "simulations", model, results);
  }
  const std::size_t before = found.files.size();
  if (auto added = search.add(path, model, {}); !added) return added;
  if (found.files.size() == before) {
    for (InputFile& file : search.take_metadata()) found.files.push_back(std::move(file));
  }
  if (found.files.size() == before) {
    std::string hint =
        "expected .json, .jsonl, .ndjson, .log, .traj, .eval or .csv files, plain or with "
        ".gz, .zst, .bz2 or .xz, or .zip and .tar archives of them";
    if (found.n_passed_over > 0) {
      hint += fmt::format("; found: {}", found.passed_over.front().path);
      if (found.n_passed_over > 1) hint += fmt::format(" and {} more", found.n_passed_over - 1);
    }
    return fail(ErrorKind::kInput, fmt::format("{}: no logs in this folder", path), hint);
  }
  return {};
}

// How many parts of the path are links.
std::size_t n_links(const fs::path& path) {
  std::error_code ignored;
  std::size_t n = 0;
  fs::path part;
  for (const fs::path& name : fs::absolute(path, ignored)) {
    part /= name;
    if (fs::is_symlink(part, ignored)) ++n;
  }
  return n;
}

// Two paths to one file: the folders by which they differ, or the files themselves.
PassedOver same_place(fs::path dropped, fs::path kept) {
  std::string_view what = "file";
  while (dropped.filename() == kept.filename() && dropped.has_parent_path() &&
         kept.has_parent_path()) {
    dropped = dropped.parent_path();
    kept = kept.parent_path();
    what = "folder";
  }
  return {dropped.string(), same_as(kept, what)};
}

// Where symbolic links lead to.
std::string canonical_place(const std::string& path) {
  std::error_code ignored;
  const fs::path canonical = fs::weakly_canonical(path == "-" ? "/dev/stdin" : path, ignored);
  return canonical.empty() ? path : canonical.string();
}

// Each file once, by what it is and not by what it is called: under the path with the fewest links,
// the first of several, or the first that --model names.
void remove_doubled(ResolvedInputs& found) {
  std::map<std::string, std::vector<const InputFile*>> same;  // by canonical path
  std::map<FileId, std::string> linked;                       // that of the first name
  for (const InputFile& file : found.files) {
    std::string place = canonical_place(file.path);
    // Some file systems give different files one number, but none of these has two names. A pipe
    // has no path of its own.
    const auto status = status_of(file.path);
    if (status && (status->st_nlink > 1 || !is_regular(*status))) {
      place = linked.try_emplace(file_id(*status), place).first->second;
    }
    same[std::move(place)].push_back(&file);
  }
  std::set<const InputFile*> dropped;
  std::set<std::string> said;
  const auto say = [&](PassedOver place) {
    if (said.insert(place.path).second) found.doubtful.push_back(std::move(place));
  };
  std::vector<PassedOver> hard_links;
  for (const auto& place : same) {
    const std::vector<const InputFile*>& files = place.second;
    if (files.size() < 2) continue;
    const auto rank = [&](const InputFile* file) {
      return std::pair(file->model != files.front()->model, n_links(file->path));
    };
    const InputFile& kept = **std::min_element(
        files.begin(), files.end(),
        [&](const InputFile* a, const InputFile* b) { return rank(a) < rank(b); });
    for (const InputFile* file : files) {
      if (file == &kept) continue;
      dropped.insert(file);
      std::error_code ignored;
      const bool other_path = fs::absolute(file->path, ignored).lexically_normal() !=
                              fs::absolute(kept.path, ignored).lexically_normal();
      if (file->model != kept.model) {
        say({file->path, file->model.empty() ? same_as(kept.path, "file")
                                             : fmt::format("already read, as \"{}\"", kept.model)});
      } else if (canonical_place(file->path) != canonical_place(kept.path)) {
        hard_links.push_back({file->path, same_as(kept.path, "file")});
      } else if (other_path) {
        say(same_place(file->path, kept.path));
      }
    }
  }
  if (!hard_links.empty()) {  // there may be as many as files
    PassedOver& first = hard_links.front();
    if (hard_links.size() > 1) first.reason += fmt::format(" (so for {} files)", hard_links.size());
    found.doubtful.push_back(std::move(first));
  }
  std::vector<InputFile> kept;
  for (InputFile& file : found.files) {
    if (!dropped.contains(&file)) kept.push_back(std::move(file));
  }
  found.files = std::move(kept);
}

// What a folder search would have passed over, where the user (or a pattern) names it.
void note_named_partners(ResolvedInputs& found) {
  std::map<fs::path, std::vector<fs::path>> named;  // by folder
  for (const InputFile& file : found.files) {
    if (!file.from_folder && file.model.empty()) {
      named[fs::path(file.path).parent_path()].emplace_back(file.path);
    }
  }
  std::vector<fs::path> partners;
  for (const auto& [folder, files] : named) {
    if (files.size() < 2) continue;
    const PartnerLogs logs(files);
    std::copy_if(files.begin(), files.end(), std::back_inserter(partners),
                 [&](const fs::path& file) { return logs.contain(file.filename().string()); });
  }
  if (partners.empty()) return;
  std::string reason =
      "named as a judge's or a simulated user's, and read since it is named; name the folder "
      "to have the agent's logs alone";
  if (partners.size() > 1) reason += fmt::format(" (so for {} files)", partners.size());
  found.doubtful.push_back({partners.front().string(), std::move(reason)});
}

}  // namespace

Result<ResolvedInputs> resolve_inputs(const std::vector<InputSpec>& specs,
                                      const std::atomic<bool>* stop) {
  ResolvedInputs found;
  for (const InputSpec& spec : specs) {
    std::error_code ignored;
    const bool is_pattern =
        spec.path.find_first_of("*?[") != std::string::npos && !fs::exists(spec.path, ignored);
    std::vector<std::string> paths{spec.path};
    if (is_pattern) paths = expand_glob(spec.path);
    if (paths.empty()) {
      return fail(ErrorKind::kInput, fmt::format("{}: no file matches this pattern", spec.path));
    }
    for (const std::string& path : paths) {
      if (auto added = add_path(path, spec.model, found, stop); !added) {
        return Unexpected(added.error());
      }
    }
  }
  remove_doubled(found);
  note_named_partners(found);
  return found;
}

namespace {

// Without "-00000-of-00002": data sets are cut so.
std::string without_shard(std::string name) {
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::string_view kOf = "-of-";
  constexpr std::size_t kLeast = 3;  // digits of each number
  const std::size_t total = name.find_last_not_of(kDigits) + 1;
  if (name.size() < total + kLeast || !name.substr(0, total).ends_with(kOf)) return name;
  const std::size_t end = total - kOf.size();
  const std::size_t mark = std::string_view(name).substr(0, end).find_last_not_of(kDigits);
  const bool numbered = mark != kNowhere && mark > 0 && end - mark - 1 >= kLeast;
  if (numbered && std::string_view("-_.").find(name[mark]) != kNowhere) name.resize(mark);
  return name;
}

}  // namespace

std::string stem_of(std::string_view path) {
  if (path == "-") return "stdin";
  std::string name = without_one_of(plain_name(path), kExtensions);
  name = without_one_of(std::move(name), kArchives);
  // "desk-11.traj.json"
  return without_shard(without_one_of(std::move(name), kExtensions));
}

std::string model_from_file_name(std::string_view path, bool single_run) {
  std::string name = stem_of(path);
  // tau-bench's own: "tool-calling-gpt-4o-0.0_range_0--1_user-gpt-4o-llm_0101.json"
  const std::size_t range = name.find("_range_");
  if (range != std::string::npos && name.find("_user-", range) != std::string::npos) {
    for (const std::string_view strategy : {"tool-calling-", "few-shot-", "react-", "act-"}) {
      const std::size_t temperature = name.rfind('-', range);
      if (name.starts_with(strategy) && temperature > strategy.size()) {
        return name.substr(strategy.size(), temperature - strategy.size());
      }
    }
  }
  if (!single_run) return name;
  const std::size_t task = ascii_lowered(name).rfind("task");
  if (task == std::string::npos) return name;
  std::size_t end = task;
  while (end > 0 && (name[end - 1] == '_' || name[end - 1] == '-' || name[end - 1] == '.')) --end;
  return end > 0 && end < task ? name.substr(0, end) : name;
}

bool has_log_extension(std::string_view path) {
  return ends_with_one_of(ascii_lowered(plain_name(path)), kExtensions);
}

bool has_archive_extension(std::string_view path) {
  return ends_with_one_of(ascii_lowered(plain_name(path)), kArchives);
}

bool has_lines_extension(std::string_view path) {
  constexpr std::string_view kLines[] = {".jsonl", ".ndjson"};
  return ends_with_one_of(ascii_lowered(plain_name(path)), kLines);
}

bool has_csv_extension(std::string_view path) {
  return ends_with_one_of(ascii_lowered(plain_name(path)), kTables);
}

std::span<const std::string_view> metadata_names() { return kMetadata; }

std::span<const std::string_view> outcome_names() { return kOutcomes; }

bool may_be_metadata_name(std::string_view path) {
  const std::string name = fs::path(path).filename().string();
  return is_in(kOutcomes, name) || name == kPredictions;
}

bool may_speak_of_logs(const std::string& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return false;
  const std::string name = fs::path(path).filename().string();
  return is_metadata_name(name) ||
         (is_in(kOutcomes, name) && FolderSearch::is_small_and_silent(path)) ||
         FolderSearch::is_report(path);
}

bool is_log_name(std::string_view path) {
  return has_log_extension(path) && !is_metadata_name(path) && !may_be_metadata_name(path);
}

bool nobody_speaks(std::string_view text) {
  return text.size() <= kMostMetadata && trimmed(text).starts_with('{') &&
         text.find("\"role\"") == kNowhere && text.find("\"messages\"") == kNowhere &&
         text.find("\"traj\"") == kNowhere;
}

bool is_metadata_name(std::string_view path) {
  const std::string name = fs::path(path).filename().string();
  return is_in(kMetadata, name);
}

}  // namespace agentecho
