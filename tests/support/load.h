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

// Of each call, in order; empty where there is none.
inline std::vector<std::string> results(const Trajectory& t) {
  std::vector<std::string> all;
  for (const ToolCall& call : t.calls) all.emplace_back(t.result_of(call));
  return all;
}

// Of all calls' arguments.
inline std::vector<std::string> leaves(const Trajectory& t) {
  return {t.leaves.begin(), t.leaves.end()};
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
