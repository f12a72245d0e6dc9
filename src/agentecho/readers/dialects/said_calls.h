// The calls of one item, by the member under which each stands: providers and SDKs say the same
// call in several places.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho::dialects {

// Linear in the calls, and nothing to do while all stand in one place.
class SaidCalls {
 public:
  void clear() { keep(0); }
  // Only the first n.
  void keep(std::size_t n);
  // The item's next call stands under `source`, which must outlive it here.
  void add(std::string_view source);

  // Whether the same call stands under another member: the same name and id, or the same arguments
  // where one of the two has no id. The item's calls begin at `first`.
  bool elsewhere(const ToolCall& call, std::string_view source, const Trajectory& t,
                 std::size_t first);

 private:
  using Places = std::array<std::string_view, 2>;  // two that differ are enough to know

  void index(const ToolCall& call, std::string_view source);
  void note(std::string key, std::string_view source);
  bool is_under_another(const std::string& key, std::string_view source) const;

  std::vector<std::string_view> sources_;  // by call
  bool vary_ = false;
  std::unordered_map<std::string, Places> places_;
  std::size_t n_indexed_ = 0;
};

}  // namespace agentecho::dialects
