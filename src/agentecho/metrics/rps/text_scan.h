// One linear pass over a message: its words (lowercased, hashed), its sentences and its layout.
// Everything that the local annotator, the sketches and the phrase tables know about a text comes
// from this scan, so a text is read once.
//
// Bytes are taken as they come: invalid UTF-8 is a letter like any other byte >= 0x80, nothing is
// decoded, nothing can fail. Cost: O(bytes) time; at most kMaxScannedBytes of a text are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho::rps {

constexpr std::size_t kMaxScannedBytes = 256 * 1024;

// Hash of a lowercased word (FNV-1a, 64 bits, finished with a mixer); the same on every machine.
std::uint64_t hash_word(std::string_view word);

// The mixer.
constexpr std::uint64_t mixed_hash(std::uint64_t h) {
  h ^= h >> 33;
  h *= 0xFF51AFD7ED558CCDu;
  h ^= h >> 33;
  return h;
}

// Hash of the sequence (before, next), for n-grams.
constexpr std::uint64_t hash_combine(std::uint64_t before, std::uint64_t next) {
  return mixed_hash((before + 0x9E3779B97F4A7C15u) * 0xC2B2AE3D27D4EB4Fu ^ next);
}

struct Word {
  std::uint64_t hash = 0;   // of the lowercased word, curly apostrophes made straight
  std::uint64_t pair = 0;   // hash_combine() of the word before it (0: none) and this one
  std::uint32_t begin = 0;  // text[begin, end)
  std::uint32_t end = 0;
  std::uint32_t sentence = 0;
  bool has_digit = false;
};

// Sentences end at . ! ? followed by white space, and at line ends.
struct Sentence {
  std::uint32_t first_word = 0;
  std::uint32_t n_words = 0;
  bool question = false;
  bool exclamation = false;
};

// Counts of layout habits in one text.
struct Layout {
  std::uint32_t bytes = 0;
  std::uint32_t lines = 0;           // non-blank
  std::uint32_t paragraphs = 0;      // groups of lines between blank lines
  std::uint32_t dash_bullets = 0;    // lines that start with - or *
  std::uint32_t dot_bullets = 0;     // lines that start with the bullet character
  std::uint32_t nested_bullets = 0;  // bullets of either kind after two or more blanks
  std::uint32_t numbered = 0;        // lines that start with "1." or "1)"
  std::uint32_t headings = 0;        // lines that start with # or are bold from end to end
  std::uint32_t bold_spans = 0;      // **...**
  std::uint32_t emoji = 0;
  std::uint32_t dashes = 0;  // em and en dashes
  std::uint32_t arrows = 0;
  std::uint32_t curly_apostrophes = 0;
  std::uint32_t straight_apostrophes = 0;
  std::uint32_t parentheses = 0;
  std::uint32_t colon_lines = 0;  // lines that end in a colon
  std::uint32_t hard_breaks = 0;  // lines that end in two blanks
  std::uint32_t table_lines = 0;  // lines that start with |
  std::uint32_t backticks = 0;
  std::uint32_t questions = 0;     // question marks
  std::uint32_t exclamations = 0;  // exclamation marks
  bool json_wrapped = false;       // the text starts with { or a code fence
};

struct TextScan {
  std::vector<Word> words;
  std::vector<Sentence> sentences;
  Layout layout;
  std::string_view text;  // what was scanned

  std::string_view spelling(const Word& word) const {
    return text.substr(word.begin, word.end - word.begin);
  }
};

// Fills `scan`, whose memory is reused. `text` must outlive the use of scan.text.
void scan_text(std::string_view text, TextScan& scan);

}  // namespace agentecho::rps
