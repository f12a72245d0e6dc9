#include "agentecho/report/redaction.h"

#include <fmt/format.h>
#include <regex.h>

namespace agentecho {

struct Redaction::Pattern {
  regex_t compiled{};
  bool valid = false;
  ~Pattern() {
    if (valid) regfree(&compiled);
  }
};

Result<Redaction> Redaction::make(const std::vector<std::string>& patterns) {
  Redaction redaction;
  for (const std::string& text : patterns) {
    auto pattern = std::make_shared<Pattern>();
    const int code = regcomp(&pattern->compiled, text.c_str(), REG_EXTENDED);
    if (code != 0) {
      char reason[200];
      regerror(code, &pattern->compiled, reason, sizeof reason);
      return fail(ErrorKind::kUsage,
                  fmt::format("\"{}\" is no regular expression: {}", text, reason),
                  "patterns are POSIX extended regular expressions");
    }
    pattern->valid = true;
    redaction.patterns_.push_back(std::move(pattern));
  }
  return redaction;
}

std::string Redaction::apply(std::string_view text) {
  std::string current(text);
  for (const auto& pattern : patterns_) {
    std::string out;
    std::size_t at = 0;
    while (at < current.size()) {
      regmatch_t match{};
      match.rm_so = static_cast<regoff_t>(at);
      match.rm_eo = static_cast<regoff_t>(current.size());
      if (regexec(&pattern->compiled, current.c_str(), 1, &match, REG_STARTEND) != 0) break;
      const auto begin = static_cast<std::size_t>(match.rm_so);
      const auto end = static_cast<std::size_t>(match.rm_eo);
      out.append(current, at, begin - at);
      if (end == begin) {  // an empty match hides nothing
        if (begin < current.size()) out += current[begin];
        at = begin + 1;
        continue;
      }
      out += "[redacted]";
      ++count_;
      at = end;
    }
    if (at < current.size()) out.append(current, at, std::string::npos);
    current = std::move(out);
  }
  return current;
}

}  // namespace agentecho
