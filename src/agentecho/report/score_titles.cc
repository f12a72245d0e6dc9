#include "agentecho/report/score_titles.h"

#include <algorithm>

#include "agentecho/base/text.h"

namespace agentecho {

namespace {

bool is_calibrated(Score score) {
  return score >= Score::kCalibratedSNode && score <= Score::kCalibratedAgs;
}

}  // namespace

std::string score_title(Score score) {
  switch (score) {
    case Score::kSNode:
      return "S_node";
    case Score::kSSeq:
      return "S_seq";
    case Score::kSDep:
      return "S_dep";
    case Score::kAgs:
      return "AGS";
    case Score::kCalibratedSNode:
      return "S_node cal.";
    case Score::kCalibratedSSeq:
      return "S_seq cal.";
    case Score::kCalibratedSDep:
      return "S_dep cal.";
    case Score::kCalibratedAgs:
      return "AGS cal.";
    case Score::kOverall:
      return "RPS";
    case Score::kBigram:
      return "2-gram";
    case Score::kGed:
      return "GED";
    default:
      return std::string(name_of(score));
  }
}

std::string score_slug(Score score) {
  if (score == Score::kOverall) return "rps";
  std::string slug = is_calibrated(score) ? "calibrated_" : "";
  slug += name_of(score);
  return slug;
}

std::string wrapped_text(std::string_view text, std::size_t width) {
  std::string out;
  std::size_t used = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const std::size_t columns = display_width(word);
    if (used > 0) {
      const bool fits = used + 1 + columns <= width;
      out += fits ? ' ' : '\n';
      used = fits ? used + 1 : 0;
    }
    out += word;
    used += columns;
    begin = end + 1;
  }
  out += '\n';
  return out;
}

}  // namespace agentecho
