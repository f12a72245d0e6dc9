#include <gtest/gtest.h>

#include <string>

#include "agentecho/base/text.h"

namespace agentecho {
namespace {

TEST(FindWord, AgreesWithFindAtEveryPlaceOfTextsOfEveryLength) {
  const std::string word = "\"error\"";
  for (std::size_t length = 0; length < 200; ++length) {
    const std::string without(length, '"');
    EXPECT_EQ(find_word(without, word), std::string::npos) << length;
    for (std::size_t at = 0; at + word.size() <= length; ++at) {
      std::string text = without;
      text.replace(at, word.size(), word);
      ASSERT_EQ(find_word(text, word), at) << length;
    }
  }
}

TEST(FindWord, FindsTheFirstOfSeveral) {
  const std::string text = std::string(70, '<') + "</think>" + std::string(90, '>') + "</think>";
  EXPECT_EQ(find_word(text, "</think>"), 70u);
}

}  // namespace
}  // namespace agentecho
