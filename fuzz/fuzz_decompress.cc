// Bytes of a stored file → its content, in pieces whose size the first byte chooses.
#include <memory>
#include <string_view>
#include <vector>

#include "agentecho/readers/byte_source.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view stored(reinterpret_cast<const char*>(data) + 1, size - 1);
  agentecho::Hasher hasher;
  auto source = agentecho::decompressed(
      agentecho::hashed(agentecho::memory_source(stored, 1 + data[0]), hasher));
  if (!source) return 0;
  std::vector<char> buffer(4096);
  std::size_t total = 0;
  while (total < (1 << 20)) {
    const auto n = (*source)->read(buffer.data(), buffer.size());
    if (!n || *n == 0) break;
    FUZZ_CHECK(*n <= buffer.size());
    total += *n;
  }
  FUZZ_CHECK(hasher.size() <= stored.size());
  return 0;
}
