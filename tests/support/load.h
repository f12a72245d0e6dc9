// Logs from text in one line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/load.h"
#include "agentecho/readers/record_parser.h"
#include "agentecho/readers/record_scanner.h"
#include "support/temp_folder.h"

namespace agentecho::testing {

struct Parsed {
  ParsedRecord record;
  Trajectory t;
};

inline Parsed parse(std::string_view json, const RecordDefaults& defaults = {}) {
  Parsed parsed;
  RecordParser parser;
  std::string padded(json);
  padded.append(RecordBlock::kPadding, '\0');
  parsed.record = parser.parse(std::string_view(padded).substr(0, json.size()), defaults, parsed.t);
  return parsed;
}

// The record of a run with these messages.
inline Parsed parse_messages(std::string_view messages) {
  return parse("{\"messages\":[" + std::string(messages) + "]}");
}

inline LoadOptions options_for(const std::vector<std::string>& paths, unsigned threads = 1) {
  LoadOptions options;
  options.threads = threads;
  for (const std::string& path : paths) options.files.push_back({path, "", ""});
  return options;
}

// What a file of this name and content gives.
inline LoadedTrajectories load_text(std::string_view name, std::string_view content) {
  const TempFolder folder;
  return load_trajectories(options_for({folder.write(name, content)})).value();
}

}  // namespace agentecho::testing
