// The two sides of the throughput measurement; compare.py runs them.
//
//   agentecho_llm_throughput serve LATENCY_MS           prints its address, serves until stdin ends
//   agentecho_llm_throughput ask URL COUNT IN_FLIGHT [CACHE]   prints seconds and CPU as JSON
#include <fmt/core.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "agentecho/llm/curl_transport.h"
#include "agentecho/llm/pool.h"
#include "support/chat_server.h"
#include "support/llm_requests.h"

namespace {

using namespace agentecho;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

int serve(int latency_ms) {
  test::Behaviour behaviour = test::says("{\"overall\": 3}");
  behaviour.delay = std::chrono::milliseconds(latency_ms);
  const test::ChatServer server([&](const test::Received&) { return behaviour; }, false);
  fmt::print("{}\n", server.url());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  fmt::print("{{\"requests\":{},\"most_in_flight\":{},\"cpu_seconds\":{:.6f}}}\n", server.count(),
             server.most_in_flight(), cpu_seconds());
  return 0;
}

int ask(const std::string& url, std::size_t count, std::size_t in_flight, const char* cache_path) {
  auto cache = llm::ReplyCache::open(cache_path == nullptr ? ":memory:" : cache_path);
  if (!cache) return 1;
  llm::SystemClock clock;
  llm::CurlTransport transport;
  llm::PoolOptions options;
  options.max_in_flight = in_flight;
  llm::Pool pool({url, {}, {}}, options, transport, clock, &*cache);
  const double cpu = cpu_seconds();
  const auto run = pool.complete(count, [](std::size_t index) {
    llm::ChatRequest request = test::score_request(index);
    request.messages[0].content.append(2000, 'x');  // about the size of a judged block
    return request;
  });
  if (!run || run->stopped || run->summary.scored != count) return 1;
  fmt::print("{{\"seconds\":{:.6f},\"cpu_seconds\":{:.6f},\"calls\":{}}}\n",
             llm::to_seconds(run->summary.elapsed), cpu_seconds() - cpu, run->summary.spend.calls);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "serve" && argc == 3) return serve(std::atoi(argv[2]));
  if (mode == "ask" && (argc == 5 || argc == 6)) {
    return ask(argv[2], std::strtoul(argv[3], nullptr, 10), std::strtoul(argv[4], nullptr, 10),
               argc == 6 ? argv[5] : nullptr);
  }
  fmt::print(stderr, "usage: {0} serve LATENCY_MS | ask URL COUNT IN_FLIGHT [CACHE]\n", argv[0]);
  return 2;
}
