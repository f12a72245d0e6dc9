#define XXH_INLINE_ALL
#include <xxhash.h>

#include <string>

#include "agentecho/base/text.h"
#include "agentecho/metrics/lineage/marker_hash.h"
#include "agentecho/metrics/lineage/markers.h"
#include "agentecho/trajectory/response_text.h"

namespace agentecho::lineage {

namespace {

std::size_t end_of_letters(std::string_view text, std::size_t at) {
  while (at < text.size() && is_ascii_alpha(text[at])) ++at;
  return at;
}

// [a-z]+('[a-z]+)?
std::size_t end_of_word(std::string_view text, std::size_t at) {
  const std::size_t end = end_of_letters(text, at);
  if (end >= text.size() || text[end] != '\'') return end;
  const std::size_t longer = end_of_letters(text, end + 1);
  return longer > end + 1 ? longer : end;
}

// Reads the tokens of one text and hands on their hashes.
class Tokens {
 public:
  template <class Take>
  void read(std::string_view text, const Take& take) {
    for (std::size_t at = 0; at < text.size();) {
      const char c = text[at];
      if (is_ascii_alpha(c)) {
        const std::size_t end = end_of_word(text, at);
        take(lowered_hash(text.substr(at, end - at)));
        at = end;
      } else if (is_ascii_digit(c)) {
        while (at < text.size() && is_ascii_digit(text[at])) ++at;
        take(hash("0"));
      } else if (is_ascii_space(c)) {
        std::size_t breaks = 0;
        for (; at < text.size() && is_ascii_space(text[at]); ++at) breaks += text[at] == '\n';
        if (breaks > 0) take(hash(breaks == 1 ? "\n" : "\n\n"));
      } else if (c == '#') {
        const std::size_t begin = at;
        while (at < text.size() && text[at] == '#') ++at;
        take(hash(text.substr(begin, at - begin)));
      } else {
        const std::size_t size =
            text.substr(at).starts_with("**") ? 2 : utf8_prefix(text.substr(at), 1);
        take(hash(text.substr(at, size)));
        at += size;
      }
    }
  }

 private:
  static std::uint64_t hash(std::string_view token) {
    return XXH3_64bits(token.data(), token.size());
  }
  std::uint64_t lowered_hash(std::string_view word) {
    lowered_.assign(word);
    for (char& c : lowered_) c = ascii_lower(c);
    return hash(lowered_);
  }

  std::string lowered_;
};

}  // namespace

Markers word_markers(const Trajectory& trajectory) {
  Markers markers;
  NGrams grams(markers);
  Tokens tokens;
  for (const Message& message : trajectory.messages) {
    if (message.role != Role::kAssistant) continue;
    grams.restart();
    tokens.read(response_text(message), [&](std::uint64_t token) { grams.add(token); });
  }
  make_set(markers);
  return markers;
}

}  // namespace agentecho::lineage
