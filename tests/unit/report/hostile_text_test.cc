// The texts that try to move a judge (unit/judges/canaries), shown to people: none of them is
// markup in a page or control in a terminal.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "agentecho/base/markup.h"
#include "agentecho/base/text.h"

namespace agentecho {
namespace {

template <class Check>
void for_every_canary(Check check) {
  const auto folder =
      std::filesystem::path(AGENTECHO_SOURCE_DIR) / "tests" / "unit" / "judges" / "canaries";
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path().filename().string());
    std::ifstream file(entry.path(), std::ios::binary);
    check(std::string(std::istreambuf_iterator<char>(file), {}));
    ++seen;
  }
  EXPECT_GE(seen, 100u);
}

// Whether a byte of the text begins something that a terminal acts on: C0 and C1 controls, DEL.
bool controls_a_terminal(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return true;
    if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) {
      return true;
    }
  }
  return false;
}

// Bidirectional overrides and isolates, which reorder what stands around them.
bool reorders(const std::string& text) {
  for (const char* mark : {"\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2066", "\u2067",
                           "\u2068", "\u2069", "\u200E", "\u200F"}) {
    if (text.find(mark) != std::string::npos) return true;
  }
  return false;
}

TEST(HostileText, controls_no_terminal) {
  for_every_canary([](const std::string& text) {
    const std::string shown = printable(text);
    EXPECT_FALSE(controls_a_terminal(shown));
    EXPECT_FALSE(reorders(shown));
    EXPECT_TRUE(is_valid_utf8(shown));
  });
}

TEST(HostileText, is_no_markup_in_a_page) {
  for_every_canary([](const std::string& text) {
    const std::string shown = escaped_markup(text);
    EXPECT_EQ(shown.find_first_of("<>\"'"), std::string::npos);
    for (std::size_t at = shown.find('&'); at != std::string::npos; at = shown.find('&', at + 1)) {
      const std::string entity = shown.substr(at, shown.find(';', at) - at + 1);
      EXPECT_TRUE(entity == "&amp;" || entity == "&lt;" || entity == "&gt;" || entity == "&quot;" ||
                  entity.starts_with("&#"))
          << entity;
    }
    EXPECT_FALSE(controls_a_terminal(shown));
  });
}

}  // namespace
}  // namespace agentecho
