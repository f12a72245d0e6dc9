#include "agentecho/simulation/slots.h"

#include <gtest/gtest.h>

namespace agentecho::simulation {
namespace {

Slots days_and_hire(std::string_view days, std::string_view hire) {
  Slots slots;
  slots[Slot::kDays] = days;
  slots[Slot::kHire] = hire;
  return slots;
}

TEST(Template, RendersWhatItKnowsAndLeavesOtherBracesAlone) {
  std::string out;
  Template("{hire}: {days} days {x}").render(days_and_hire("7", "H-1"), out);
  EXPECT_EQ(out, "H-1: 7 days {x}");
}

TEST(Template, NeedsTheSlotsThatItNames) {
  EXPECT_EQ(Template("no slot").needs(), 0u);
  EXPECT_EQ(Template("{days}{hire}").needs(), days_and_hire("7", "H-1").known());
}

TEST(Template, MatchIsTheInverseOfRender) {
  Slots found;
  const auto length =
      Template("Hire {hire} for {days} days.").match("Hire H-1 for 7 days. More.", found);
  ASSERT_EQ(length, 20u);
  EXPECT_EQ(found[Slot::kHire], "H-1");
  EXPECT_EQ(found[Slot::kDays], "7");
}

TEST(Template, ASentenceEndsOnlyBeforeSpaceOrTheEnd) {
  Slots found;
  ASSERT_TRUE(Template("Write to {email}.").match("Write to a.b@c.example. Thanks.", found));
  EXPECT_EQ(found[Slot::kEmail], "a.b@c.example");
}

TEST(Template, AValueStaysWithinItsSentence) {
  Slots found;
  EXPECT_FALSE(Template("My {instrument} hums.").match("My dog is old. My harp hums.", found));
}

TEST(Template, DoesNotMatchOtherWordsOrEmptyValues) {
  Slots found;
  EXPECT_FALSE(Template("Hire {hire} now.").match("Hire H-1 later.", found));
  EXPECT_FALSE(Template("Hire {hire} now.").match("Hire  now.", found));
  EXPECT_FALSE(Template("Hire {hire} now.").match("Hire H-1", found));
}

TEST(Delexicalised, ReplacesWholeWordsLongestFirst) {
  Slots slots = days_and_hire("7", "H-7");
  EXPECT_EQ(delexicalised("H-7 for 7 days, not 77 or x7", slots),
            "{hire} for {days} days, not 77 or x7");
  slots[Slot::kStart] = "2031-03-07";
  EXPECT_EQ(delexicalised("**2031-03-07**", slots), "**{start}**");
  EXPECT_EQ(delexicalised("", slots), "");
}

}  // namespace
}  // namespace agentecho::simulation
