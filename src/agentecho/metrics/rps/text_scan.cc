#include "agentecho/metrics/rps/text_scan.h"

#include <algorithm>
#include <array>
#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "agentecho/base/text.h"

namespace agentecho::rps {

namespace {

constexpr std::uint64_t kFnvOffset = 0xCBF29CE484222325u;
constexpr std::uint64_t kFnvPrime = 0x100000001B3u;

// What the bytes at one place are, as far as words and layout care.
enum class Glyph : std::uint8_t {
  kLetter,
  kDigit,
  kBlank,
  kOther,  // what nothing is counted of
  kMark,   // a parenthesis, backtick or star
  kApostrophe,
  kNewline,
  kSentenceEnd,
  kEmoji,
  kDash,
  kArrow,
  kUnsettled,
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

// The glyph of an ASCII byte; kUnsettled where what follows decides.
constexpr std::array<Glyph, 256> kGlyphs = [] {
  std::array<Glyph, 256> glyphs{};
  for (std::size_t byte = 0; byte < glyphs.size(); ++byte) {
    const char c = static_cast<char>(byte);
    Glyph& glyph = glyphs[byte];
    glyph = Glyph::kOther;
    if (is_ascii_alpha(c)) glyph = Glyph::kLetter;
    if (is_ascii_digit(c)) glyph = Glyph::kDigit;
    if (is_ascii_space(c)) glyph = Glyph::kBlank;
    if (c == '\n') glyph = Glyph::kNewline;
    if (c == '(' || c == '`' || c == '*') glyph = Glyph::kMark;
    if (c == '\'') glyph = Glyph::kApostrophe;
    if (c == '.' || c == '!' || c == '?') glyph = Glyph::kSentenceEnd;
    if (c == '\\' || byte >= 0x80) glyph = Glyph::kUnsettled;
  }
  return glyphs;
}();

// Escapes of a JSON-wrapped message are white space.
Unit classify_backslash(std::string_view text, std::size_t at) {
  const char next = at + 1 < text.size() ? text[at + 1] : ' ';
  if (next == 'n') return {Glyph::kNewline, 2};
  if (next == 't' || next == 'r') return {Glyph::kBlank, 2};
  return {Glyph::kOther, 1};
}

// Rare, and kept out of the way of what is not.
[[gnu::cold]] Unit settle(std::string_view text, std::size_t at) {
  return text[at] == '\\' ? classify_backslash(text, at) : classify_multibyte(text, at);
}

Unit classify(std::string_view text, std::size_t at) {
  const Glyph glyph = kGlyphs[static_cast<unsigned char>(text[at])];
  return glyph != Glyph::kUnsettled ? Unit{glyph, 1} : settle(text, at);
}

// A word of ASCII letters, digits and underscores with fewer than 16 bytes, and nothing behind it
// that may belong to it. length 0: there is no such word here, or this machine does not look.
struct ShortWord {
  std::size_t length = 0;
  std::uint64_t hash = 0;
  bool has_digit = false;
};

#if defined(__SSE2__)

// The FNV-1a hash after the first `length` of the eight bytes: that of every length is worked out,
// so that no branch depends on it.
std::uint64_t fnv_steps(std::uint64_t h, std::uint64_t bytes, std::size_t length) {
  std::uint64_t after[9];
  after[0] = h;
#pragma GCC unroll 8
  for (std::size_t i = 0; i < 8; ++i) {
    after[i + 1] = (after[i] ^ (bytes >> (8 * i) & 0xFF)) * kFnvPrime;
  }
  return after[length];
}

ShortWord short_word_at(std::string_view text, std::size_t begin) {
  constexpr std::size_t kBytes = 16;
  if (text.size() - begin < kBytes) return {};
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + begin));
  // Unsigned: first <= byte <= first + extent.
  const auto in_range = [](__m128i lane, char first, char extent) {
    const __m128i shifted = _mm_sub_epi8(lane, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(shifted, _mm_set1_epi8(extent)), shifted);
  };
  const __m128i bit5 = _mm_set1_epi8(0x20);
  const __m128i upper = in_range(bytes, 'A', 25);
  const __m128i digit = in_range(bytes, '0', 9);
  const __m128i letter = in_range(_mm_or_si128(bytes, bit5), 'a', 25);
  const __m128i underscore = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_'));
  const __m128i in_word = _mm_or_si128(_mm_or_si128(letter, digit), underscore);
  const auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(in_word));
  const auto length = static_cast<std::size_t>(std::countr_one(mask));
  if (length == 0 || length == kBytes) return {};
  const char next = text[begin + length];
  if (next == '\'' || static_cast<unsigned char>(next) >= 0x80) return {};
  const auto digits = static_cast<std::uint32_t>(_mm_movemask_epi8(digit));
  std::uint64_t lowered[2];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(lowered),
                   _mm_or_si128(bytes, _mm_and_si128(upper, bit5)));
  std::uint64_t h = fnv_steps(kFnvOffset, lowered[0], std::min<std::size_t>(length, 8));
  if (length > 8) h = fnv_steps(h, lowered[1], length - 8);
  return {length, mixed_hash(h), (digits & ((1u << length) - 1)) != 0};
}

