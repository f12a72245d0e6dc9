// Bytes of a table → JSON Lines. The first byte chooses how the bytes arrive and how long a row may
// be. Every line must be one JSON object.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "agentecho/base/text.h"
#include "agentecho/readers/byte_source.h"
#include "agentecho/readers/csv_source.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t longest_row = (data[0] & 1) != 0 ? 20 : 1 << 20;
  const auto source =
      agentecho::csv_as_json_lines(agentecho::memory_source(bytes, 1 + data[0] / 2), longest_row);
  std::string lines;
  char piece[64];
  for (;;) {
    const auto n = source->read(piece, sizeof piece);
    FUZZ_CHECK(n);
    if (*n == 0) break;
    lines.append(piece, *n);
  }
  std::string_view rest = lines;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    FUZZ_CHECK(end != std::string_view::npos);
    // A cell may hold any bytes, which the reader repairs later.
    const auto parsed =
        nlohmann::json::parse(agentecho::with_valid_utf8(rest.substr(0, end)), nullptr, false);
    FUZZ_CHECK(parsed.is_object());
    rest.remove_prefix(end + 1);
  }
  agentecho::names_messages(bytes);
  return 0;
}
