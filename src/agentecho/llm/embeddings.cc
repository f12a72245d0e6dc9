#include "agentecho/llm/embeddings.h"

#include <utility>

#include "agentecho/llm/base64.h"
#include "agentecho/llm/embeddings_reply.h"
#include "agentecho/llm/json_edge.h"

namespace agentecho::llm {

std::string packed_embeddings(const Embeddings& embeddings) {
  std::string text = R"({"embeddings":[)";
  for (std::size_t i = 0; i < embeddings.size(); ++i) {
    text += i == 0 ? "\"" : ",\"";
    text += base64_of_floats(embeddings[i]);
    text += '"';
  }
  return text + "]}";
}

Result<Embeddings> embeddings_of(const ChatReply& reply) {
  const auto invalid = [] {
    return fail(ErrorKind::kInput, "the reply holds no valid embeddings");
  };
  const auto parsed = parse_strict(reply.json);
  if (!parsed) return invalid();
  const Json* list = member(*parsed, "embeddings");
  if (list == nullptr || !list->is_array() || list->empty()) return invalid();
  Embeddings embeddings;
  for (const Json& packed : *list) {
    auto vector = read_vector(packed);
    if (!vector || (!embeddings.empty() && vector->size() != embeddings.front().size())) {
      return invalid();
    }
    embeddings.push_back(std::move(*vector));
  }
  return embeddings;
}

}  // namespace agentecho::llm
