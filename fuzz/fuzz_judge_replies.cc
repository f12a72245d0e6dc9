// What a model says to a judge: the text goes through the schema and then through the judge's own
// reading, and once more to the reading alone. Whatever comes, a score is a whole number from 1 to
// 5, an answer belongs to a number that was asked about, and the counts add up. The same bytes are
// shown to a judge and searched for text that addresses one.
#include <cmath>
#include <string>
#include <string_view>

#include "agentecho/base/text.h"
#include "agentecho/judges/addressed_text.h"
#include "agentecho/judges/fenced_text.h"
#include "agentecho/judges/replies.h"
#include "agentecho/llm/json_text.h"
#include "fuzz.h"

namespace {

using namespace agentecho;
using namespace agentecho::judges;

constexpr std::size_t kAsked = 3;

bool is_score(double value) { return value >= 1 && value <= 5 && std::floor(value) == value; }

template <class T>
void check_numbered(const Result<NumberedReply<T>>& reply) {
  if (!reply) return;
  FUZZ_CHECK(reply->values.size() == kAsked);
  std::size_t answered = 0;
  for (const auto& value : reply->values) answered += value ? 1 : 0;
  FUZZ_CHECK(answered + reply->missing + reply->repeated == kAsked);
}

void check_replies(std::string_view json) {
  if (const auto pair = read_pair(json)) {
    FUZZ_CHECK(is_score(pair->style) && is_score(pair->structure) && is_score(pair->alignment) &&
               is_score(pair->overall));
  }
  if (const auto rse = read_rse(json)) {
    FUZZ_CHECK(is_score(rse->style) && is_score(rse->logic) && is_score(rse->detail) &&
               is_score(rse->overall));
  }
  check_numbered(read_stages(json, rps::default_taxonomy(), 7, kAsked));
  check_numbered(read_dependencies(json, kAsked));
}

void check_fence(std::string_view text) {
  FencedText out("fuzz");
  out.begin("x");
  out.quote(text, 1000);
  out.end();
  const std::string message = out.text();
  FUZZ_CHECK(is_valid_utf8(message));
  std::size_t fences = 0;
  for (std::size_t at = 0; at < message.size(); at = message.find('\n', at) + 1) {
    const std::string_view line = std::string_view(message).substr(at, message.find('\n', at) - at);
    fences += line.starts_with("<<<DATA ") ? 1 : 0;
    FUZZ_CHECK(line.starts_with("| ") || line.starts_with("<<<DATA ") ||
               (line.starts_with("(") && line.ends_with(" bytes left out here)")));
  }
  FUZZ_CHECK(fences == 2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const llm::ReplySchema schemas[] = {
      llm::ReplySchema::make(pair_schema()).value(), llm::ReplySchema::make(rse_schema()).value(),
      llm::ReplySchema::make(stages_schema(rps::default_taxonomy())).value(),
      llm::ReplySchema::make(dependencies_schema()).value()};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_replies(text);
  for (const llm::ReplySchema& schema : schemas) {
    if (const auto json = schema.extract(text)) check_replies(*json);
  }
  check_fence(text);
  (void)find_addressed_text(text);
  return 0;
}
