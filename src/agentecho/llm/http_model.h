// The bottom of the chain: one call, one POST. A key that travels unencrypted goes to the endpoint
// only, past any proxy: the proxy would read it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agentecho/llm/endpoint.h"
#include "agentecho/llm/http.h"
#include "agentecho/llm/model.h"

namespace agentecho::llm {

class HttpModel final : public ChatModel {
 public:
  HttpModel(const Endpoint& endpoint, HttpTransport& transport, const Clock& clock,
            Duration time_limit);
  void ask(ChatCall call, Done done) override;

 private:
  std::string completions_url_;
  std::string embeddings_url_;
  std::shared_ptr<const std::vector<HttpHeader>> headers_;
  Redactor redactor_;
  HttpTransport& transport_;
  const Clock& clock_;
  Duration time_limit_;
  bool direct_;
};

}  // namespace agentecho::llm
