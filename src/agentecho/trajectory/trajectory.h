// A trajectory: one run of one model on one task (METHOD 1), as every reader delivers it and every
// measure takes it.
//
// All texts of a trajectory are views into memory that it owns (arena), so a trajectory costs one
// large allocation, can be reused for the next record by clear(), and moves cheaply.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/trajectory/tool_kind.h"

namespace agentecho {

enum class Role : std::uint8_t { kSystem, kUser, kAssistant, kTool };

// Who issued a tool call: in tau2-bench the simulated user has tools of its own.
enum class Requestor : std::uint8_t { kAgent, kUser };

// What the log itself says about a tool result.
enum class ErrorFlag : std::uint8_t { kNotSaid, kNoError, kError };

// What the text of a tool result says of an error, where it is a JSON object (METHOD 2). kSet: its
// top-level "error" is neither null, false nor the empty string, or it is a result of the Model
// Context Protocol with "isError": true. kEmpty: "error" is one of those, or the object begins with
// another word for an error whose value is nothing ({"failed": 0}).
enum class ErrorMember : std::uint8_t { kNone, kEmpty, kSet };

constexpr std::int32_t kNone = -1;

struct Message {
  Role role = Role::kUser;
  Requestor requestor = Requestor::kAgent;  // of the calls, or of the call that this answers
  ErrorFlag error_flag = ErrorFlag::kNotSaid;
  ErrorMember error_member = ErrorMember::kNone;  // role tool; found by the reader
  std::string_view text;
  std::string_view reasoning;    // visible reasoning of an assistant message
  std::uint32_t first_call = 0;  // calls[first_call, first_call + n_calls) were issued here
  std::uint32_t n_calls = 0;
  std::string_view tool_call_id;  // role tool: the id that it answers, as logged
  std::int32_t answers = kNone;   // role tool: index of the call that it answers
  std::uint64_t as_written = 0;   // digest_of(text).low before calls were taken from it; 0: none
};

struct ToolCall {
  std::string_view id;
  std::string_view name;
  std::string_view arguments;  // JSON text as logged; when malformed, the raw text
  Requestor requestor = Requestor::kAgent;
  bool malformed_arguments = false;
  std::int32_t message = kNone;         // index of the message that issued it
  std::int32_t result_message = kNone;  // index of the message that answers it
  std::uint32_t first_leaf = 0;         // leaves[first_leaf, first_leaf + n_leaves)
  std::uint32_t n_leaves = 0;
  std::optional<ToolKind> kind;  // where an action table knows what this very call does (METHOD 13)
};

// A file that a call names or writes (METHOD 13).
struct FileUse {
  std::uint32_t call = 0;  // index into Trajectory::calls
  std::string_view path;
  bool written = false;
};

// Memory for texts: blocks that never move.
class TextArena {
 public:
  // Room for `size` more bytes in one piece; valid until clear(). Not initialised.
  char* reserve(std::size_t size);
  // The first `size` bytes of the last reserve() are kept.
  void commit(std::size_t size) { used_ += size; }
  std::string_view copy(std::string_view text);
  // Forgets all texts; keeps the largest block for reuse.
  void clear();

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  std::vector<Block> blocks_;
  std::size_t used_ = 0;  // of the last block
};

struct Trajectory {
  std::string model;
  std::string benchmark;
  std::string domain;
  std::string task_id;
  std::optional<std::int64_t> trial;
  std::optional<double> reward;
  std::string termination_reason;  // as logged; empty when not said
  std::vector<Message> messages;   // in log order; the system text first where there is one
  std::vector<ToolCall> calls;     // in log order, of the agent and of the simulated user
  // Leaf values of all calls' arguments: strings as they are, numbers in canonical text (METHOD 2);
  // booleans and nulls are left out.
  std::vector<std::string_view> leaves;
  std::vector<FileUse> file_uses;  // by call; only where shell commands became calls of their own
  TextArena arena;

  std::span<const ToolCall> calls_of(const Message& message) const {
    return std::span(calls).subspan(message.first_call, message.n_calls);
  }
  std::span<const std::string_view> leaves_of(const ToolCall& call) const {
    return std::span(leaves).subspan(call.first_leaf, call.n_leaves);
  }
  // The text of the result; empty when the result is missing.
  std::string_view result_of(const ToolCall& call) const {
    return call.result_message == kNone
               ? std::string_view{}
               : messages[static_cast<std::size_t>(call.result_message)].text;
  }
  // Ready for the next record; memory is kept.
  void clear();
};

// Reward at least 1 - 1e-9; a missing reward is not a success (METHOD 1).
bool is_successful(const Trajectory& trajectory);

}  // namespace agentecho
