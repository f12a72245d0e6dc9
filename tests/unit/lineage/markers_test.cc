#include "agentecho/metrics/lineage/markers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "agentecho/base/text.h"
#include "agentecho/metrics/lineage/marker_hash.h"
#include "agentecho/metrics/lineage/marker_sketch.h"
#include "agentecho/trajectory/builder.h"
#include "support/load.h"
#include "support/random_trajectory.h"

namespace agentecho::lineage {
namespace {

Trajectory says(const std::vector<std::string>& texts) {
  TrajectoryBuilder builder;
  for (const std::string& text : texts) builder.assistant(text);
  return builder.build();
}

Markers words(const std::vector<std::string>& texts) { return word_markers(says(texts)); }

// A plain reading of the definition: the tokens as text, and the n-grams as text.
std::vector<std::string> plain_tokens(const std::string& text) {
  std::vector<std::string> tokens;
  const auto letter = [&](std::size_t i) {
    return i < text.size() && std::isalpha(static_cast<unsigned char>(text[i])) &&
           static_cast<unsigned char>(text[i]) < 0x80;
  };
  std::size_t i = 0;
  while (i < text.size()) {
    std::string token;
    if (letter(i)) {
      while (letter(i)) token += static_cast<char>(std::tolower(text[i++]));
      if (i < text.size() && text[i] == '\'' && letter(i + 1)) {
        token += text[i++];
        while (letter(i)) token += static_cast<char>(std::tolower(text[i++]));
      }
    } else if (std::isdigit(static_cast<unsigned char>(text[i]))) {
      while (i < text.size() && std::isdigit(static_cast<unsigned char>(text[i]))) ++i;
      token = "0";
    } else if (std::string(" \n\t\r\v\f").find(text[i]) != std::string::npos) {
      std::string blank;
      while (i < text.size() && std::string(" \n\t\r\v\f").find(text[i]) != std::string::npos) {
        blank += text[i++];
      }
      const auto breaks = std::count(blank.begin(), blank.end(), '\n');
      if (breaks == 0) continue;
      token = breaks == 1 ? "\n" : "\n\n";
    } else if (text[i] == '#') {
      while (i < text.size() && text[i] == '#') token += text[i++];
    } else if (text.compare(i, 2, "**") == 0) {
      token = "**";
      i += 2;
    } else {
      do {
        token += text[i++];
      } while (i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80 &&
               static_cast<unsigned char>(token[0]) >= 0xC0);
    }
    tokens.push_back(token);
  }
  return tokens;
}

std::size_t plain_number_of_markers(const std::vector<std::string>& texts) {
  std::set<std::vector<std::string>> grams;
  for (const std::string& text : texts) {
    const auto tokens = plain_tokens(std::string(trimmed(text)));
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      for (std::size_t n = 1; n <= 3 && i + n <= tokens.size(); ++n) {
        grams.insert({tokens.begin() + static_cast<std::ptrdiff_t>(i),
                      tokens.begin() + static_cast<std::ptrdiff_t>(i + n)});
      }
    }
  }
  return grams.size();
}

TEST(WordMarkers, AreOneTwoAndThreeGrams) {
  EXPECT_EQ(words({"one two three four"}).size(), 4u + 3u + 2u);
  EXPECT_EQ(words({"one two", "three four"}).size(), 4u + 2u);  // none crosses messages
  EXPECT_EQ(words({"no no no no"}).size(), 3u);                 // each once
}

TEST(WordMarkers, FollowTheTokenRule) {
  EXPECT_EQ(words({"Don't"}), words({"don't"}));
  EXPECT_NE(words({"don't"}), words({"don t"}));
  EXPECT_EQ(words({"order 12"}), words({"order 9876"}));
  EXPECT_EQ(words({"a  \t b"}), words({"a b"}));
  EXPECT_NE(words({"a\nb"}), words({"a b"}));
  EXPECT_NE(words({"a\n\nb"}), words({"a\nb"}));
  EXPECT_EQ(words({"a\n\n\nb"}), words({"a\n\nb"}));
  EXPECT_NE(words({"## a"}), words({"# a"}));
  EXPECT_EQ(words({"**"}).size(), 1u);
  EXPECT_EQ(words({"é"}).size(), 1u);
  EXPECT_EQ(words({" \n hello \n"}), words({"hello"}));
}

TEST(WordMarkers, CountAsAPlainImplementationCounts) {
  Rng rng(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> texts;
    for (int i = 0; i < 3; ++i) {
      texts.push_back(testing::random_text(rng) + "** it's\n\n- 12\n" + testing::random_text(rng));
    }
    EXPECT_EQ(words(texts).size(), plain_number_of_markers(texts)) << texts[0];
  }
}

TEST(WordMarkers, ComeFromVisibleTextAlone) {
  const Trajectory run = TrajectoryBuilder()
                             .system("the policy")
                             .user("help")
                             .assistant("Done.", "I should think")
                             .assistant("<think>cut while reasoning")
                             .call("get_order", {"argument"}, "result")
                             .build();
  EXPECT_EQ(word_markers(run), words({"Done."}));
  EXPECT_TRUE(word_markers(says({"", " "})).empty());
}

TEST(LayoutMarkers, AreCountersInClassesOfTheirLogarithm) {
  EXPECT_EQ(layout_markers(says({"Hello."})).size(), 32u);
  EXPECT_TRUE(layout_markers(says({""})).empty());
  // 3 and 4 exclamation marks: log2(4) and log2(5) have the same floor; 7 have another.
  EXPECT_EQ(layout_markers(says({"a!!!"})), layout_markers(says({"a!!!!"})));
  EXPECT_NE(layout_markers(says({"a!!!"})), layout_markers(says({"a!!!!!!!"})));
  EXPECT_NE(layout_markers(says({"a \xE2\x80\x93 b"})), layout_markers(says({"a - b"})));
}

TEST(ActionMarkers, AreCallsArgumentsAndEvents) {
  const Trajectory run = TrajectoryBuilder().call("get", {"x"}, "ok").assistant("Done.").build();
  // get(x); get.arg1; events ^ get SAY $: 4 + 3 + 2.
  EXPECT_EQ(action_markers(run).size(), 1u + 1u + 9u);
  EXPECT_TRUE(action_markers(says({"no call"})).empty());
}

TEST(ActionMarkers, KnowAnErrorAndLeaveOutTheUser) {
  const auto calls = [](bool fails, bool user) {
    TrajectoryBuilder builder;
    fails ? builder.failing_call("get", {"x"}, "no") : builder.call("get", {"x"}, "no");
    if (user) builder.user_call("phone", {"y"}, "z");
    return action_markers(builder.assistant("Done.").build());
  };
  EXPECT_NE(calls(true, false), calls(false, false));
  EXPECT_EQ(calls(true, true), calls(true, false));
}

// METHOD 9, "Serving is not habit": what the serving stack decides moves nothing.
std::string chat(const std::string& calls) {
  return R"({"role":"user","content":"hi"},)" + calls + R"({"role":"assistant","content":"Done."})";
}

std::string call(const std::string& id, const std::string& name, const std::string& arguments) {
  const auto quoted = [](const std::string& text) {
    std::string json = "\"";
    for (const char c : text) json += c == '"' ? "\\\"" : std::string(1, c);
    return json + "\"";
  };
  return R"({"id":")" + id + R"(","type":"function","function":{"name":")" + name +
         R"(","arguments":)" + quoted(arguments) + "}}";
}

