#include "agentecho/metrics/baselines/bigram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/base/text.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho {
namespace {

std::vector<std::uint64_t> bigrams_of(const std::vector<std::string>& responses) {
  TrajectoryBuilder builder;
  for (const std::string& response : responses) builder.assistant(response);
  return response_bigrams(builder.build());
}

double overlap(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return dice(bigrams_of(a), bigrams_of(b)).value();
}

TEST(ResponseBigrams, AreASortedSet) {
  const auto bigrams = bigrams_of({"the cat saw the cat", "the cat"});
  EXPECT_EQ(bigrams.size(), 3u);  // the cat, cat saw, saw the
  EXPECT_TRUE(std::is_sorted(bigrams.begin(), bigrams.end()));
}

TEST(ResponseBigrams, IgnoreCaseAndPunctuation) {
  EXPECT_EQ(bigrams_of({"Your order, #W123, is READY!"}), bigrams_of({"your order w123 is ready"}));
  EXPECT_EQ(bigrams_of({"don't"}), bigrams_of({"Don t"}));
  EXPECT_EQ(bigrams_of({"$12.50"}), bigrams_of({"12 50"}));
}

TEST(ResponseBigrams, KeepWordsOfOtherScriptsWhole) {
  EXPECT_EQ(bigrams_of({"Grüße aus Köln"}).size(), 2u);
  EXPECT_EQ(bigrams_of({"Grüße aus Köln"}), bigrams_of({"grüße AUS köln."}));
  EXPECT_NE(bigrams_of({"grüße aus"}), bigrams_of({"grÜße aus"}));  // only ASCII is folded
}

TEST(ResponseBigrams, KeepTheOrderOfTheTwoWords) {
  EXPECT_EQ(overlap({"order one"}, {"one order"}), 0.0);
  EXPECT_EQ(overlap({"ab c"}, {"a bc"}), 0.0);
}

TEST(ResponseBigrams, NeverCrossMessages) {
  EXPECT_TRUE(bigrams_of({"thanks", "goodbye"}).empty());
  EXPECT_EQ(bigrams_of({"many thanks", "goodbye then"}).size(), 2u);
}

TEST(ResponseBigrams, ComeFromAssistantTextAlone) {
  const Trajectory trajectory = TrajectoryBuilder()
                                    .system("follow the policy")
                                    .user("please help me")
                                    .assistant("", "let me think about this")
                                    .call("get_order", {"some argument"}, "a long result")
                                    .build();
  EXPECT_TRUE(response_bigrams(trajectory).empty());
}

TEST(ResponseBigrams, LeaveOutReasoningThatWasCut) {
  EXPECT_TRUE(bigrams_of({"<think>the user wants a lamp"}).empty());
  EXPECT_EQ(bigrams_of({"one moment", " <think>and then"}), bigrams_of({"one moment"}));
}

TEST(ResponseBigrams, IncludeTextBesideCalls) {
  const Trajectory trajectory =
      TrajectoryBuilder().calls({{"get_order", {}, "result"}}, "One moment.").build();
  EXPECT_EQ(response_bigrams(trajectory), bigrams_of({"one moment"}));
}

TEST(ResponseBigrams, NeedTwoWords) {
  EXPECT_TRUE(bigrams_of({}).empty());
  EXPECT_TRUE(bigrams_of({"", " \n--- ", "hello"}).empty());
}

// A plain reading of the definition: split, lowercase, pair up.
TEST(ResponseBigrams, AgreeWithAPlainImplementation) {
  Rng rng(1);
  const std::string alphabet = "aAbB9 .,-'\n\xC3\xA9";
  const auto words_of = [](const std::string& text) {
    std::vector<std::string> words(1);
    for (const char c : text) {
      const bool in_word = is_ascii_alpha(c) || is_ascii_digit(c) || (c & 0x80) != 0;
      if (in_word) words.back() += c;
      if (!in_word && !words.back().empty()) words.emplace_back();
    }
    if (words.back().empty()) words.pop_back();
    return words;
  };
  const auto plain = [&](const std::vector<std::string>& texts) {
    std::set<std::pair<std::string, std::string>> bigrams;
    for (const std::string& text : texts) {
      const auto words = words_of(ascii_lowered(text));
      for (std::size_t i = 1; i < words.size(); ++i) bigrams.emplace(words[i - 1], words[i]);
    }
    return bigrams;
  };
  const auto random_texts = [&] {
    std::vector<std::string> texts(rng.below(4));
    for (std::string& text : texts) {
      for (std::uint64_t length = rng.below(60); length > 0; --length) {
        text += alphabet[rng.below(alphabet.size())];
      }
    }
    return texts;
  };
  for (int i = 0; i < 300; ++i) {
    const auto texts_a = random_texts(), texts_b = random_texts();
    const auto plain_a = plain(texts_a), plain_b = plain(texts_b);
    const auto a = bigrams_of(texts_a), b = bigrams_of(texts_b);
    ASSERT_EQ(a.size(), plain_a.size());
    if (a.empty() && b.empty()) continue;
    std::size_t shared = 0;
    for (const auto& bigram : plain_a) shared += plain_b.count(bigram);
    ASSERT_DOUBLE_EQ(dice(a, b).value(),
                     2.0 * static_cast<double>(shared) / static_cast<double>(a.size() + b.size()));
  }
}

TEST(Dice, IsTwiceTheSharedOverBothSizes) {
  const std::vector<std::uint64_t> a{1, 2, 3}, b{2, 3, 4, 5, 6};
  EXPECT_DOUBLE_EQ(dice(a, b).value(), 2.0 * 2 / 8);
  EXPECT_DOUBLE_EQ(dice(b, a).value(), 2.0 * 2 / 8);
  EXPECT_DOUBLE_EQ(dice(a, a).value(), 1.0);
}

TEST(Dice, OfNothingIsNoEvidence) {
  const std::vector<std::uint64_t> a{1, 2, 3}, empty;
  EXPECT_EQ(dice(empty, empty), std::nullopt);
  EXPECT_EQ(dice(a, empty), 0.0);
}

}  // namespace
}  // namespace agentecho
