#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

#include "agentecho/metrics/lineage/marker_hash.h"
#include "agentecho/metrics/lineage/markers.h"
#include "agentecho/metrics/rps/text_scan.h"
#include "agentecho/trajectory/response_text.h"

namespace agentecho::lineage {

namespace {

using rps::Layout;

// Counters that the scan of the local judge makes anyway.
constexpr std::uint32_t Layout::*kScanned[] = {
    &Layout::lines,          &Layout::paragraphs,
    &Layout::dash_bullets,   &Layout::dot_bullets,
    &Layout::nested_bullets, &Layout::numbered,
    &Layout::headings,       &Layout::bold_spans,
    &Layout::emoji,          &Layout::dashes,
    &Layout::arrows,         &Layout::curly_apostrophes,
    &Layout::parentheses,    &Layout::straight_apostrophes,
    &Layout::colon_lines,    &Layout::hard_breaks,
    &Layout::table_lines,    &Layout::backticks,
    &Layout::questions,      &Layout::exclamations};

// Marks that are counted beside them: colon, semicolon, slash, straight and curly quotation marks,
// ampersand, en dash, no-break space, narrow no-break space, no-break hyphen.
constexpr std::string_view kMarks[] = {
    ":",           ";", "/", "\"", "\xE2\x80\x9C", "&", "\xE2\x80\x93", "\xC2\xA0", "\xE2\x80\xAF",
    "\xE2\x80\x91"};

constexpr std::size_t kCounters = 2 + std::size(kScanned) + std::size(kMarks);
static_assert(kCounters == 32);

std::uint64_t occurrences(std::string_view text, std::string_view mark) {
  std::uint64_t count = 0;
  for (std::size_t at = text.find(mark); at != std::string_view::npos;
       at = text.find(mark, at + mark.size())) {
    ++count;
  }
  return count;
}

}  // namespace

Markers layout_markers(const Trajectory& trajectory) {
  std::array<std::uint64_t, kCounters> counts{};
  rps::TextScan scan;
  for (const Message& message : trajectory.messages) {
    if (message.role != Role::kAssistant) continue;
    const std::string_view text = response_text(message);
    if (text.empty()) continue;
    rps::scan_text(text, scan);
    std::size_t counter = 0;
    ++counts[counter++];
    counts[counter++] += scan.words.size();
    for (const auto member : kScanned) counts[counter++] += scan.layout.*member;
    for (const std::string_view mark : kMarks) counts[counter++] += occurrences(text, mark);
  }
  Markers markers;
  if (counts[0] == 0) return markers;
  for (std::size_t counter = 0; counter < kCounters; ++counter) {
    const auto size_class = static_cast<std::uint64_t>(std::bit_width(1 + counts[counter]) - 1);
    markers.push_back(followed_by(mixed(counter + 1), size_class));
  }
  make_set(markers);
  return markers;
}

}  // namespace agentecho::lineage