#else

ShortWord short_word_at(std::string_view, std::size_t) { return {}; }

#endif

class Scanner {
 public:
  Scanner(std::string_view text, TextScan& scan) : text_(text), scan_(scan) {}

  void run() {
    std::size_t at = 0;
    while (at < text_.size()) {
      const Unit unit = classify(text_, at);
      if (unit.glyph == Glyph::kLetter || unit.glyph == Glyph::kDigit) {
        at = take_word(at);
      } else if (unit.glyph == Glyph::kBlank || unit.glyph == Glyph::kOther) {
        line_has_text_ = line_has_text_ || unit.glyph == Glyph::kOther;
        at += unit.length;
      } else {
        take_mark(unit, at);
        at += unit.length;
      }
    }
    end_line(at);
    end_sentence();
  }

 private:
  // A word: letters and digits, with single apostrophes and underscores.
  std::size_t take_word(std::size_t begin) {
    const ShortWord word = short_word_at(text_, begin);
    if (word.length == 0) return take_any_word(begin);
    const std::size_t end = begin + word.length;
    add_word(word.hash, begin, end, word.has_digit);
    return text_[end] == ' ' ? end + 1 : end;  // most words have a blank behind them
  }

  std::size_t take_any_word(std::size_t begin) {
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
    add_word(mixed_hash(h), begin, at, has_digit);
    return at;
  }

  void add_word(std::uint64_t hash, std::size_t begin, std::size_t end, bool has_digit) {
    scan_.words.push_back({hash, hash_combine(last_word_, hash), static_cast<std::uint32_t>(begin),
                           static_cast<std::uint32_t>(end),
                           static_cast<std::uint32_t>(scan_.sentences.size()), has_digit});
    last_word_ = hash;
    line_has_text_ = true;
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
      case Glyph::kMark:
        take_ascii_mark(at);
        break;
      default:
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
    const std::size_t size = line.size();
    if (size > 1 && line[size - 1] == ' ' && line[size - 2] == ' ') ++layout.hard_breaks;
    std::size_t indent = 0;
    while (indent < line.size() && is_ascii_space(line[indent])) ++indent;
    const std::string_view body = trimmed(line);
    if (body.empty()) return;
    const bool dot = body[0] == '\xE2' && body.starts_with("\xE2\x80\xA2");
    const bool bold = body.size() > 1 && body[0] == '*' && body[1] == '*';
    const bool dash = body.size() > 1 && (body[0] == '-' || body[0] == '*') && body[1] == ' ';
    if (dot) ++layout.dot_bullets;
    if (dash) ++layout.dash_bullets;
    if ((dot || dash) && indent >= 2) ++layout.nested_bullets;
    if (is_numbered(body.substr(bold ? 2 : 0))) ++layout.numbered;
    if (body[0] == '|') ++layout.table_lines;
    const bool ends_bold = body.back() == '*' && body.ends_with("**");
    if (body.back() == ':' || (ends_bold && body.ends_with(":**"))) ++layout.colon_lines;
    if (body[0] == '#' || (body.size() > 4 && bold && ends_bold)) {
      ++layout.headings;
    }
  }

  static bool is_numbered(std::string_view body) {
    std::size_t at = 0;
    while (at < body.size() && at < 3 && is_ascii_digit(body[at])) ++at;
    return at > 0 && at + 1 < body.size() && (body[at] == '.' || body[at] == ')') &&
           (is_ascii_space(body[at + 1]) || body[at + 1] == '*');
  }

  std::string_view text_;
  TextScan& scan_;
  Sentence current_;
  std::uint64_t last_word_ = 0;
  std::size_t line_begin_ = 0;
  bool line_has_text_ = false;
  bool in_paragraph_ = false;
  bool bold_open_ = false;
};

}  // namespace

std::uint64_t hash_word(std::string_view word) {
  std::uint64_t h = kFnvOffset;
  for (const char c : word) h = (h ^ static_cast<unsigned char>(ascii_lower(c))) * kFnvPrime;
  return mixed_hash(h);
}

void scan_text(std::string_view text, TextScan& scan) {
  scan.words.clear();
  scan.sentences.clear();
  scan.layout = {};
  scan.text = text.substr(0, kMaxScannedBytes);
  constexpr std::size_t kBytesOfWord = 5;  // and what lies between it and the next one
  scan.words.reserve(scan.text.size() / kBytesOfWord);
  scan.layout.bytes = static_cast<std::uint32_t>(scan.text.size());
  const std::string_view start = trimmed(scan.text);
  scan.layout.json_wrapped = start.starts_with("{") || start.starts_with("```");
  Scanner(scan.text, scan).run();
}

}  // namespace agentecho::rps
