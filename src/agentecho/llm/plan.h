// Which of many requests are to be asked, and which only repeat an earlier one.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/llm/chat.h"
#include "agentecho/llm/endpoint.h"

namespace agentecho::llm {

// Makes the index-th request; called more than once for an index and must give the same each time.
using RequestSource = std::function<ChatRequest(std::size_t index)>;

struct Plan {
  std::vector<std::string> keys;      // per request
  std::vector<std::size_t> first_of;  // per request: the first one with the same key
  std::vector<std::size_t> unique;    // the firsts, in order
};

// Errors (kUsage): the endpoint or a request cannot be sent (with its index).
Result<Plan> make_plan(const Endpoint& endpoint, std::size_t count, const RequestSource& source);

}  // namespace agentecho::llm
