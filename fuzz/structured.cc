// libFuzzer's hooks: most changes leave the JSON of an input JSON (json_mutator.h), the others are
// its own.
#include <cstring>
#include <string>
#include <string_view>

#include "json_mutator.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// False where there is nothing, or it is too long.
bool give(const std::string& text, std::uint8_t* data, std::size_t max_size) {
  if (text.empty() || text.size() > max_size) return false;
  std::memcpy(data, text.data(), text.size());
  return true;
}

void mutate_bytes(std::string& text) {
  const std::size_t size = text.size();
  text.resize(size + 16);
  text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), size, text.size()));
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  if (seed % 4 != 0) {
    const std::string text = agentecho::fuzz::mutated_json(text_of(data, size), seed, mutate_bytes);
    if (give(text, data, max_size)) return text.size();
  }
  return LLVMFuzzerMutate(data, size, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data, std::size_t size,
                                                 const std::uint8_t* other, std::size_t other_size,
                                                 std::uint8_t* out, std::size_t max_size,
                                                 unsigned seed) {
  const std::string text =
      agentecho::fuzz::crossed_json(text_of(data, size), text_of(other, other_size), seed);
  return give(text, out, max_size) ? text.size() : 0;
}
