#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <string_view>

#include "agentecho/base/text.h"
#include "agentecho/metrics/lineage/marker_hash.h"
#include "agentecho/metrics/lineage/markers.h"
#include "agentecho/trajectory/error_result.h"
#include "agentecho/trajectory/response_text.h"
#include "agentecho/trajectory/tool_names.h"

namespace agentecho::lineage {

namespace dom = simdjson::dom;

namespace {

// Kinds of markers and events, so that none equals one of another kind.
constexpr std::uint64_t kExactCall = mixed(1);
constexpr std::uint64_t kArgumentGiven = mixed(2);
constexpr std::uint64_t kBeginning = mixed(3);
constexpr std::uint64_t kEnd = mixed(4);
constexpr std::uint64_t kText = mixed(5);
constexpr std::uint64_t kError = mixed(6);
constexpr std::uint64_t kTool = mixed(7);

// The arguments of a call as a hash of their values, whatever the order of keys and the white
// space, and the paths of the arguments that are given.
class Arguments {
 public:
  // `given`: takes the hash of each path, below that of the tool.
  std::uint64_t read(std::string_view json, std::uint64_t tool, Markers& given) {
    padded_ = simdjson::padded_string(json);
    dom::element arguments;
    if (parser_.parse(padded_).get(arguments) != simdjson::SUCCESS) {
      return followed_by(mixed(9), hash_of(trimmed(json)));
    }
    return value(arguments, followed_by(kArgumentGiven, tool), given);
  }

 private:
  static std::uint64_t number(double value) {
    return value == std::floor(value) && std::abs(value) < 0x1p53
               ? integer(static_cast<std::int64_t>(value))
               : followed_by(mixed(11), std::bit_cast<std::uint64_t>(value));
  }
  static std::uint64_t integer(std::int64_t value) {
    return followed_by(mixed(10), static_cast<std::uint64_t>(value));
  }

  std::uint64_t value(const dom::element& element, std::uint64_t path, Markers& given) {
    switch (element.type()) {
      case dom::element_type::OBJECT: {
        std::uint64_t sum = mixed(12);  // a sum, so that the order of keys does not matter
        for (const dom::key_value_pair member : dom::object(element)) {
          const std::uint64_t key = hash_of(member.key);
          const std::uint64_t longer = followed_by(path, key);
          given.push_back(longer);
          sum += followed_by(key, value(member.value, longer, given));
        }
        return mixed(sum);
      }
      case dom::element_type::ARRAY: {
        std::uint64_t sequence = mixed(13);
        for (const dom::element member : dom::array(element)) {
          sequence = followed_by(sequence, value(member, path, given));
        }
        return sequence;
      }
      case dom::element_type::INT64:
        return integer(std::int64_t(element));
      case dom::element_type::UINT64:
        return integer(static_cast<std::int64_t>(std::uint64_t(element)));
      case dom::element_type::DOUBLE:
        return number(double(element));
      case dom::element_type::STRING:
        return followed_by(mixed(14), hash_of(std::string_view(element)));
      case dom::element_type::BOOL:
        return mixed(bool(element) ? 15 : 16);
      case dom::element_type::NULL_VALUE:
        return mixed(17);
    }
    return 0;
  }

  dom::parser parser_;
  simdjson::padded_string padded_;
};

bool is_action(const ToolCall& call) { return call.requestor == Requestor::kAgent; }

}  // namespace

Markers action_markers(const Trajectory& trajectory) {
  Markers markers;
  if (std::none_of(trajectory.calls.begin(), trajectory.calls.end(), is_action)) return markers;
  Arguments arguments;
  Markers grams;
  NGrams events(grams);
  events.add(kBeginning);
  for (const Message& message : trajectory.messages) {
    if (message.role != Role::kAssistant) continue;
    bool acts = false;
    for (const ToolCall& call : trajectory.calls_of(message)) {
      if (!is_action(call)) continue;
      acts = true;
      const std::uint64_t tool = followed_by(kTool, hash_of(without_serving_marks(call.name)));
      const std::uint64_t values = arguments.read(call.arguments, tool, markers);
      markers.push_back(followed_by(followed_by(kExactCall, tool), values));
      events.add(tool);
      if (failed(trajectory, call)) events.add(kError);
    }
    if (!acts && !response_text(message).empty()) events.add(kText);
  }
  events.add(kEnd);
  markers.insert(markers.end(), grams.begin(), grams.end());
  make_set(markers);
  return markers;
}

}  // namespace agentecho::lineage
