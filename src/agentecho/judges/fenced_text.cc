#include "agentecho/judges/fenced_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "agentecho/judges/visible_text.h"
#include "agentecho/llm/digest.h"

namespace agentecho::judges {

namespace {

constexpr std::size_t kMarkLength = 32;
constexpr std::size_t kFenceLength = 60;  // of a fence line, about

}  // namespace

void FencedText::add(Kind kind, std::string text) {
  size_ += text.size() + (kind == Kind::kLine ? 1 : kFenceLength);
  lines_.push_back({kind, std::move(text)});
}

void FencedText::say(std::string_view line) {
  assert(line.find('\n') == std::string_view::npos && !line.starts_with(kQuotePrefix));
  add(Kind::kLine, std::string(line));
}

void FencedText::begin(std::string_view label) {
  assert(label_.empty());
  label_ = label;
  add(Kind::kBegin, label_);
}

void FencedText::end() {
  assert(!label_.empty());
  add(Kind::kEnd, std::exchange(label_, {}));
}

void FencedText::quote(std::string_view text) {
  const std::string shown = visible_text(text);
  for (std::size_t at = 0; at <= shown.size();) {
    const std::size_t end = std::min(shown.find('\n', at), shown.size());
    add(Kind::kLine, std::string(kQuotePrefix) + shown.substr(at, end - at));
    at = end + 1;
  }
}

void FencedText::quote(std::string_view text, std::size_t max_bytes) {
  const Clipped parts = clipped(text, max_bytes);
  quote(parts.head);
  if (parts.left_out == 0) return;
  say(fmt::format("({} bytes left out here)", parts.left_out));
  if (!parts.tail.empty()) quote(parts.tail);
}

std::string FencedText::text() const {
  assert(label_.empty());
  std::string all = purpose_;
  for (const Line& line : lines_) {
    all += '\n';
    all += line.text;
  }
  const std::string mark = llm::sha256_hex(all).substr(0, kMarkLength);
  std::string out;
  out.reserve(size_);
  for (const Line& line : lines_) {
    if (line.kind == Kind::kLine) {
      out += line.text;
    } else {
      out += fmt::format("<<<DATA {} {} {}>>>", mark, line.kind == Kind::kBegin ? "BEGIN" : "END",
                         line.text);
    }
    out += '\n';
  }
  return out;
}

}  // namespace agentecho::judges
