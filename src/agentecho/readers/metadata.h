// Metadata beside logs: meta.json, metadata.json, config.json or info.json, result.json and others
// in the same folder (of the disk, or of an archive), or above a folder such as agent/, may say
// what the records do not. They are read like a record without messages, so any key that a record
// may have they may have too.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/readers/formats/format.h"
#include "agentecho/readers/identity_keys.h"
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
  bool encloses = false;  // it stands around the records: its task id is that of all of them
};

// What an object says about the list of records in it ({"model": …, "runs": […]}): `beginning` is
// the object, complete or cut, `first_record` where the list's first element begins in it. Null
// where it names neither model nor task.
std::shared_ptr<const Metadata> metadata_around(std::string_view beginning,
                                                std::string_view first_record,
                                                const RecordDefaults& defaults);

class MetadataFinder {
 public:
  // Of the folder in which the entry stands; null when there is none.
  std::shared_ptr<const Metadata> find(const Entry& entry, const RecordDefaults& defaults);

 private:
  std::map<std::string, std::shared_ptr<const Metadata>> by_folder_;
};

}  // namespace agentecho
