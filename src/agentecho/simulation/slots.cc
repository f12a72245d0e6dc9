#include "agentecho/simulation/slots.h"

#include "agentecho/base/text.h"

namespace agentecho::simulation {

namespace {

constexpr std::array<std::string_view, kSlotCount> kNames = {
    "name", "email", "phone", "postcode", "hire",  "instrument", "unit",   "city",  "start", "days",
    "end",  "total", "time",  "invoice",  "field", "value",      "reason", "fault", "method"};

int slot_named(std::string_view name) {
  for (std::size_t i = 0; i < kSlotCount; ++i) {
    if (kNames[i] == name) return static_cast<int>(i);
  }
  return -1;
}

bool is_word(char c) { return is_ascii_alpha(c) || is_ascii_digit(c); }

}  // namespace

std::uint32_t Slots::known() const {
  std::uint32_t mask = 0;
  for (std::size_t i = 0; i < kSlotCount; ++i) mask |= values_[i].empty() ? 0u : 1u << i;
  return mask;
}

Template::Template(std::string_view text) : text_(text) {
  std::size_t literal = 0;
  const auto close_literal = [&](std::size_t end) {
    if (end > literal) {
      pieces_.push_back(
          {static_cast<std::uint32_t>(literal), static_cast<std::uint32_t>(end - literal), -1});
    }
  };
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] != '{') continue;
    const std::size_t close = text_.find('}', i);
    if (close == std::string::npos) break;
    const int slot = slot_named(std::string_view(text_).substr(i + 1, close - i - 1));
    if (slot < 0) continue;
    close_literal(i);
    pieces_.push_back({0, 0, static_cast<std::int8_t>(slot)});
    needs_ |= 1u << slot;
    literal = close + 1;
    i = close;
  }
  close_literal(text_.size());
}

void Template::render(const Slots& slots, std::string& out) const {
  for (const Piece& piece : pieces_) {
    if (piece.slot < 0) {
      out.append(text_, piece.begin, piece.size);
    } else {
      out.append(slots[static_cast<Slot>(piece.slot)]);
    }
  }
}

std::optional<std::size_t> Template::match(std::string_view text, Slots& slots) const {
  if (!pieces_.empty() && pieces_[0].slot < 0 &&
      !text.starts_with(std::string_view(text_).substr(pieces_[0].begin, pieces_[0].size))) {
    return std::nullopt;  // the common case, before anything is copied
  }
  Slots found = slots;
  std::size_t at = 0;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    if (piece.slot < 0) {
      const std::string_view literal = std::string_view(text_).substr(piece.begin, piece.size);
      if (text.substr(at, literal.size()) != literal) return std::nullopt;
      at += literal.size();
      continue;
    }
    std::size_t end = text.size();
    if (i + 1 < pieces_.size()) {  // a slot is always followed by plain text, or by nothing
      const Piece& next = pieces_[i + 1];
      const std::string_view literal = std::string_view(text_).substr(next.begin, next.size);
      const bool last = i + 2 == pieces_.size();
      end = text.find(literal, at);
      while (last && end != std::string_view::npos && end + literal.size() < text.size() &&
             !is_ascii_space(text[end + literal.size()])) {
        end = text.find(literal, end + 1);
      }
      if (end == std::string_view::npos) return std::nullopt;
    }
    const std::string_view value = text.substr(at, end - at);
    if (value.empty() || value.find(". ") != value.npos || value.find("? ") != value.npos) {
      return std::nullopt;  // a value does not run over the end of a sentence
    }
    found[static_cast<Slot>(piece.slot)] = value;
    at = end;
  }
  if (at < text.size() && !is_ascii_space(text[at])) return std::nullopt;
  slots = found;
  return at;
}

std::string delexicalised(std::string_view text, const Slots& slots) {
  std::string out;
  out.reserve(text.size() + 16);
  std::size_t i = 0;
  while (i < text.size()) {
    const bool boundary = i == 0 || !is_word(text[i - 1]);
    std::size_t longest = 0;
    std::size_t which = 0;
    for (std::size_t s = 0; boundary && s < kSlotCount; ++s) {
      const std::string_view value = slots[static_cast<Slot>(s)];
      if (value.size() <= longest || text[i] != value[0]) continue;
      if (text.substr(i, value.size()) != value) continue;
      const std::size_t end = i + value.size();
      if (end < text.size() && is_word(text[end])) continue;
      longest = value.size();
      which = s;
    }
    if (longest == 0) {
      out.push_back(text[i++]);
    } else {
      out.push_back('{');
      out.append(kNames[which]);
      out.push_back('}');
      i += longest;
    }
  }
  return out;
}

}  // namespace agentecho::simulation
