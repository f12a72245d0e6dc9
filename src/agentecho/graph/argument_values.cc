#include "agentecho/graph/argument_values.h"

#include <algorithm>
#include <iterator>

#include "agentecho/base/text.h"

namespace agentecho {

namespace {

constexpr std::size_t kShortest = 3;  // bytes

// Sorted, for binary search.
constexpr std::string_view kBlacklist[] = {
    "active",    "array",     "available", "canceled",   "cancelled", "closed",      "completed",
    "default",   "delivered", "error",     "failed",     "failure",   "false",       "inactive",
    "n/a",       "na",        "nan",       "no",         "none",      "null",        "number",
    "object",    "ok",        "okay",      "open",       "overdue",   "paid",        "pending",
    "processed", "string",    "success",   "successful", "true",      "unavailable", "undefined",
    "unknown",   "unpaid",    "yes"};

bool is_letter_or_digit(char c) {
  return is_ascii_alpha(c) || is_ascii_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string canonical_value(std::string_view leaf) {
  while (!leaf.empty() && !is_letter_or_digit(leaf.front())) leaf.remove_prefix(1);
  while (!leaf.empty() && !is_letter_or_digit(leaf.back())) leaf.remove_suffix(1);
  return ascii_lowered(leaf);
}

bool is_traceable(std::string_view canonical) {
  return canonical.size() >= kShortest &&
         !std::binary_search(std::begin(kBlacklist), std::end(kBlacklist), canonical);
}

}  // namespace agentecho
