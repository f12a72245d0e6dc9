#include "agentecho/metrics/rps/text_scan.h"

#include "agentecho/base/text.h"

namespace agentecho::rps {

namespace {

constexpr std::uint64_t kFnvOffset = 0xCBF29CE484222325u;
constexpr std::uint64_t kFnvPrime = 0x100000001B3u;

std::uint64_t mixed(std::uint64_t h) {
  h ^= h >> 33;
  h *= 0xFF51AFD7ED558CCDu;
  h ^= h >> 33;
  return h;
}

// What the bytes at one place are, as far as words and layout care.
enum class Glyph : std::uint8_t {
  kLetter,
  kDigit,
  kApostrophe,
  kBlank,
  kNewline,
  kSentenceEnd,
  kEmoji,
  kDash,
  kArrow,
  kDotBullet,
  kOther,
};

struct Unit {
  Glyph glyph = Glyph::kOther;
  std::uint32_t length = 1;  // bytes
};

// U+2013/2014 dashes, U+2018/2019 quotes, U+2022 bullet, U+2190..21FF arrows, U+2600..27BF and
// U+1F000.. pictographs; of the general punctuation and arrows block the rest is punctuation.
Unit classify_multibyte(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const unsigned lead = byte(0);
  if (lead == 0xE2 && at + 2 < text.size()) {
    const unsigned second = byte(1);
    const unsigned third = byte(2);
    if (second == 0x80) {
      if (third == 0x99 || third == 0x98) return {Glyph::kApostrophe, 3};
      if (third == 0x93 || third == 0x94) return {Glyph::kDash, 3};
      if (third == 0xA2) return {Glyph::kDotBullet, 3};
      if (third == 0xA8 || third == 0xA9) return {Glyph::kNewline, 3};
      return {Glyph::kOther, 3};
    }
    if (second == 0x86 || second == 0x87) return {Glyph::kArrow, 3};
    if (second >= 0x98 && second <= 0x9E) return {Glyph::kEmoji, 3};
  }
  if (lead == 0xEF && byte(1) == 0xB8) return {Glyph::kOther, at + 2 < text.size() ? 3u : 1u};
  if (lead == 0xF0 && byte(1) == 0x9F) return {Glyph::kEmoji, at + 3 < text.size() ? 4u : 1u};
  if (lead == 0xC2 && byte(1) == 0xA0) return {Glyph::kBlank, 2};
  return {Glyph::kLetter, 1};
}

Unit classify(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (is_ascii_alpha(c)) return {Glyph::kLetter, 1};
  if (is_ascii_digit(c)) return {Glyph::kDigit, 1};
  if (static_cast<unsigned char>(c) >= 0x80) return classify_multibyte(text, at);
  switch (c) {
    case '\n':
      return {Glyph::kNewline, 1};
    case '\'':
      return {Glyph::kApostrophe, 1};
    case '.':
    case '!':
    case '?':
      return {Glyph::kSentenceEnd, 1};
    case '\\':
      // Escapes of a JSON-wrapped message are white space.
      if (at + 1 < text.size()) {
        if (text[at + 1] == 'n') return {Glyph::kNewline, 2};
        if (text[at + 1] == 't' || text[at + 1] == 'r') return {Glyph::kBlank, 2};
      }
      return {Glyph::kOther, 1};
    default:
      return {is_ascii_space(c) ? Glyph::kBlank : Glyph::kOther, 1};
  }
}

class Scanner {
 public:
  Scanner(std::string_view text, TextScan& scan) : text_(text), scan_(scan) {}

  void run() {
    std::size_t at = 0;
    while (at < text_.size()) {
      const Unit unit = classify(text_, at);
      if (unit.glyph == Glyph::kLetter || unit.glyph == Glyph::kDigit) {
        at = take_word(at);
      } else {
        take_mark(unit, at);
        at += unit.length;
      }
    }
    end_line(at);
    end_sentence();
  }

 private:
  // A word: letters and digits, with single apostrophes, underscores and inner dots between digits.
  std::size_t take_word(std::size_t begin) {
    std::uint64_t h = kFnvOffset;
    bool has_digit = false;
    std::size_t at = begin;
    while (at < text_.size()) {
      const Unit unit = classify(text_, at);
      if (unit.glyph == Glyph::kLetter || unit.glyph == Glyph::kDigit || text_[at] == '_') {
        has_digit = has_digit || unit.glyph == Glyph::kDigit;
        h = (h ^ static_cast<unsigned char>(ascii_lower(text_[at]))) * kFnvPrime;
        ++at;
      } else if (unit.glyph == Glyph::kApostrophe && letter_at(at + unit.length)) {
        count_apostrophe(unit);
        h = (h ^ static_cast<unsigned char>('\'')) * kFnvPrime;
        at += unit.length;
      } else {
        break;
      }
    }
    scan_.words.push_back({mixed(h), static_cast<std::uint32_t>(begin),
                           static_cast<std::uint32_t>(at),
                           static_cast<std::uint32_t>(scan_.sentences.size()), has_digit});
    line_has_text_ = true;
    return at;
  }

  bool letter_at(std::size_t at) const {
    return at < text_.size() && classify(text_, at).glyph == Glyph::kLetter;
  }

  void count_apostrophe(const Unit& unit) {
    ++(unit.length > 1 ? scan_.layout.curly_apostrophes : scan_.layout.straight_apostrophes);
  }

