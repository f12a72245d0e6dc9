// Bytes from a file, from standard input or from memory, decompressed on the way when they are gzip
// or zstd (told by their first bytes, not by the name).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "agentecho/base/error.h"
#include "agentecho/base/hash.h"

namespace agentecho {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Up to `size` bytes (size >= 1) into `to`; 0 at the end. An error is final.
  virtual Result<std::size_t> read(char* to, std::size_t size) = 0;
};

// Bytes in memory, which must outlive the source; handed out in pieces of at most `piece` bytes.
std::unique_ptr<ByteSource> memory_source(std::string_view bytes, std::size_t piece = 1 << 20);

// The bytes of `path` as they are stored; "-" is standard input.
Result<std::unique_ptr<ByteSource>> open_file(const std::string& path);

// The content of `stored`, decompressed when it is gzip or zstd. When `hasher` is given, it sees
// every stored byte that is read.
Result<std::unique_ptr<ByteSource>> decompressed(std::unique_ptr<ByteSource> stored,
                                                 Hasher* hasher = nullptr);

// Digest and number of the bytes of a file as stored.
Result<std::pair<Digest, std::uint64_t>> digest_of_file(const std::string& path);

}  // namespace agentecho
