// HTTP as this module sees it: POSTs that are started, run side by side on the caller's thread, and
// end in a call back. CurlTransport speaks to real servers; ScriptedTransport is the in-memory
// twin.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/llm/clock.h"
#include "agentecho/llm/secret.h"

namespace agentecho::llm {

struct HttpHeader {
  std::string name;
  Secret value;
};

struct HttpRequest {
  std::string url;
  std::shared_ptr<const std::vector<HttpHeader>> headers;  // shared by all requests of an endpoint
  std::string body;
  Duration time_limit{0};  // for the whole exchange
  bool direct = false;     // past any proxy that the environment names
};

struct HttpReply {
  int status = 0;
  std::string content_type;
  std::string retry_after;  // the header as sent; empty when absent
  std::string body;
};

// Why no reply came.
enum class HttpFailure {
  kConnect,   // no connection: name not resolved, refused
  kTls,       // the server's certificate or the handshake is not acceptable
  kTimeout,   // the time limit passed
  kCut,       // the connection ended before the reply did
  kTooLarge,  // the reply is larger than allowed
  kGivenUp,   // by give_up()
  kOther,
};

struct HttpResult {
  std::optional<HttpReply> reply{};
  HttpFailure failure = HttpFailure::kOther;  // where there is no reply
  std::string detail{};                       // the transport's own words on a failure
};

class HttpTransport {
 public:
  using Done = std::function<void(HttpResult)>;

  virtual ~HttpTransport() = default;

  // Begins an exchange, which is sent by the next run(); `done` is called once, from within run().
  // May be called from a `done`.
  virtual void start(HttpRequest request, Done done) = 0;

  // Works on the exchanges until one or more have ended and been reported, or `at_most` has passed.
  virtual void run(Duration at_most) = 0;

  // Ends the exchanges that are under way, which the next run() reports: who waits for a server
  // that says nothing must be able to stop.
  virtual void give_up() = 0;
};

}  // namespace agentecho::llm
