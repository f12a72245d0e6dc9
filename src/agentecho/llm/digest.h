// Names for things by their content.
#pragma once

#include <string>
#include <string_view>

#include "agentecho/llm/chat.h"

namespace agentecho::llm {

// SHA-256 (FIPS 180-4) as 64 hexadecimal digits. Transcripts are hostile, so the digest that names
// a paid reply must not be one that an attacker can make collide.
std::string sha256_hex(std::string_view bytes);

// The cache key of a request: the digest of the endpoint's address, the full body as it would be
// sent to an endpoint that understands everything (model, messages, parameters, schema), prompt
// version, repeat index and side order. It does not depend on what the endpoint turns out to
// understand.
std::string cache_key(const std::string& endpoint_url, const ChatRequest& request);

}  // namespace agentecho::llm