std::string issued(const std::string& calls, const std::string& text = "null") {
  return R"({"role":"assistant","content":)" + text + R"(,"tool_calls":[)" + calls + "]},";
}

std::string answered(const std::string& id, const std::string& text) {
  return R"({"role":"tool","tool_call_id":")" + id + R"(","content":")" + text + R"("},)";
}

TEST(ActionMarkers, DoNotMoveWithTheServingStack) {
  const auto markers = [](const std::string& messages) {
    const auto parsed = testing::parse_messages(chat(messages));
    return action_markers(parsed.t);
  };
  const std::string one = R"({"id":"7","opts":{"a":1,"b":[1,2]}})";
  const std::string other = R"({ "opts" : {"b":[1, 2],  "a":1.0}, "id": "7" })";
  const Markers plain = markers(issued(call("c1", "get", one)) + answered("c1", "ok") +
                                issued(call("c2", "put", "{}")) + answered("c2", "ok"));
  EXPECT_FALSE(plain.empty());
  // Key order and white space.
  EXPECT_EQ(plain, markers(issued(call("c1", "get", other)) + answered("c1", "ok") +
                           issued(call("c2", "put", "{ }")) + answered("c2", "ok")));
  // Ids and marks in names.
  EXPECT_EQ(plain,
            markers(issued(call("functions.get:0", "functions.get:0", one)) +
                    answered("functions.get:0", "ok") +
                    issued(call("x", "put<|channel|>commentary", "{}")) + answered("x", "ok")));
  // One message or two, text beside the call or not.
  EXPECT_EQ(plain, markers(issued(call("c1", "get", one) + "," + call("c2", "put", "{}"),
                                  "\"One moment.\"") +
                           answered("c1", "ok") + answered("c2", "ok")));
  // But another value, another argument and another order of calls do.
  EXPECT_NE(plain,
            markers(issued(call("c1", "get", R"({"id":"8","opts":{"a":1,"b":[1,2]}})")) +
                    answered("c1", "ok") + issued(call("c2", "put", "{}")) + answered("c2", "ok")));
  EXPECT_NE(plain, markers(issued(call("c2", "put", "{}")) + answered("c2", "ok") +
                           issued(call("c1", "get", one)) + answered("c1", "ok")));
}

TEST(MarkerSketch, KeepsTheSmallestHashes) {
  const Markers markers = {1, 5, 9, 12};
  const MarkerSketch whole = make_sketch(markers, nullptr, 4);
  EXPECT_TRUE(whole.complete);
  EXPECT_EQ(whole.limit(), UINT64_MAX);
  const MarkerSketch cut = make_sketch(markers, nullptr, 3);
  EXPECT_FALSE(cut.complete);
  EXPECT_EQ(Markers(cut.hashes().begin(), cut.hashes().end()), (Markers{1, 5, 9}));
  EXPECT_EQ(cut.limit(), 9u);
}

}  // namespace
}  // namespace agentecho::lineage
