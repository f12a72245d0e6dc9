#include "agentecho/trajectory/error_result.h"

#include <gtest/gtest.h>

#include <string>

#include "agentecho/trajectory/builder.h"

namespace agentecho {
namespace {

TEST(ErrorText, StartsWithOneOfSixWords) {
  for (const auto text : {"error", "Error: no such user", "EXCEPTION in tool", "Traceback (most",
                          "failed to book", "Failure.", "invalid id", "  [!] Error",
                          "\n\n\"error\"", "{\"error\": 1}", "«error»", "—— error"}) {
    EXPECT_TRUE(starts_like_error(text)) << text;
  }
  for (const auto text : {"", "ok", "no error", "1 error", "the error", "errors found", "erroneous",
                          "invalidated", "failures", "error_code 7", "error7", "exceptional"}) {
    EXPECT_FALSE(starts_like_error(text)) << text;
  }
}

TEST(ErrorText, TheWordEndsAtPunctuationOfAnyScript) {
  EXPECT_TRUE(starts_like_error("Error\xE2\x80\x94no such user"));   // em dash
  EXPECT_TRUE(starts_like_error("Error\xEF\xBC\x9A no such user"));  // full-width colon
  EXPECT_TRUE(starts_like_error("Error\xC2\xA0: no such user"));     // no-break space
  EXPECT_FALSE(starts_like_error("Error\xC3\xA9"));                  // é is a letter
  EXPECT_FALSE(starts_like_error("Error\xE6\x97\xA5"));              // 日 too
}

TEST(ErrorText, LooksAtTwoHundredCharacters) {
  EXPECT_TRUE(starts_like_error(std::string(195, ' ') + "error"));
  EXPECT_FALSE(starts_like_error(std::string(196, ' ') + "error"));
  // Characters, not bytes.
  std::string dots;
  for (int i = 0; i < 195; ++i) dots += "\xC2\xB7";  // ·
  EXPECT_TRUE(starts_like_error(dots + "error"));
  EXPECT_FALSE(starts_like_error(dots + "\xC2\xB7" + "error"));
  // The cut makes a word boundary.
  EXPECT_TRUE(starts_like_error(std::string(195, ' ') + "errors"));
}

Message result(std::string_view text, ErrorFlag flag,
               ErrorMember error_member = ErrorMember::kNone) {
  Message message;
  message.role = Role::kTool;
  message.text = text;
  message.error_flag = flag;
  message.error_member = error_member;
  return message;
}

TEST(ErrorResult, TheLogsOwnFlagWins) {
  EXPECT_TRUE(is_error(result("all is well", ErrorFlag::kError)));
  EXPECT_FALSE(is_error(result("Error: not found", ErrorFlag::kNoError)));
  EXPECT_FALSE(is_error(result("{}", ErrorFlag::kNoError, ErrorMember::kSet)));
}

TEST(ErrorResult, IsFoundInTheTextWhenTheLogIsSilent) {
  EXPECT_TRUE(is_error(result("Error: not found", ErrorFlag::kNotSaid)));
  EXPECT_TRUE(is_error(result("{\"code\": 1}", ErrorFlag::kNotSaid, ErrorMember::kSet)));
  EXPECT_FALSE(is_error(result("found", ErrorFlag::kNotSaid)));
  EXPECT_FALSE(is_error(result("{\"error\": null}", ErrorFlag::kNotSaid, ErrorMember::kEmpty)));
  EXPECT_FALSE(is_error(result("", ErrorFlag::kNotSaid)));
}

TEST(CallErrors, AreFlaggedOrBeginLikeOne) {
  const Trajectory t = TrajectoryBuilder()
                           .call("a", {}, "Error: not found")
                           .call("b", {}, "{\"errors\": 0}")
                           .failing_call("c", {}, "fine")
                           .call("d", {}, "errorless")
                           .build();
  EXPECT_TRUE(failed(t, t.calls[0]));
  EXPECT_FALSE(failed(t, t.calls[1]));
  EXPECT_TRUE(failed(t, t.calls[2]));
  EXPECT_FALSE(failed(t, t.calls[3]));
}

TEST(CallErrors, AMissingResultIsNone) {
  Trajectory t = TrajectoryBuilder().call("a", {}, "Error").build();
  t.calls[0].result_message = kNone;
  EXPECT_FALSE(failed(t, t.calls[0]));
}

}  // namespace
}  // namespace agentecho
