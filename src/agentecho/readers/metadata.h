// Metadata beside logs: meta.json, metadata.json, config.json or info.json, result.json and others
// in the same folder (of the disk, or of an archive), or above a folder such as agent/, may say
// what the records do not. A folder further up may say the model of all that lies below it. They
// are read like a record without messages, so any key that a record may have they may have too.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/readers/formats/format.h"
#include "agentecho/readers/identity_keys.h"
#include "agentecho/readers/path_roles.h"
#include "agentecho/readers/record_parser.h"

namespace agentecho {

struct Metadata {
  std::string name;     // "meta.json"
  std::string members;  // the JSON of its members, without the braces around them
  RecordIdentity identity;
  std::string domain;
  std::optional<double> reward;
  std::string outcome_key;
  std::optional<double> points;  // as in ParsedRecord
  std::optional<std::int64_t> trial;
  std::string of_one_run;  // the file that also says a task, trial or outcome, but stands beside
                           // several logs
  bool encloses = false;   // it stands around the records: its task id is that of all of them
};

// What an object says about the list of records in it ({"model": …, "runs": […]}): `beginning` is
// the object, complete or cut, `first_record` where the list's first element begins in it. Null
// where it names neither model nor task.
std::shared_ptr<const Metadata> metadata_around(std::string_view beginning,
                                                std::string_view first_record,
                                                const RecordDefaults& defaults);

class MetadataFinder {
 public:
  // `paths`: of all files that are read. What stands above their common folder is not looked at.
  explicit MetadataFinder(const std::vector<std::string>& paths);

  // Of the folder in which the entry stands; null when there is none. `path`: what the entry's path
  // says.
  std::shared_ptr<const Metadata> find(const Entry& entry, const RecordDefaults& defaults,
                                       const PathParts& path);

 private:
  std::shared_ptr<const Metadata> model_above(const Entry& entry, const std::string& folder,
                                              const std::string& inside,
                                              const RecordDefaults& defaults);

  std::map<std::string, std::size_t> n_logs_;  // by folder and ending
  std::string root_;                           // the common folder, with "/" at its end
  std::map<std::string, std::shared_ptr<const Metadata>> by_folder_;
  std::map<std::string, std::shared_ptr<const Metadata>> models_;  // of folders that say one
};

}  // namespace agentecho
