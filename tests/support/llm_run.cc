// agentecho_llm_run URL CACHE COUNT OUT: asks for the scores of COUNT items through a cache and
// writes one line an item. The crash test kills it at random moments.
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "agentecho/llm/curl_transport.h"
#include "agentecho/llm/pool.h"
#include "support/llm_requests.h"

int main(int argc, char** argv) {
  using namespace agentecho;
  if (argc != 5) return 2;
  auto cache = llm::ReplyCache::open(argv[2]);
  if (!cache) {
    std::cerr << cache.error().message << '\n';
    return 1;
  }
  llm::SystemClock clock;
  llm::CurlTransport transport;
  llm::PoolOptions options;
  options.max_in_flight = 16;
  options.retry.first = std::chrono::milliseconds(1);
  options.retry.longest = std::chrono::milliseconds(5);
  llm::Pool pool({argv[1], {}, {}}, options, transport, clock, &*cache);
  const auto run = pool.complete(std::strtoul(argv[3], nullptr, 10), test::score_request);
  if (!run || run->stopped) {
    std::cerr << (run ? run->stopped->message : run.error().message) << '\n';
    return 1;
  }
  std::ofstream out(argv[4], std::ios::binary);
  for (const llm::Outcome& outcome : run->outcomes) {
    out << llm::name(outcome.kind) << ' ' << outcome.key << ' ' << outcome.reply.json << '\n';
  }
  return out.flush() ? 0 : 1;
}
