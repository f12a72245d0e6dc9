#include "agentecho/llm/numbered_list.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <string>
#include <vector>

#include "agentecho/llm/json_edge.h"

namespace agentecho::llm {

namespace {

constexpr std::size_t kMostNamed = 10;

std::string named(std::vector<std::size_t> numbers) {
  const bool more = numbers.size() > kMostNamed;
  if (more) numbers.resize(kMostNamed);
  return fmt::format("{}{}", fmt::join(numbers, ", "), more ? ", ..." : "");
}

}  // namespace

Result<void> check_numbers(const ChatRequest& request, std::string_view json) {
  if (!request.numbered) return {};
  const NumberedList& wanted = *request.numbered;
  const auto reply = parse_reply(json);
  const Json* list = reply ? member(*reply, wanted.list.c_str()) : nullptr;
  if (list == nullptr || !list->is_array()) {
    return fail(ErrorKind::kInput, fmt::format("there is no list \"{}\"", wanted.list));
  }
  std::vector<std::uint32_t> entries(wanted.count, 0);
  for (const Json& entry : *list) {
    const auto number = integer_member(entry, wanted.key.c_str());
    if (!number || *number < 0) continue;
    // As unsigned, what is below the first lies beyond the count.
    const std::size_t index = static_cast<std::size_t>(*number) - wanted.first;
    if (index < entries.size()) ++entries[index];
  }
  std::vector<std::size_t> missing;
  std::vector<std::size_t> repeated;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i] == 0) missing.push_back(wanted.first + i);
    if (entries[i] > 1) repeated.push_back(wanted.first + i);
  }
  if (!missing.empty()) {
    return fail(ErrorKind::kInput, fmt::format("\"{}\" has no entry for {} {}", wanted.list,
                                               wanted.key, named(std::move(missing))));
  }
  if (!repeated.empty()) {
    return fail(ErrorKind::kInput, fmt::format("\"{}\" has several entries for {} {}", wanted.list,
                                               wanted.key, named(std::move(repeated))));
  }
  return {};
}

}  // namespace agentecho::llm
