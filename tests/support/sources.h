// Byte sources that behave badly.
#pragma once

#include <string>
#include <string_view>

#include "agentecho/readers/byte_source.h"

namespace agentecho::testing {

// Gives its bytes, then fails.
class FailingSource final : public ByteSource {
 public:
  explicit FailingSource(std::string_view bytes) : inner_(memory_source(bytes, 7)) {}
  Result<std::size_t> read(char* to, std::size_t size) override {
    auto n = inner_->read(to, size);
    if (n && *n == 0) return fail(ErrorKind::kInput, "the disk is gone", "mount it");
    return n;
  }

 private:
  std::unique_ptr<ByteSource> inner_;
};

// Everything that a source gives, or its error.
inline Result<std::string> read_all(ByteSource& source, std::size_t piece = 1000) {
  std::string all;
  std::string buffer(piece, '\0');
  for (;;) {
    auto n = source.read(buffer.data(), buffer.size());
    if (!n) return Unexpected(n.error());
    if (*n == 0) return all;
    all.append(buffer, 0, *n);
  }
}

}  // namespace agentecho::testing
