#include "agentecho/llm/plan.h"

#include <fmt/core.h>

#include <functional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "agentecho/llm/digest.h"
#include "agentecho/llm/wire.h"

namespace agentecho::llm {

namespace {

// Thousands of requests share one schema, which is checked once.
class RequestCheck {
 public:
  Result<void> operator()(const ChatRequest& request) {
    if (auto fields = check_fields(request); !fields) return fields;
    if (seen_.contains(std::tie(request.schema, request.schema_name, request.extra))) return {};
    seen_.emplace(request.schema, request.schema_name, request.extra);
    return check_documents(request);
  }

 private:
  std::set<std::tuple<std::string, std::string, std::string>, std::less<>> seen_;
};

}  // namespace

Result<Plan> make_plan(const Endpoint& endpoint, std::size_t count, const RequestSource& source) {
  if (auto good = check(endpoint); !good) return tl::unexpected(good.error());
  Plan plan;
  RequestCheck check_request;
  std::unordered_map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < count; ++i) {
    const ChatRequest request = source(i);
    if (auto good = check_request(request); !good) {
      Error error = good.error();
      error.message = fmt::format("request {}: {}", i, error.message);
      return tl::unexpected(std::move(error));
    }
    plan.keys.push_back(cache_key(endpoint.url, request));
    const auto [it, is_new] = first.emplace(plan.keys.back(), i);
    plan.first_of.push_back(it->second);
    if (is_new) plan.unique.push_back(i);
  }
  return plan;
}

}  // namespace agentecho::llm
