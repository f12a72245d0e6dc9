#include "agentecho/llm/http_model.h"

#include <utility>

#include "agentecho/llm/wire.h"

namespace agentecho::llm {

HttpModel::HttpModel(const Endpoint& endpoint, HttpTransport& transport, const Clock& clock,
                     Duration time_limit)
    : completions_url_(completions_url(endpoint.url)),
      embeddings_url_(embeddings_url(endpoint.url)),
      headers_(std::make_shared<const std::vector<HttpHeader>>(request_headers(endpoint))),
      redactor_(make_redactor(endpoint)),
      transport_(transport),
      clock_(clock),
      time_limit_(time_limit),
      direct_(exposes_key(endpoint)) {}

void HttpModel::ask(ChatCall call, Done done) {
  HttpRequest request{asks_for_embeddings(*call.request) ? embeddings_url_ : completions_url_,
                      headers_, render_body(*call.request, *call.dialect), time_limit_, direct_};
  transport_.start(std::move(request), [this, call = std::move(call),
                                        done = std::move(done)](const HttpResult& result) {
    done(read_result(result, *call.request, *call.dialect, redactor_, clock_.unix_seconds()));
  });
}

}  // namespace agentecho::llm
