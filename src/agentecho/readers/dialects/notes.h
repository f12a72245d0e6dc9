// What was odd about a run that was read all the same, and what of it was not understood.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho {

// Something that holds data and was not read, by name: "message member `foo`", "content part of
// type `image`", "call member `bar`", …
struct UnreadData {
  std::string what;
  std::uint32_t count = 0;
};

struct RecordNotes {
  std::uint32_t malformed_arguments =
      0;                            // calls whose arguments are no JSON; kept as one raw string
  std::uint32_t unnamed_calls = 0;  // calls of a tool with the empty name; kept
  std::uint32_t results_without_call = 0;  // tool messages that answer no call; kept as context
  std::uint32_t unknown_roles = 0;         // kept as context
  bool repaired_utf8 = false;              // invalid bytes replaced by U+FFFD
  // What says how the run ended, or its trial, and was not understood: taken as missing.
  std::vector<std::string> odd_outcomes;
  std::vector<std::string> odd_trials;
  std::vector<UnreadData> unread;
  // In runs without a call: texts that look like calls but could not be read as such, by their
  // mark.
  std::vector<UnreadData> call_marks;
  std::vector<std::string> models;        // that messages of the assistant name; at most two
  std::vector<UnreadData> roles_unknown;  // the names of those counted in unknown_roles

  // Distinct names that are kept in one list; what comes after them is counted as "others".
  static constexpr std::size_t kMostNames = 64;
  static void count(std::vector<UnreadData>& list, std::string what, std::uint32_t n = 1);
};

// WHAT `NAME`, the name of the log's own made printable.
std::string with_name(std::string_view what, std::string_view name);

}  // namespace agentecho
