#include "support/chat_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "support/sockets.h"

namespace agentecho::test {

namespace {

using TimePoint = std::chrono::steady_clock::time_point;

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// The first request in `in`, taken out of it; false while it is not complete.
bool take_request(std::string& in, Received& request) {
  const std::size_t end = in.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  std::map<std::string, std::string> headers;
  const std::size_t first = in.find("\r\n");
  for (std::size_t at = first + 2; at < end;) {
    const std::size_t line_end = in.find("\r\n", at);
    const std::string line = in.substr(at, line_end - at);
    if (const std::size_t colon = line.find(':'); colon != std::string::npos) {
      const std::size_t value = line.find_first_not_of(' ', colon + 1);
      headers[lowered(line.substr(0, colon))] =
          value == std::string::npos ? "" : line.substr(value);
    }
    at = line_end + 2;
  }
  const std::size_t length = std::strtoul(headers["content-length"].c_str(), nullptr, 10);
  if (in.size() < end + 4 + length) return false;
  const std::size_t space = in.find(' ');
  request.target = in.substr(space + 1, in.find(' ', space + 1) - space - 1);
  request.headers = std::move(headers);
  request.body = in.substr(end + 4, length);
  in.erase(0, end + 4 + length);
  return true;
}

std::string response_text(const Behaviour& behaviour) {
  std::string text = fmt::format("HTTP/1.1 {} Status\r\nContent-Type: {}\r\nContent-Length: {}\r\n",
                                 behaviour.status, behaviour.content_type, behaviour.body.size());
  for (const auto& [name, value] : behaviour.headers)
    text += fmt::format("{}: {}\r\n", name, value);
  return text + "\r\n" + behaviour.body;
}

}  // namespace

class ChatServer::Loop {
 public:
  Loop(Handler handler, bool keep) : handler_(std::move(handler)), keep_(keep) {
    listener_ = listen_on_loopback();
    port_ = port_of(listener_);
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    for (const int file : {listener_, wake_, timer_}) watch(file, EPOLLIN, EPOLL_CTL_ADD);
    thread_ = std::thread([this] { run(); });
  }

  ~Loop() {
    stop_ = true;
    const std::uint64_t one = 1;
    if (write(wake_, &one, sizeof one) != sizeof one) std::abort();
    thread_.join();
    for (auto& [file, connection] : connections_) close(file);
    for (const int file : {listener_, wake_, timer_, epoll_}) close(file);
  }

  std::string url() const { return fmt::format("http://127.0.0.1:{}/v1", port_); }

  std::vector<Received> received() const {
    const std::lock_guard lock(mutex_);
    return received_;
  }
  std::size_t count() const { return count_; }
  std::size_t answered() const { return answered_; }
  std::size_t most_in_flight() const { return most_in_flight_; }
  bool idle() const {
    const std::lock_guard lock(accept_mutex_);
    pollfd waiting{listener_, POLLIN, 0};
    return poll(&waiting, 1, 0) == 0 && open_ == 0;
  }

 private:
  struct Connection {
    std::uint64_t id = 0;
    std::string in;
    std::string out;
    bool busy = false;  // with a request
    bool close_after = false;
    bool stalled = false;
    bool wants_write = false;
  };

  void watch(int file, std::uint32_t events, int operation) {
    epoll_event event{};
    event.events = events;
    event.data.fd = file;
    epoll_ctl(epoll_, operation, file, &event);
  }

  void run() {
    std::vector<epoll_event> events(1024);
    while (!stop_) {
      arm_timer();
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int file = events[static_cast<std::size_t>(i)].data.fd;
        if (file == listener_) {
          accept_all();
        } else if (file == timer_) {
          std::uint64_t ticks = 0;
          (void)!read(timer_, &ticks, sizeof ticks);
        } else if (file != wake_) {
          serve(file);
        }
      }
      answer_due();
    }
  }

  void arm_timer() {
    if (due_.empty() || due_.begin()->first == armed_) return;
    armed_ = due_.begin()->first;
    const auto moment = std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::max(armed_, std::chrono::steady_clock::now()).time_since_epoch());
    itimerspec when{};
    when.it_value.tv_sec = static_cast<time_t>(moment.count() / 1'000'000'000);
    when.it_value.tv_nsec = static_cast<long>(moment.count() % 1'000'000'000);
    timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr);
  }

  void accept_all() {
    const std::lock_guard lock(accept_mutex_);
    for (;;) {
      const int file = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (file < 0) return;
      const int yes = 1;
      setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      Connection& connection = connections_[file];
      connection = Connection{};
      connection.id = next_id_++;
      ++open_;
      watch(file, EPOLLIN, EPOLL_CTL_ADD);
    }
  }

  void drop(int file) {
    if (connections_[file].busy) --in_flight_;
    connections_.erase(file);
    close(file);
    --open_;
  }

  void serve(int file) {
    Connection& connection = connections_[file];
    char buffer[65536];
    for (;;) {
      const ssize_t bytes = recv(file, buffer, sizeof buffer, 0);
      if (bytes > 0) {
        connection.in.append(buffer, static_cast<std::size_t>(bytes));
        continue;
      }
      if (bytes == 0 || errno != EAGAIN) return drop(file);
      break;
    }
    if (!connection.out.empty()) return flush(file);
    begin_request(file);
  }

