#include "agentecho/metrics/baselines/response_sentences.h"

#include <algorithm>
#include <string_view>

#include "agentecho/base/text.h"
#include "agentecho/trajectory/response_text.h"

namespace agentecho {

namespace {

bool is_letter(char c) { return is_ascii_alpha(c) || static_cast<unsigned char>(c) >= 0x80; }

bool closes(char c) { return c == '"' || c == '\'' || c == ')' || c == ']' || c == '*'; }

// Bytes of the mark at text[at] that ends a sentence, with what closes behind it; 0 for none.
std::size_t end_mark(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  for (const std::string_view mark : {"\xE3\x80\x82", "\xEF\xBC\x81", "\xEF\xBC\x9F"}) {
    if (rest.starts_with(mark)) return mark.size();
  }
  if (rest[0] != '.' && rest[0] != '!' && rest[0] != '?') return 0;
  std::size_t size = 1;
  while (size < rest.size() && closes(rest[size])) ++size;
  return size == rest.size() || is_ascii_space(rest[size]) ? size : 0;
}

template <class Take>
void take_sentence(std::string_view piece, const Take& take) {
  bool has_content = false;
  for (const char c : piece) has_content = has_content || is_letter(c) || is_ascii_digit(c);
  if (has_content) take(trimmed(piece));
}

template <class Take>
void split_sentences(std::string_view text, const Take& take) {
  std::size_t begin = 0;
  bool has_letter = false;
  for (std::size_t at = 0; at < text.size();) {
    const bool line_end = text[at] == '\n';
    const std::size_t mark = line_end ? 1 : end_mark(text, at);
    if (mark > 0 && (line_end || has_letter)) {
      take_sentence(text.substr(begin, at + mark - begin), take);
      begin = at + mark;
      has_letter = false;
    } else {
      has_letter = has_letter || (mark == 0 && is_letter(text[at]));
    }
    at += mark > 0 ? mark : 1;
  }
  take_sentence(text.substr(begin), take);
}

template <class Take>
void for_each_sentence(const Trajectory& trajectory, const Take& take) {
  for (const Message& message : trajectory.messages) {
    if (message.role == Role::kAssistant) split_sentences(response_text(message), take);
  }
}

}  // namespace

std::vector<std::string> response_sentences(const Trajectory& trajectory,
                                            const SentenceLimits& limits) {
  std::size_t total = 0;
  for_each_sentence(trajectory, [&](std::string_view) { ++total; });
  const std::size_t kept = std::min(total, limits.sentences);
  std::vector<std::string> sentences;
  std::size_t index = 0;
  for_each_sentence(trajectory, [&](std::string_view sentence) {
    const std::size_t k = sentences.size();
    if (k < kept && index == (2 * k + 1) * total / (2 * kept)) {
      sentences.push_back(
          with_valid_utf8(sentence.substr(0, utf8_prefix(sentence, limits.code_points))));
    }
    ++index;
  });
  return sentences;
}

}  // namespace agentecho
