// Bytes of an Arrow IPC file or stream → JSON Lines, whatever the bytes are.
#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "agentecho/arrow/json_rows.h"
#include "fuzz.h"

using namespace agentecho;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  auto rows = arrow::JsonRows::of_file([&](char* to, std::size_t wanted) {
    const std::size_t n = std::min(wanted, rest.size());
    if (n > 0) std::memcpy(to, rest.data(), n);
    rest.remove_prefix(n);
    return Result<std::size_t>(n);
  });
  if (!rows) return 0;
  std::string lines;
  for (;;) {
    const auto more = rows->next(lines);
    if (!more || !*more) return 0;
    FUZZ_CHECK(lines.empty() || lines.back() == '\n');
    lines.clear();
  }
}
