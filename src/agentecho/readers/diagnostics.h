// What was odd about the input: counted by kind, with the first cases of each kind kept word for
// word. Nothing that is read is lost without one of these.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho {

enum class DiagnosticKind : std::uint8_t {
  // Loss: a record or a part of the input that is not used.
  kMalformedRecord,
  kTruncated,
  kUnexpectedBytes,
  kRecordTooLarge,
  kUnreadable,
  kNoTrajectories,
  kIndexMismatch,
  kGitLfsPointer,
  kUnreadFormat,
  kUnreadList,
  kUnreadData,      // a member of a record, message or call that holds data, by name
  kLooksLikeCalls,  // text with marks of calls, in a run without calls
  // Dropped as the method says.
  kNoAssistantMessage,
  kDuplicate,
  kUnsuccessful,    // where only successful runs were asked for
  kUnknownOutcome,  // there as well
  // Read all the same.
  kTrialRenumbered,
  kMalformedArguments,
  kUnnamedCall,
  kResultWithoutCall,
  kUnknownRole,
  kRepairedUtf8,
  kRewardNotANumber,
  kTrialNotANumber,
  kFormatNote,
  kUnparsedCommand,
  kNotInForm,
};
constexpr std::size_t kDiagnosticKinds = 27;

std::string_view slug_of(DiagnosticKind kind);         // "malformed_record"
std::string_view description_of(DiagnosticKind kind);  // "records that are no valid trajectory"
// Input that should have been a trajectory, or a part of one, is not used (the first group above).
bool is_loss(DiagnosticKind kind);

struct Diagnostic {
  DiagnosticKind kind = DiagnosticKind::kMalformedRecord;
  std::string file;
  std::optional<std::uint64_t> record;  // 0, 1, … in the file
  std::optional<std::uint64_t> byte;    // offset in the (decompressed) file
  std::string message;
  std::string hint;
};

// The hint for a log that no reader understands: any can be written so.
inline constexpr std::string_view kHowToWriteLogs =
    "write one JSON object a line for each run: {\"model\", \"task_id\", \"success\", "
    "\"messages\"}; see docs/formats.md";

// "airline.json: record 17, byte 48213: tool call has no name"
std::string to_string(const Diagnostic& diagnostic);

class Diagnostics {
 public:
  static constexpr std::size_t kKeptPerKind = 100;

  // `count` cases at once, of which this is the example.
  void add(Diagnostic diagnostic, std::uint64_t count = 1);
  void merge(Diagnostics&& other);

  std::uint64_t count(DiagnosticKind kind) const { return counts_[static_cast<std::size_t>(kind)]; }
  std::uint64_t losses() const;
  // In order of arrival; at most kKeptPerKind of each kind.
  const std::vector<Diagnostic>& kept() const { return kept_; }

 private:
  std::array<std::uint64_t, kDiagnosticKinds> counts_{};
  std::array<std::size_t, kDiagnosticKinds> n_kept_{};
  std::vector<Diagnostic> kept_;
};

}  // namespace agentecho
