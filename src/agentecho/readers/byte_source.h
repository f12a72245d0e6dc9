// Bytes from a file, from standard input or from memory; gzip, zstd, bzip2 and xz are decompressed
// and Arrow IPC files become JSON Lines on the way (told by their first bytes, not by the name).
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

// The bytes of `path` as they are stored; "-" is standard input, "memory:…" see memory_file.h.
Result<std::unique_ptr<ByteSource>> open_file(const std::string& path);

// A source whose beginning can be looked at before it is read.
class PeekedSource final : public ByteSource {
 public:
  explicit PeekedSource(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}
  // The next `size` bytes, fewer at the end; they are read again afterwards.
  Result<std::string_view> peek(std::size_t size);
  Result<std::size_t> read(char* to, std::size_t size) override;

 private:
  std::unique_ptr<ByteSource> source_;
  std::string ahead_;
};

// The same bytes; `hasher`, which must outlive it, sees every one that is read.
std::unique_ptr<ByteSource> hashed(std::unique_ptr<ByteSource> source, Hasher& hasher);

// The content of `stored`, decompressed when it is gzip, zstd, bzip2 or xz, else as it is. A stream
// that expands more than a thousandfold beyond its first 256 MiB is an error: no log does that, an
// archive bomb does.
Result<std::unique_ptr<PeekedSource>> decompressed(std::unique_ptr<ByteSource> stored);

// Whether `made` bytes out of `stored` ones are more than any log gives, and what is said then.
bool expands_like_a_bomb(std::uint64_t stored, std::uint64_t made);
Error bomb_error();

// Digest and number of the bytes of a file as stored.
Result<std::pair<Digest, std::uint64_t>> digest_of_file(const std::string& path);

}  // namespace agentecho
