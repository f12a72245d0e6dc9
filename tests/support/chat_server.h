// A real HTTP server on loopback that speaks chat completions and misbehaves on demand. One thread,
// hundreds of connections. A handler says for each request what happens; it runs on the server's
// thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace agentecho::test {

enum class Manner {
  kWhole,  // answers
  kCut,    // closes the connection in the middle of the body
  kStall,  // sends half of the body and then nothing, but keeps the connection
  kHangUp  // closes without a byte
};

struct Behaviour {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::chrono::microseconds delay{0};
  Manner manner = Manner::kWhole;
};

struct Received {
  std::size_t number = 0;  // of the request, from 0
  std::string target;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class ChatServer {
 public:
  using Handler = std::function<Behaviour(const Received&)>;

  // keep: whether received() remembers the requests.
  explicit ChatServer(Handler handler, bool keep = true);
  ~ChatServer();
  ChatServer(const ChatServer&) = delete;
  ChatServer& operator=(const ChatServer&) = delete;

  std::string url() const;  // http://127.0.0.1:PORT/v1
  std::vector<Received> received() const;
  std::size_t count() const;           // requests that arrived
  std::size_t answered() const;        // that were answered to the last byte
  std::size_t most_in_flight() const;  // that were being answered at once
  // No connection is open or waits to be accepted: whatever clients that are gone had sent has been
  // seen.
  bool idle() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

// The body of a completion whose assistant says `content`.
std::string completion_body(const std::string& content, const std::string& finish_reason = "stop");
// {"error": {"message", "type", "code", "param"}}, empty ones as null.
std::string error_body(const std::string& message, const std::string& code = {},
                       const std::string& param = {});

// The body of an embeddings reply.
std::string embeddings_body(const std::vector<std::vector<float>>& vectors);

Behaviour says(const std::string& content);
Behaviour errs(int status, const std::string& message, const std::string& code = {},
               const std::string& param = {});

// A TLS server with a certificate of its own making for 127.0.0.1, which nobody has reason to trust
// unless they are given certificate_file. Answers every request with one completion.
class TlsServer {
 public:
  TlsServer(const std::string& certificate_file, const std::string& content);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string url() const;         // https://127.0.0.1:PORT/v1
  std::size_t requests() const;    // that came through the encryption
  std::size_t handshakes() const;  // that were tried

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace agentecho::test