  void begin_request(int file) {
    Connection& connection = connections_[file];
    Received request;
    if (connection.busy || !take_request(connection.in, request)) return;
    connection.busy = true;
    request.number = count_++;
    most_in_flight_ = std::max<std::size_t>(most_in_flight_, ++in_flight_);
    Behaviour behaviour = handler_(request);
    if (keep_) {
      const std::lock_guard lock(mutex_);
      received_.push_back(std::move(request));
    }
    if (behaviour.delay.count() > 0) {
      const auto when = std::chrono::steady_clock::now() + behaviour.delay;
      due_.emplace(when, Due{file, connection.id, std::move(behaviour)});
    } else {
      answer(file, behaviour);
    }
  }

  void answer_due() {
    const TimePoint now = std::chrono::steady_clock::now();
    while (!due_.empty() && due_.begin()->first <= now) {
      const Due due = std::move(due_.begin()->second);
      due_.erase(due_.begin());
      const auto it = connections_.find(due.file);
      if (it != connections_.end() && it->second.id == due.id) answer(due.file, due.behaviour);
    }
  }

  void answer(int file, const Behaviour& behaviour) {
    Connection& connection = connections_[file];
    if (behaviour.manner == Manner::kHangUp) return drop(file);
    connection.out = response_text(behaviour);
    if (behaviour.manner != Manner::kWhole) {
      connection.out.resize(connection.out.size() - (behaviour.body.size() + 1) / 2);
      connection.close_after = behaviour.manner == Manner::kCut;
      connection.stalled = behaviour.manner == Manner::kStall;
    }
    flush(file);
  }

  void flush(int file) {
    Connection& connection = connections_[file];
    while (!connection.out.empty()) {
      const ssize_t sent = send(file, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EAGAIN) {
        if (!connection.wants_write) watch(file, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
        connection.wants_write = true;
        return;
      }
      if (sent < 0) return drop(file);
      connection.out.erase(0, static_cast<std::size_t>(sent));
    }
    if (connection.wants_write) watch(file, EPOLLIN, EPOLL_CTL_MOD);
    connection.wants_write = false;
    if (connection.stalled) return;
    if (connection.close_after) return drop(file);
    connection.busy = false;
    --in_flight_;
    ++answered_;
    begin_request(file);
  }

  struct Due {
    int file;
    std::uint64_t id;
    Behaviour behaviour;
  };

  Handler handler_;
  bool keep_;
  int listener_ = -1;
  int epoll_ = -1;
  int wake_ = -1;
  int timer_ = -1;
  int port_ = 0;
  std::uint64_t next_id_ = 0;
  std::map<int, Connection> connections_;
  mutable std::mutex accept_mutex_;
  std::atomic<std::size_t> open_ = 0;  // connections
  std::multimap<TimePoint, Due> due_;
  TimePoint armed_{};
  std::atomic<bool> stop_ = false;
  std::atomic<std::size_t> count_ = 0;
  std::atomic<std::size_t> answered_ = 0;
  std::atomic<std::size_t> most_in_flight_ = 0;
  std::size_t in_flight_ = 0;
  mutable std::mutex mutex_;
  std::vector<Received> received_;
  std::thread thread_;
};

ChatServer::ChatServer(Handler handler, bool keep)
    : loop_(std::make_unique<Loop>(std::move(handler), keep)) {}
ChatServer::~ChatServer() = default;
std::string ChatServer::url() const { return loop_->url(); }
std::vector<Received> ChatServer::received() const { return loop_->received(); }
std::size_t ChatServer::count() const { return loop_->count(); }
std::size_t ChatServer::answered() const { return loop_->answered(); }
bool ChatServer::idle() const { return loop_->idle(); }
std::size_t ChatServer::most_in_flight() const { return loop_->most_in_flight(); }

std::string completion_body(const std::string& content, const std::string& finish_reason) {
  nlohmann::json choice = {{"index", 0}, {"finish_reason", finish_reason}};
  choice["message"] = {{"role", "assistant"}, {"content", content}};
  nlohmann::json body = {
      {"id", "chatcmpl-1"}, {"object", "chat.completion"}, {"model", "loopback"}};
  body["choices"] = nlohmann::json::array({choice});
  body["usage"] = {{"prompt_tokens", 20}, {"completion_tokens", 5}, {"total_tokens", 25}};
  return body.dump();
}

std::string error_body(const std::string& message, const std::string& code,
                       const std::string& param) {
  const auto or_null = [](const std::string& text) {
    return text.empty() ? nlohmann::json() : nlohmann::json(text);
  };
  nlohmann::json body;
  body["error"] = {{"message", message}, {"code", or_null(code)}, {"param", or_null(param)}};
  return body.dump();
}

std::string embeddings_body(const std::vector<std::vector<float>>& vectors) {
  nlohmann::json body = {{"object", "list"}, {"model", "loopback"}};
  body["data"] = nlohmann::json::array();
  for (const std::vector<float>& vector : vectors) {
    nlohmann::json entry = {{"object", "embedding"}, {"index", body["data"].size()}};
    entry["embedding"] = vector;
    body["data"].push_back(std::move(entry));
  }
  body["usage"] = {{"prompt_tokens", 7}, {"total_tokens", 7}};
  return body.dump();
}

Behaviour says(const std::string& content) {
  Behaviour behaviour;
  behaviour.body = completion_body(content);
  return behaviour;
}

Behaviour errs(int status, const std::string& message, const std::string& code,
               const std::string& param) {
  Behaviour behaviour;
  behaviour.status = status;
  behaviour.body = error_body(message, code, param);
  return behaviour;
}

}  // namespace agentecho::test