  void take_mark(const Unit& unit, std::size_t at) {
    Layout& layout = scan_.layout;
    switch (unit.glyph) {
      case Glyph::kNewline:
        end_line(at);
        line_begin_ = at + unit.length;
        return;
      case Glyph::kBlank:
        return;
      case Glyph::kSentenceEnd:
        take_sentence_end(at);
        break;
      case Glyph::kEmoji:
        ++layout.emoji;
        break;
      case Glyph::kDash:
        ++layout.dashes;
        break;
      case Glyph::kArrow:
        ++layout.arrows;
        break;
      case Glyph::kApostrophe:
        count_apostrophe(unit);
        break;
      default:
        take_ascii_mark(at);
        break;
    }
    line_has_text_ = true;
  }

  void take_ascii_mark(std::size_t at) {
    Layout& layout = scan_.layout;
    if (text_[at] == '(') ++layout.parentheses;
    if (text_[at] == '`') ++layout.backticks;
    if (text_[at] == '*' && at + 1 < text_.size() && text_[at + 1] == '*' &&
        !(at > 0 && text_[at - 1] == '*')) {
      bold_open_ = !bold_open_;
      if (!bold_open_) ++layout.bold_spans;
    }
  }

  void take_sentence_end(std::size_t at) {
    const char mark = text_[at];
    if (mark == '?') ++scan_.layout.questions;
    if (mark == '!') ++scan_.layout.exclamations;
    const bool inside = mark == '.' && at + 1 < text_.size() &&
                        (is_ascii_alpha(text_[at + 1]) || is_ascii_digit(text_[at + 1]));
    if (inside) return;
    if (mark == '?') current_.question = true;
    if (mark == '!') current_.exclamation = true;
    end_sentence();
  }

  void end_sentence() {
    const auto n_words = static_cast<std::uint32_t>(scan_.words.size());
    if (n_words == current_.first_word) {
      // A mark after a mark ("?!", "...") still belongs to the sentence before.
      if (!scan_.sentences.empty()) {
        scan_.sentences.back().question |= current_.question;
        scan_.sentences.back().exclamation |= current_.exclamation;
      }
    } else {
      current_.n_words = n_words - current_.first_word;
      scan_.sentences.push_back(current_);
    }
    current_ = Sentence{n_words, 0, false, false};
  }

  void end_line(std::size_t end) {
    if (scan_.words.size() > current_.first_word) end_sentence();
    Layout& layout = scan_.layout;
    if (!line_has_text_) {
      in_paragraph_ = false;
      line_begin_ = end;
      return;
    }
    line_has_text_ = false;
    ++layout.lines;
    if (!in_paragraph_) ++layout.paragraphs;
    in_paragraph_ = true;
    classify_line(text_.substr(line_begin_, end - line_begin_));
  }

  void classify_line(std::string_view line) {
    Layout& layout = scan_.layout;
    if (line.ends_with("  ")) ++layout.hard_breaks;
    std::size_t indent = 0;
    while (indent < line.size() && is_ascii_space(line[indent])) ++indent;
    const std::string_view body = trimmed(line);
    if (body.empty()) return;
    const bool dot = body.starts_with("\xE2\x80\xA2");
    const bool dash = body.size() > 1 && (body[0] == '-' || body[0] == '*') && body[1] == ' ';
    if (dot) ++layout.dot_bullets;
    if (dash) ++layout.dash_bullets;
    if ((dot || dash) && indent >= 2) ++layout.nested_bullets;
    if (is_numbered(body)) ++layout.numbered;
    if (body[0] == '|') ++layout.table_lines;
    if (body.back() == ':' || body.ends_with(":**")) ++layout.colon_lines;
    if (body[0] == '#' || (body.size() > 4 && body.starts_with("**") && body.ends_with("**"))) {
      ++layout.headings;
    }
  }

  static bool is_numbered(std::string_view body) {
    std::size_t at = body.starts_with("**") ? 2 : 0;
    const std::size_t begin = at;
    while (at < body.size() && at - begin < 3 && is_ascii_digit(body[at])) ++at;
    return at > begin && at + 1 < body.size() && (body[at] == '.' || body[at] == ')') &&
           (is_ascii_space(body[at + 1]) || body[at + 1] == '*');
  }

  std::string_view text_;
  TextScan& scan_;
  Sentence current_;
  std::size_t line_begin_ = 0;
  bool line_has_text_ = false;
  bool in_paragraph_ = false;
  bool bold_open_ = false;
};

}  // namespace

std::uint64_t hash_word(std::string_view word) {
  std::uint64_t h = kFnvOffset;
  for (const char c : word) h = (h ^ static_cast<unsigned char>(ascii_lower(c))) * kFnvPrime;
  return mixed(h);
}

std::uint64_t hash_combine(std::uint64_t before, std::uint64_t next) {
  return mixed((before + 0x9E3779B97F4A7C15u) * 0xC2B2AE3D27D4EB4Fu ^ next);
}

void scan_text(std::string_view text, TextScan& scan) {
  scan.words.clear();
  scan.sentences.clear();
  scan.layout = {};
  scan.text = text.substr(0, kMaxScannedBytes);
  scan.layout.bytes = static_cast<std::uint32_t>(scan.text.size());
  const std::string_view start = trimmed(scan.text);
  scan.layout.json_wrapped = start.starts_with("{") || start.starts_with("```");
  Scanner(scan.text, scan).run();
}

}  // namespace agentecho::rps
