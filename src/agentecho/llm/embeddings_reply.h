// What an embeddings server says. Not a public header.
#pragma once

#include <cstddef>

#include "agentecho/base/error.h"
#include "agentecho/llm/embeddings.h"
#include "agentecho/llm/json_edge.h"

namespace agentecho::llm {

// The vectors of a body {"data":[{"index","embedding"}, ...]} in the order of the `count` texts.
// Errors (kInput): what is wrong with it.
Result<Embeddings> read_embeddings(const Json& body, std::size_t count);

// A vector: a list of numbers or base64. Errors (kInput): neither, or one that embeddings.h does
// not accept.
Result<std::vector<float>> read_vector(const Json& value);

}  // namespace agentecho::llm
