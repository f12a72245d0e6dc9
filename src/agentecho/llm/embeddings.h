// Embeddings: a vector for each text of a request, in the order of the texts.
//
// A reply is accepted when it has one vector for each text (by the "index" of each; without any
// index, in their order), all of one dimension of at most kMaxDimension, every number finite as a
// 32-bit float. Vectors may stand as lists of numbers or as base64 of little-endian 32-bit floats,
// the two forms of the OpenAI interface.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/llm/chat.h"

namespace agentecho::llm {

inline constexpr std::size_t kMaxDimension = 65536;

using Embeddings = std::vector<std::vector<float>>;

// The vectors of a scored reply, one for each text of its request. Errors (kInput): the reply holds
// no valid embeddings.
Result<Embeddings> embeddings_of(const ChatReply& reply);

// The form that a reply keeps them in: {"embeddings":["<base64>", ...]}, 32-bit floats little
// endian.
std::string packed_embeddings(const Embeddings& embeddings);

}  // namespace agentecho::llm
