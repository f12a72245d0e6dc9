// Answer files of batch services and exported caches: every line is filled, known, unknown or
// reported.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "agentecho/llm/batch.h"
#include "agentecho/llm/digest.h"

namespace {

using namespace agentecho::llm;

const Endpoint kEndpoint{"http://127.0.0.1:1/v1", Secret("sk-secret"), {}};

ChatRequest request(std::size_t) {
  ChatRequest request;
  request.model = "judge";
  request.messages = {{Role::kUser, "item"}};
  request.schema = R"({"type":"object","properties":{"overall":{"type":"integer"}},)"
                   R"("required":["overall"]})";
  request.schema_name = "score";
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string key = cache_key(kEndpoint.url, request(0));
  static ReplyCache cache = ReplyCache::open(":memory:").value();
  static const SystemClock clock;
  std::string text(reinterpret_cast<const char*>(data), size);
  // "KEY" stands for the one id that is known, which no mutation would find.
  for (std::size_t at = text.find("KEY"); at != std::string::npos; at = text.find("KEY", at + 64)) {
    text.replace(at, 3, key);
  }
  std::istringstream answers(text);
  const auto read = read_batch(answers, kEndpoint, 1, request, cache, clock);
  if (!read) std::abort();
  if (read->filled + read->present + read->unknown + read->problems.size() != read->lines) {
    std::abort();
  }
  std::istringstream lines(text);
  if (!cache.import_jsonl(lines)) std::abort();
  return 0;
}
