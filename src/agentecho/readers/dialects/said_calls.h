// The calls of one item, by the member under which each stands: providers and SDKs say the same
// call in several places.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho::dialects {

// Linear in the calls and their arguments, and nothing to do while all stand in one place.
class SaidCalls {
 public:
  void clear() { keep(0); }
  // Only the first n.
  void keep(std::size_t n);
  // The item's next call stands under `source`, which must outlive it here.
  void add(std::string_view source);

  // Whether the same call stands under another member: the same name and id, or the same arguments
  // where one of the two has no id. Arguments are the same in any order of their keys, any notation
  // of their numbers and with any white space between tokens. The item's calls begin at `first`.
  bool elsewhere(const ToolCall& call, std::string_view source, const Trajectory& t,
                 std::size_t first);

 private:
  // Under which members the first calls of the item stand, by what two calls have in common that
  // are the same.
  struct Index {
    void add(std::string key, std::string_view source);
    bool is_under_another(const std::string& key, std::string_view source) const;

    using Places = std::array<std::string_view, 2>;  // two that differ are enough to know
    std::unordered_map<std::string, Places> places;
    std::size_t n_calls = 0;
  };
  // What the arguments are compared by.
  using ArgumentText = std::string (*)(std::string_view arguments);

  bool has_same_id(const ToolCall& call, std::string_view source, std::span<const ToolCall> said);
  bool has_same_arguments(const ToolCall& call, std::string_view source,
                          std::span<const ToolCall> said, Index& index, ArgumentText text_of);

  std::vector<std::string_view> sources_;  // by call
  bool vary_ = false;
  bool any_without_id_ = false;  // among the calls of by_id_
  Index by_id_;
  Index by_text_;   // of the arguments
  Index by_value_;  // of the arguments; only filled where no text is the same
};

}  // namespace agentecho::dialects
