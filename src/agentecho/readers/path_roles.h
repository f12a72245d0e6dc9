// What the paths of many files say about who ran what, where the files themselves do not: the parts
// in which the paths differ.
//
//   out/{model}/{task}/{task}.traj.json     the last part that differs is the task, the first other
//   the
//                                           model
//   {model}/run-1/{task}/messages.json      "run-1" is a trial; a name that all files have says
//   nothing {model}.jsonl                           one file a model
// These are guesses, so `inspect` says where each came from, and the user's --path wins over them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace agentecho {

// What a path suggests; empty where it suggests nothing.
struct PathParts {
  std::string model_folder;   // the first folder that differs between the files
  std::string task;           // the last part that differs, the file's own name first
  std::string stem;           // the file's name without extensions, where it is not the same in all
                              // folders
  std::string parent;         // the folder above the file, trials left out
  bool alone = false;         // no other file lies equally deep
  bool stem_repeats = false;  // file names come again in other folders
  std::optional<std::int64_t> trial;
  bool trial_differs = false;  // between the files
};

class PathRoles {
 public:
  // Paths of files, or of an archive's members.
  explicit PathRoles(const std::vector<std::string>& paths);

  // Of one of these paths.
  PathParts parts_of(std::string_view path) const;

 private:
  // Files that lie equally deep: which of their folders differ.
  struct Depth {
    std::vector<bool> differs;   // by folder, from the top
    std::vector<bool> is_trial;  // all its values are like "run-1"
    bool alone = false;
    bool stem_repeats = false;
    bool stem_differs = false;
    bool stem_is_trial = false;
  };
  std::map<std::size_t, Depth> depths_;  // by number of folders
};

// "run-1", "trial_03", "epoch2" -> the number.
std::optional<std::int64_t> trial_in_name(std::string_view name);

}  // namespace agentecho
