#include "agentecho/metrics/rps/text_scan.h"

#include <gtest/gtest.h>

#include <string>

#include "agentecho/base/random.h"
#include "agentecho/base/text.h"

namespace agentecho::rps {
namespace {

TextScan scanned(const std::string& text) {
  TextScan scan;
  scan_text(text, scan);
  return scan;
}

TEST(TextScan, SplitsWordsAndSentences) {
  const std::string text = "Hello there! It costs 3.50 dollars. Shall I go on?";
  const TextScan scan = scanned(text);
  ASSERT_EQ(scan.sentences.size(), 3u);
  EXPECT_TRUE(scan.sentences[0].exclamation);
  EXPECT_FALSE(scan.sentences[1].question);
  EXPECT_TRUE(scan.sentences[2].question);
  EXPECT_EQ(scan.sentences[0].n_words, 2u);
  EXPECT_EQ(scan.sentences[1].n_words, 5u);  // it costs 3 50 dollars
  EXPECT_TRUE(scan.words[4].has_digit);
  EXPECT_EQ(scan.layout.questions, 1u);
}

TEST(TextScan, HashesWordsWithoutRegardToCaseAndApostropheShape) {
  const std::string text =
      "I'd I\xE2\x80\x99"
      "D";
  const TextScan scan = scanned(text);
  ASSERT_EQ(scan.words.size(), 2u);
  EXPECT_EQ(scan.words[0].hash, hash_word("i'd"));
  EXPECT_EQ(scan.words[1].hash, hash_word("i'd"));
  EXPECT_EQ(scan.layout.curly_apostrophes, 1u);
  EXPECT_EQ(scan.layout.straight_apostrophes, 1u);
}

TEST(TextScan, CountsLayout) {
  const std::string text =
      "# Title\n\nIntro:\n- **one** (a)\n  - nested\n\xE2\x80\xA2 dot\n1. first  \n2) second\n| a "
      "| b |\n";
  const Layout layout = scanned(text).layout;
  EXPECT_EQ(layout.paragraphs, 2u);
  EXPECT_EQ(layout.lines, 8u);
  EXPECT_EQ(layout.headings, 1u);
  EXPECT_EQ(layout.dash_bullets, 2u);
  EXPECT_EQ(layout.nested_bullets, 1u);
  EXPECT_EQ(layout.dot_bullets, 1u);
  EXPECT_EQ(layout.numbered, 2u);
  EXPECT_EQ(layout.bold_spans, 1u);
  EXPECT_EQ(layout.colon_lines, 1u);
  EXPECT_EQ(layout.hard_breaks, 1u);
  EXPECT_EQ(layout.table_lines, 1u);
  EXPECT_EQ(layout.parentheses, 1u);
}

TEST(TextScan, CountsEmojiDashesAndArrows) {
  const Layout layout =
      scanned("\xE2\x9C\x85 done \xE2\x80\x94 \xF0\x9F\x8E\x89 a \xE2\x86\x92 b").layout;
  EXPECT_EQ(layout.emoji, 2u);
  EXPECT_EQ(layout.dashes, 1u);
  EXPECT_EQ(layout.arrows, 1u);
}

TEST(TextScan, EscapedLineBreaksOfWrappedMessagesAreLineBreaks) {
  const TextScan scan = scanned("{\"message\": \"Great.\\n\\nIt works\"}");
  EXPECT_TRUE(scan.layout.json_wrapped);
  EXPECT_EQ(scan.words.back().hash, hash_word("works"));
  EXPECT_EQ(scan.words[2].hash, hash_word("it"));
}

// Short words are taken sixteen bytes at a time, others byte by byte.
TEST(TextScan, HashesWordsOfAnyLengthAndPlaceAlike) {
  Rng rng(11);
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'";
  for (std::size_t round = 0; round < 500; ++round) {
    std::string word(1, static_cast<char>('a' + rng.below(26)));
    while (word.size() < 1 + round % 40) word += kLetters[rng.below(kLetters.size())];
    word += 'x';
    const std::string before(rng.below(20), ' ');
    const std::string after = rng.chance(0.5) ? "" : ", and twenty more bytes";
    const std::string text = before + word + after;
    const TextScan scan = scanned(text);
    ASSERT_FALSE(scan.words.empty());
    // An apostrophe joins only what has a letter behind it.
    std::size_t end = 0;
    while (end < word.size() && (word[end] != '\'' || is_ascii_alpha(word[end + 1]))) ++end;
    const std::string_view expected = std::string_view(word).substr(0, end);
    EXPECT_EQ(scan.spelling(scan.words[0]), expected);
    EXPECT_EQ(scan.words[0].hash, hash_word(expected));
    EXPECT_EQ(scan.words[0].has_digit,
              expected.find_first_of("0123456789") != std::string_view::npos);
  }
}

TEST(TextScan, TakesAnyBytes) {
  Rng rng(7);
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (std::uint64_t n = rng.below(200); n > 0; --n) {
      // Half the bytes from those with a meaning to the scanner.
      constexpr std::string_view kMarks = "*-.!?\n '\\n|#1\xE2\x80\x99\xF0\x9F\xEF\xB8\xC2\xA0";
      text +=
          rng.chance(0.5) ? kMarks[rng.below(kMarks.size())] : static_cast<char>(rng.below(256));
    }
    const TextScan scan = scanned(text);
    std::size_t words = 0;
    for (const Sentence& sentence : scan.sentences) words += sentence.n_words;
    ASSERT_EQ(words, scan.words.size());
    for (const Word& word : scan.words) ASSERT_LE(word.end, text.size());
  }
}

TEST(TextScan, ReadsABoundedPartOfAHugeText) {
  const std::string text(4 * kMaxScannedBytes, 'a');
  const TextScan scan = scanned(text);
  EXPECT_EQ(scan.layout.bytes, kMaxScannedBytes);
  EXPECT_EQ(scan.words.size(), 1u);
}

TEST(TextScan, OfNothingIsEmpty) {
  const TextScan scan = scanned("");
  EXPECT_TRUE(scan.words.empty());
  EXPECT_TRUE(scan.sentences.empty());
  EXPECT_EQ(scan.layout.lines, 0u);
}

}  // namespace
}  // namespace agentecho::rps
