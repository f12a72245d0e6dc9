#include "agentecho/llm/digest.h"

#include <fmt/core.h>
#include <openssl/evp.h>

#include <array>

#include "agentecho/llm/endpoint.h"
#include "agentecho/llm/wire.h"

namespace agentecho::llm {

namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new()) { EVP_DigestInit_ex(context_, EVP_sha256(), nullptr); }
  ~Sha256() { EVP_MD_CTX_free(context_); }
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes) { EVP_DigestUpdate(context_, bytes.data(), bytes.size()); }

  // Its length goes before a part, so that no two lists of parts are the same bytes.
  void add_part(std::string_view part) {
    add(fmt::format("{}:", part.size()));
    add(part);
  }

  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_, digest.data(), &size);
    std::string text;
    for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
  }

 private:
  EVP_MD_CTX* context_;
};

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

std::string cache_key(const std::string& endpoint_url, const ChatRequest& request) {
  Sha256 hash;
  for (const std::string& part :
       {std::string("agentecho-llm-1"),
        asks_for_embeddings(request) ? embeddings_url(endpoint_url) : completions_url(endpoint_url),
        render_body(request, Dialect{}), request.prompt_version,
        std::to_string(request.repeat_index), std::to_string(request.side_order)}) {
    hash.add_part(part);
  }
  return hash.hex();
}

}  // namespace agentecho::llm
