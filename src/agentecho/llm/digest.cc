#include "agentecho/llm/digest.h"

#include <openssl/evp.h>

#include <array>
#include <cassert>

#include "agentecho/llm/endpoint.h"
#include "agentecho/llm/json_edge.h"
#include "agentecho/llm/wire.h"

namespace agentecho::llm {

std::string sha256_hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  [[maybe_unused]] const int ok =
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  assert(ok == 1);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return hex;
}

std::string cache_key(const std::string& endpoint_url, const ChatRequest& request) {
  const Json parts = {
      "agentecho-llm-1",      completions_url(endpoint_url), render_body(request, Dialect{}),
      request.prompt_version, request.repeat_index,          request.side_order};
  return sha256_hex(to_text(parts));
}

}  // namespace agentecho::llm
