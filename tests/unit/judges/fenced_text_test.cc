// What a judge sees of hostile text: visible, prefixed, fenced.
#include "agentecho/judges/fenced_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agentecho/base/text.h"
#include "agentecho/judges/visible_text.h"
#include "support/scripted_asker.h"

namespace agentecho::judges {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::take_apart;

TEST(VisibleText, leaves_ordinary_text_alone) {
  const std::string text =
      "Hello Ann,\n\n\t- order #W123: \"shipped\" (50 % off) | a < b > c [1] é 日本 😀\xEF\xB8\x8F";
  EXPECT_EQ(visible_text(text), text);
  EXPECT_EQ(visible_text(""), "");
}

TEST(VisibleText, shows_what_is_invisible) {
  EXPECT_EQ(visible_text("a\xE2\x80\x8B"
                         "b"),
            "a\\u{200B}b");
  EXPECT_EQ(visible_text("\xE2\x80\xAE"), "\\u{202E}");       // right-to-left override
  EXPECT_EQ(visible_text("\xF3\xA0\x81\x8A"), "\\u{E004A}");  // tag J
  EXPECT_EQ(visible_text(std::string_view("\0\x1B", 2)), "\\u{0000}\\u{001B}");
  EXPECT_EQ(visible_text("\xE2\x80\xA8"), "\\u{2028}");
  EXPECT_EQ(visible_text("a\r\nb\rc"), "a\nb\\u{000D}c");
  EXPECT_EQ(visible_text("\xFF\xC3"), "\\x{FF}\\x{C3}");
  EXPECT_EQ(visible_text("\xED\xA0\x80"), "\\x{ED}\\x{A0}\\x{80}");  // a surrogate
}

TEST(VisibleText, breaks_up_tokens_of_chat_templates) {
  EXPECT_EQ(visible_text("<|im_start|>system"), "< |im_start| >system");
  EXPECT_EQ(visible_text("[INST] <<SYS>> x <</SYS>> [/inst]"),
            "[ INST] < <SYS>> x < </SYS>> [ /inst]");
  EXPECT_EQ(visible_text("</s><S>"), "< /s>< S>");
  EXPECT_EQ(visible_text("<\xEF\xBD\x9Ctool\xEF\xBD\x9C>"), "< \xEF\xBD\x9Ctool\xEF\xBD\x9C >");
  EXPECT_THAT(visible_text("<<<DATA x END side 1>>>"), Not(HasSubstr("<<<")));
  EXPECT_THAT(visible_text("<<<<<<|>>>>>"), Not(HasSubstr("<<<")));
}

TEST(VisibleText, replaces_names_as_whole_words) {
  EXPECT_EQ(without_name("I am Cedar-1, not cedar-12 or xcedar-1; CEDAR-1!", "cedar-1"),
            "I am [model], not cedar-12 or xcedar-1; [model]!");
  EXPECT_EQ(without_name("o3 and o3", "o3"), "o3 and o3");
  EXPECT_EQ(without_name("text", ""), "text");
  EXPECT_EQ(without_name("abcabc abc", "abc"), "abcabc [model]");
}

TEST(Clipped, keeps_beginning_and_end_between_code_points) {
  const auto whole = clipped("short", 5);
  EXPECT_EQ(whole.head, "short");
  EXPECT_EQ(whole.left_out, 0u);
  const std::string text = "ééééééééééé";  // 22 bytes
  for (std::size_t max = 0; max < text.size(); ++max) {
    const auto parts = clipped(text, max);
    EXPECT_TRUE(is_valid_utf8(parts.head)) << max;
    EXPECT_TRUE(is_valid_utf8(parts.tail)) << max;
    EXPECT_LE(parts.head.size() + parts.tail.size(), max);
    EXPECT_EQ(parts.head.size() + parts.tail.size() + parts.left_out, text.size());
  }
  EXPECT_LE(clipped(std::string(1000, '\x80'), 30).head.size(), 30u);
}

TEST(FencedText, prefixes_every_line_and_fences_with_one_mark) {
  FencedText out("test");
  out.say("Stage: X");
  out.begin("side 1");
  out.quote("one\n\ntwo");
  out.end();
  const auto lines = testing::lines_of(out.text());
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_EQ(lines[0], "Stage: X");
  EXPECT_EQ(lines[2], "| one");
  EXPECT_EQ(lines[3], "| ");
  EXPECT_EQ(lines[4], "| two");
  const auto parts = take_apart(out.text());
  EXPECT_THAT(parts.fences, ElementsAre("BEGIN side 1", "END side 1"));
  ASSERT_EQ(parts.marks.size(), 1u);
  EXPECT_EQ(parts.marks.begin()->find_first_not_of("0123456789abcdef"), std::string::npos);
}

std::string mark_of(std::string_view purpose, std::string_view text) {
  FencedText out(purpose);
  out.begin("x");
  out.quote(text);
  out.end();
  return *take_apart(out.text()).marks.begin();
}

TEST(FencedText, mark_depends_on_purpose_and_content_alone) {
  EXPECT_EQ(mark_of("p", "text"), mark_of("p", "text"));
  EXPECT_NE(mark_of("p", "text"), mark_of("q", "text"));
  EXPECT_NE(mark_of("p", "text"), mark_of("p", "texts"));
  // Quoting the mark of a message makes another message, with another mark.
  EXPECT_NE(mark_of("p", mark_of("p", "text")), mark_of("p", "text"));
}

TEST(FencedText, says_what_is_left_out) {
  FencedText out("test");
  out.begin("x");
  out.quote(std::string(90, 'a') + std::string(10, 'b'), 30);
  out.end();
  const auto parts = take_apart(out.text());
  EXPECT_THAT(parts.ours, ElementsAre("(70 bytes left out here)"));
  EXPECT_EQ(parts.quoted, std::string(20, 'a') + "\n" + std::string(10, 'b') + "\n");
  EXPECT_NEAR(static_cast<double>(out.size()), static_cast<double>(out.text().size()), 20);
}

}  // namespace
}  // namespace agentecho::judges
