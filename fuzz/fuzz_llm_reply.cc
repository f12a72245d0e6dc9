// The bytes that a server sends, as an error and as a reply, and the text that a model says.
// Whatever comes, nothing crashes, and what is accepted satisfies the schema when it is read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agentecho/llm/embeddings.h"
#include "agentecho/llm/json_text.h"
#include "agentecho/llm/wire.h"

namespace {

using namespace agentecho::llm;

ChatRequest request() {
  ChatRequest request;
  request.model = "judge";
  request.messages = {{Role::kUser, "item"}};
  request.temperature = 0.0;
  request.schema = R"({"type":"object","properties":{"overall":{"type":"integer","minimum":1,)"
                   R"("maximum":5},"why":{"type":"array","items":{"type":"string"}}},)"
                   R"("required":["overall"]})";
  request.schema_name = "score";
  return request;
}

ChatRequest embeddings_request() {
  ChatRequest request;
  request.model = "embedder";
  request.texts_to_embed = {"one", "two"};
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ChatRequest asked = request();
  static const ReplySchema schema = ReplySchema::make(asked.schema).value();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Redactor redactor({Secret("sk-secret")});
  for (const int status : {200, 400, 429, 503}) {
    const Answer answer = read_body(status, text, asked, Dialect{}, redactor);
    if (answer.detail.find("sk-secret") != std::string::npos) std::abort();
  }
  static const ChatRequest embedded = embeddings_request();
  const Answer vectors = read_body(200, text, embedded, Dialect{}, redactor);
  if (vectors.kind == AnswerKind::kReply) {
    const auto read = embeddings_of(vectors.reply);
    if (!read || read->size() != 2 || packed_embeddings(*read) != vectors.reply.json) std::abort();
  }
  if (const auto json = schema.extract(text)) {
    const auto again = schema.extract(*json);
    if (!again || *again != *json) std::abort();
  }
  (void)parse_retry_after(text, 1'700'000'000);
  return 0;
}
