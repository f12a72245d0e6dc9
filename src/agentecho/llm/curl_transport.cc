#include "agentecho/llm/curl_transport.h"

#include <curl/curl.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "agentecho/llm/endpoint.h"

namespace agentecho::llm {

namespace {

// Sockets looked at and exchanges reported by one run(): a few, so that what these start anew is on
// its way before the next are looked at.
constexpr std::size_t kMostAtOnce = 16;

// libcurl's process-wide state, once.
void initialise_curl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)code;
}

long milliseconds(Duration duration) {
  const auto count = std::chrono::ceil<std::chrono::milliseconds>(duration).count();
  return static_cast<long>(std::clamp<std::int64_t>(count, 1, 1'000'000'000));
}

// What epoll tells about sockets in libcurl's words, and back.
int curl_events(std::uint32_t events) {
  return ((events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
         ((events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
         ((events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
}
std::uint32_t epoll_events(int what) {
  return ((what & CURL_POLL_IN) != 0 ? std::uint32_t{EPOLLIN} : 0u) |
         ((what & CURL_POLL_OUT) != 0 ? std::uint32_t{EPOLLOUT} : 0u);
}

// A header list in libcurl's form, wiped when it goes.
class HeaderList {
 public:
  explicit HeaderList(std::shared_ptr<const std::vector<HttpHeader>> source)
      : source_(std::move(source)) {
    if (!source_) return;
    for (const HttpHeader& header : *source_) append(header);
    append("Expect:");  // no waiting for "100 Continue" before large bodies
  }
  ~HeaderList() {
    for (curl_slist* node = list_; node != nullptr; node = node->next) {
      explicit_bzero(node->data, strlen(node->data));
    }
    curl_slist_free_all(list_);
  }
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;

  curl_slist* get() const { return list_; }

 private:
  void append(const HttpHeader& header) {
    std::string line = header.name;
    line += ": ";
    line += header.value.reveal();
    append(line.c_str());
    explicit_bzero(line.data(), line.size());
  }
  void append(const char* line) { list_ = curl_slist_append(list_, line); }

  std::shared_ptr<const std::vector<HttpHeader>> source_;  // keeps the address unique
  curl_slist* list_ = nullptr;
};

HttpFailure failure_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return HttpFailure::kConnect;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return HttpFailure::kTls;
    case CURLE_OPERATION_TIMEDOUT:
      return HttpFailure::kTimeout;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_WEIRD_SERVER_REPLY:
      return HttpFailure::kCut;
    default:
      return HttpFailure::kOther;
  }
}

struct Exchange {
  CURL* easy = nullptr;
  HttpRequest request;
  HttpTransport::Done done;
  std::string body;
  std::string content_type;
  std::size_t max_bytes = 0;
  bool too_large = false;
  char error[CURL_ERROR_SIZE] = {};
};

std::size_t receive(char* data, std::size_t size, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::size_t bytes = size * count;
  if (exchange.body.size() + bytes > exchange.max_bytes) {
    exchange.too_large = true;
    return 0;  // ends the exchange
  }
  exchange.body.append(data, bytes);
  return bytes;
}

// Before a socket connects. A kernel without the option leaves its own, longer limit.
int limit_unacknowledged(void* user, curl_socket_t socket, curlsocktype) {
  const auto limit = static_cast<unsigned>(milliseconds(*static_cast<const Duration*>(user)));
  (void)setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
  return CURL_SOCKOPT_OK;
}

std::string header_value(CURL* easy, const char* name) {
  curl_header* header = nullptr;
  if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK) return {};
  return header->value;
}

}  // namespace

class CurlTransport::Multi {
 public:
  explicit Multi(CurlOptions options) : options_(std::move(options)) {
    initialise_curl();
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0) unusable_ = fmt::format("no sockets can be waited for: {}", strerror(errno));
    multi_ = curl_multi_init();
    const auto set = [this](CURLMoption option, auto value) {
      curl_multi_setopt(multi_, option, value);
    };
    set(CURLMOPT_MAXCONNECTS, static_cast<long>(options_.max_connections));
    set(CURLMOPT_SOCKETFUNCTION, &watch_socket);
    set(CURLMOPT_SOCKETDATA, this);
    set(CURLMOPT_TIMERFUNCTION, &set_timer);
    set(CURLMOPT_TIMERDATA, this);
  }

  ~Multi() {
    for (auto& [easy, exchange] : running_) {
      curl_multi_remove_handle(multi_, easy);
      curl_easy_cleanup(easy);
    }
    for (CURL* easy : idle_) curl_easy_cleanup(easy);
    curl_multi_cleanup(multi_);
    if (epoll_ >= 0) ::close(epoll_);
  }

  void start(HttpRequest request, Done done) {
    auto exchange = std::make_unique<Exchange>();
    exchange->request = std::move(request);
    exchange->done = std::move(done);
    if (!unusable_.empty()) {
      return report_unsent(std::move(exchange->done), unusable_);
    }
    exchange->max_bytes = options_.max_reply_bytes;
    if (exchange->request.body.size() > options_.max_request_bytes) {
      return report_unsent(
          std::move(exchange->done),
          fmt::format("the request is larger than {} bytes", options_.max_request_bytes));
    }
    exchange->easy = easy_handle();
    set_up(*exchange);
    if (curl_multi_add_handle(multi_, exchange->easy) != CURLM_OK) {
      idle_.push_back(exchange->easy);
      return report_unsent(std::move(exchange->done), "the request could not be started");
    }
    running_.emplace(exchange->easy, std::move(exchange));
  }

  void run(Duration at_most) {
    if (!unusable_.empty()) {
      if (ended_.empty()) std::this_thread::sleep_for(at_most);
      return report_finished();
    }
    act_on_time();  // sends what was started since the last run
    std::array<epoll_event, kMostAtOnce> events;
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                 wait_milliseconds(at_most));
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      act(event.data.fd, curl_events(event.events));
    }
    act_on_time();
    report_finished();
  }

  // Replies that are all here already are kept.
  void give_up() {
    take_finished(ended_.size() + running_.size());
    for (auto& [easy, exchange] : running_) {
      // Else a name that is being looked up would be waited for.
      curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
      release(easy);
      ended_.emplace_back(
          std::move(exchange->done),
          HttpResult{.reply = {}, .failure = HttpFailure::kGivenUp, .detail = "given up"});
    }
    running_.clear();
  }

 private:
  static int watch_socket(CURL*, curl_socket_t socket, int what, void* user, void* known) {
    auto& self = *static_cast<Multi*>(user);
    if (what == CURL_POLL_REMOVE) {
      epoll_ctl(self.epoll_, EPOLL_CTL_DEL, socket, nullptr);
      return 0;
    }
    epoll_event event{};
    event.events = epoll_events(what);
    event.data.fd = socket;
    epoll_ctl(self.epoll_, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
    if (known == nullptr) curl_multi_assign(self.multi_, socket, &self);
    return 0;
  }

  static int set_timer(CURLM*, long delay, void* user) {
    auto& self = *static_cast<Multi*>(user);
    if (delay < 0) {
      self.timer_.reset();
    } else {
      self.timer_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(delay);
    }
    return 0;
  }

  int wait_milliseconds(Duration at_most) const {
    if (more_to_report_ || !ended_.empty()) return 0;
    if (timer_) {
      const auto left = *timer_ - std::chrono::steady_clock::now();
      if (left <= Duration{0}) return 0;
      at_most = std::min<Duration>(at_most, left);
    }
    return static_cast<int>(milliseconds(at_most));
  }

  void act(curl_socket_t socket, int events) {
    int active = 0;
    curl_multi_socket_action(multi_, socket, events, &active);
  }

  void act_on_time() {
    if (!timer_ || *timer_ > std::chrono::steady_clock::now()) return;
    timer_.reset();
    act(CURL_SOCKET_TIMEOUT, 0);
  }

  CURL* easy_handle() {
    if (idle_.empty()) return curl_easy_init();
    CURL* easy = idle_.back();
    idle_.pop_back();
    return easy;
  }

  curl_slist* headers_of(const HttpRequest& request) {
    auto& list = headers_[request.headers.get()];
    if (!list) list = std::make_unique<HeaderList>(request.headers);
    return list->get();
  }

  void set_up(Exchange& exchange) {
    CURL* easy = exchange.easy;
    const HttpRequest& request = exchange.request;
    const auto set = [easy](CURLoption option, auto value) {
      curl_easy_setopt(easy, option, value);
    };
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTPHEADER, headers_of(request));
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.data());
    set(CURLOPT_WRITEFUNCTION, &receive);
    set(CURLOPT_WRITEDATA, &exchange);
    set(CURLOPT_ERRORBUFFER, exchange.error);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(options_.connect_limit));
    set(CURLOPT_SOCKOPTFUNCTION, &limit_unacknowledged);
    set(CURLOPT_SOCKOPTDATA, &options_.unacknowledged_limit);
    if (request.time_limit > Duration{0}) set(CURLOPT_TIMEOUT_MS, milliseconds(request.time_limit));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
    if (request.direct || is_loopback(host_of(request.url))) set(CURLOPT_PROXY, "");
  }

  void report_unsent(Done done, std::string detail) {
    ended_.emplace_back(std::move(done), HttpResult{.reply = {}, .detail = std::move(detail)});
  }

  // Takes everything that has ended out of the multi handle first, since a call back may start
  // more.
  void report_finished() {
    take_finished(kMostAtOnce);
    more_to_report_ = ended_.size() >= kMostAtOnce;
    for (auto& [done, result] : std::exchange(ended_, {})) done(std::move(result));
  }

  void take_finished(std::size_t most) {
    int queued = 0;
    while (ended_.size() < most) {
      const CURLMsg* message = curl_multi_info_read(multi_, &queued);
      if (message == nullptr) break;
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      auto node = running_.extract(message->easy_handle);
      Exchange& exchange = *node.mapped();
      ended_.emplace_back(std::move(exchange.done), result_of(exchange, code));
      release(exchange.easy);
    }
  }

  HttpResult result_of(Exchange& exchange, CURLcode code) const {
    HttpResult result;
    if (code != CURLE_OK) {
      result.failure = exchange.too_large ? HttpFailure::kTooLarge : failure_of(code);
      result.detail = exchange.too_large
                          ? fmt::format("the reply is larger than {} bytes", exchange.max_bytes)
                      : exchange.error[0] != '\0' ? exchange.error
                                                  : curl_easy_strerror(code);
      return result;
    }
    HttpReply reply;
    long status = 0;
    curl_easy_getinfo(exchange.easy, CURLINFO_RESPONSE_CODE, &status);
    reply.status = static_cast<int>(status);
    reply.content_type = header_value(exchange.easy, "Content-Type");
    reply.retry_after = header_value(exchange.easy, "Retry-After");
    reply.body = std::move(exchange.body);
    result.reply = std::move(reply);
    return result;
  }

  void release(CURL* easy) {
    curl_multi_remove_handle(multi_, easy);
    curl_easy_reset(easy);
    idle_.push_back(easy);
  }

  CurlOptions options_;
  CURLM* multi_ = nullptr;
  int epoll_ = -1;
  std::string unusable_;                                        // why nothing can be sent, if so
  std::optional<std::chrono::steady_clock::time_point> timer_;  // when libcurl wants to be called
  std::unordered_map<CURL*, std::unique_ptr<Exchange>> running_;
  std::vector<CURL*> idle_;
  bool more_to_report_ = false;
  std::vector<std::pair<Done, HttpResult>> ended_;  // to be reported by the next run()
  std::unordered_map<const void*, std::unique_ptr<HeaderList>> headers_;
};

CurlTransport::CurlTransport(CurlOptions options)
    : multi_(std::make_unique<Multi>(std::move(options))) {}

CurlTransport::~CurlTransport() = default;

void CurlTransport::start(HttpRequest request, Done done) {
  multi_->start(std::move(request), std::move(done));
}

void CurlTransport::run(Duration at_most) { multi_->run(at_most); }

void CurlTransport::give_up() { multi_->give_up(); }

}  // namespace agentecho::llm
