#include "agentecho/readers/diagnostics.h"

#include <fmt/format.h>

#include <utility>

namespace agentecho {

namespace {

struct KindText {
  std::string_view slug;
  std::string_view description;
};

// In the order of the enumeration.
constexpr KindText kKinds[kDiagnosticKinds] = {
    {"malformed_record", "records that are no valid trajectory"},
    {"truncated", "inputs that end too early"},
    {"unexpected_bytes", "places where a record was expected and something else stands"},
    {"record_too_large", "records above the size limit"},
    {"unreadable", "inputs that could not be read to their end"},
    {"no_trajectories", "inputs without a single trajectory"},
    {"index_mismatch", "simulations that differ from their folder's index"},
    {"git_lfs_pointer", "files that are Git LFS pointers, not logs"},
    {"unread_format", "inputs in a format that is known but not read"},
    {"unread_list", "further lists of records in a file, not read"},
    {"unread_data", "members and parts that hold data and were not understood"},
    {"looks_like_calls", "messages that look like calls, in runs in which no call was read"},
    {"no_assistant_message", "runs without any assistant message, dropped"},
    {"duplicate", "copies and earlier snapshots of a trajectory that is loaded, dropped"},
    {"unsuccessful", "runs that did not succeed, left out"},
    {"unknown_outcome", "runs without a recorded outcome, which is no success, left out"},
    {"trial_renumbered", "trials whose number was taken by different content"},
    {"malformed_arguments", "tool calls whose arguments are not JSON, kept as one string"},
    {"unnamed_call", "tool calls with an empty name, kept"},
    {"result_without_call", "tool results that answer no call, kept as context"},
    {"unknown_role", "messages with an unknown role, kept as context"},
    {"repaired_utf8", "records with invalid UTF-8, replaced by U+FFFD"},
    {"reward_not_a_number",
     "rewards that are neither numbers nor words for success, taken as missing"},
    {"trial_not_a_number", "trials that are no whole numbers, taken as missing"},
    {"format_note", "things to know about how a format was read"},
    {"unparsed_command", "shell commands that cannot be parsed, kept as actions of unknown class"},
    {"not_in_form", "parts of runs that the form written by convert cannot hold"},
};

const KindText& text_of(DiagnosticKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

}  // namespace

std::string_view slug_of(DiagnosticKind kind) { return text_of(kind).slug; }
std::string_view description_of(DiagnosticKind kind) { return text_of(kind).description; }
bool is_loss(DiagnosticKind kind) {
  return kind <= DiagnosticKind::kLooksLikeCalls || kind == DiagnosticKind::kRewardNotANumber ||
         kind == DiagnosticKind::kTrialNotANumber;
}

std::string to_string(const Diagnostic& diagnostic) {
  std::string text = diagnostic.file;
  if (diagnostic.record) text += fmt::format(": record {}", *diagnostic.record);
  if (diagnostic.byte)
    text += fmt::format("{} byte {}", diagnostic.record ? "," : ":", *diagnostic.byte);
  text += ": " + diagnostic.message;
  if (!diagnostic.hint.empty()) text += " (" + diagnostic.hint + ")";
  return text;
}

void Diagnostics::add(Diagnostic diagnostic, std::uint64_t count) {
  const auto kind = static_cast<std::size_t>(diagnostic.kind);
  counts_[kind] += count;
  if (n_kept_[kind] >= kKeptPerKind) return;
  ++n_kept_[kind];
  kept_.push_back(std::move(diagnostic));
}

void Diagnostics::merge(Diagnostics&& other) {
  for (std::size_t kind = 0; kind < kDiagnosticKinds; ++kind) counts_[kind] += other.counts_[kind];
  for (Diagnostic& diagnostic : other.kept_) {
    std::size_t& kept = n_kept_[static_cast<std::size_t>(diagnostic.kind)];
    if (kept >= kKeptPerKind) continue;
    ++kept;
    kept_.push_back(std::move(diagnostic));
  }
  other = {};
}

std::uint64_t Diagnostics::losses() const {
  std::uint64_t n = 0;
  for (std::size_t kind = 0; kind < kDiagnosticKinds; ++kind) {
    if (is_loss(static_cast<DiagnosticKind>(kind))) n += counts_[kind];
  }
  return n;
}

}  // namespace agentecho
