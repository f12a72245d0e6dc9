// HTTP through libcurl's multi interface: one thread, hundreds of exchanges side by side,
// connections kept and shared, HTTP/2 where the server offers it. TLS is verified. Redirects are
// not followed and bodies are not decompressed, so that a reply is what the named server sent and
// no larger than the bound. Proxies of the environment are honoured, except for loopback addresses.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "agentecho/llm/http.h"

namespace agentecho::llm {

struct CurlOptions {
  std::size_t max_reply_bytes = std::size_t{8} << 20;
  std::size_t max_request_bytes = std::size_t{32} << 20;
  Duration connect_limit = std::chrono::seconds(30);
  // Of sent bytes that the other side does not acknowledge. A server whose queue of new connections
  // is full can leave a connection that only this side knows of; without a limit a request would
  // wait there for the whole time limit of the exchange.
  Duration unacknowledged_limit = std::chrono::seconds(20);
  std::size_t max_connections = 1024;  // kept open
  std::string ca_file;                 // certificate authorities (PEM); empty: the system's
};

class CurlTransport final : public HttpTransport {
 public:
  explicit CurlTransport(CurlOptions options = {});
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  void start(HttpRequest request, Done done) override;
  void run(Duration at_most) override;
  void give_up() override;

 private:
  class Multi;
  std::unique_ptr<Multi> multi_;
};

}  // namespace agentecho::llm
