#include "agentecho/readers/byte_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "agentecho/arrow/json_rows.h"
#include "agentecho/readers/archive.h"
#include "agentecho/readers/memory_file.h"

namespace agentecho {

namespace {

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string_view bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}

  Result<std::size_t> read(char* to, std::size_t size) override {
    const std::size_t n = std::min({size, piece_, bytes_.size()});
    std::memcpy(to, bytes_.data(), n);
    bytes_.remove_prefix(n);
    return n;
  }

 private:
  std::string_view bytes_;
  std::size_t piece_;
};

class FileSource final : public ByteSource {
 public:
  FileSource(int descriptor, bool owned) : descriptor_(descriptor), owned_(owned) {}
  ~FileSource() override {
    if (owned_) ::close(descriptor_);
  }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  Result<std::size_t> read(char* to, std::size_t size) override {
    const ssize_t n = ::read(descriptor_, to, size);
    if (n >= 0) return static_cast<std::size_t>(n);
    // Only a signal that the program handles ends a read early: somebody wants it to stop.
    if (errno == EINTR) return fail(ErrorKind::kInterrupted, "interrupted while reading");
    return fail(ErrorKind::kInput, fmt::format("cannot read: {}", std::strerror(errno)));
  }

 private:
  int descriptor_;
  bool owned_;
};

class HashedSource final : public ByteSource {
 public:
  HashedSource(std::unique_ptr<ByteSource> source, Hasher& hasher)
      : source_(std::move(source)), hasher_(hasher) {}

  Result<std::size_t> read(char* to, std::size_t size) override {
    auto n = source_->read(to, size);
    if (n) hasher_.update({to, *n});
    return n;
  }

 private:
  std::unique_ptr<ByteSource> source_;
  Hasher& hasher_;
};

constexpr std::uint64_t kMostExpansion = 1000;
constexpr std::size_t kCompressedChunk = 256 * 1024;

Unexpected ends_early(std::string_view format) {
  return fail(ErrorKind::kInput, fmt::format("the {} data end early", format),
              "the file is truncated; copy or compress it again");
}

// gzip, possibly of several members (RFC 1952).
class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<PeekedSource> stored)
      : stored_(std::move(stored)), input_(kCompressedChunk) {
    open_ = inflateInit2(&stream_, 15 + 16) == Z_OK;  // 16: expect a gzip header
  }
  ~GzipSource() override { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  Result<std::size_t> read(char* to, std::size_t size) override {
    if (!open_) return fail(ErrorKind::kFailed, "cannot start zlib");
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(size, 1u << 30));
    const uInt wanted = stream_.avail_out;
    while (stream_.avail_out == wanted) {
      if (stream_.avail_in == 0) {
        auto n = stored_->read(input_.data(), input_.size());
        if (!n) return Unexpected(n.error());
        if (*n == 0) {
          if (!member_ended_) return ends_early("gzip");
          return 0;
        }
        stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
        stream_.avail_in = static_cast<uInt>(*n);
      }
      if (member_ended_) {
        // Padding of zeros, as tapes and block devices leave it, is no further member.
        while (stream_.avail_in > 0 && *stream_.next_in == 0) {
          ++stream_.next_in;
          --stream_.avail_in;
        }
        if (stream_.avail_in == 0) continue;
        inflateReset(&stream_);
        member_ended_ = false;
      }
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status == Z_STREAM_END) {
        member_ended_ = true;
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        return fail(ErrorKind::kInput, fmt::format("the gzip data are damaged ({})",
                                                   stream_.msg ? stream_.msg : "bad block"));
      }
    }
    return wanted - stream_.avail_out;
  }

 private:
  std::unique_ptr<PeekedSource> stored_;
  std::vector<char> input_;
  z_stream stream_{};
  bool open_ = false;
  bool member_ended_ = false;
};

// Zstandard, possibly of several frames (RFC 8878).
class ZstdSource final : public ByteSource {
 public:
  explicit ZstdSource(std::unique_ptr<PeekedSource> stored)
      : stored_(std::move(stored)), input_(kCompressedChunk), stream_(ZSTD_createDStream()) {}
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }
  ZstdSource(const ZstdSource&) = delete;
  ZstdSource& operator=(const ZstdSource&) = delete;

  Result<std::size_t> read(char* to, std::size_t size) override {
    ZSTD_outBuffer out{to, size, 0};
    while (out.pos == 0) {
      if (in_.pos == in_.size) {
        auto n = stored_->read(input_.data(), input_.size());
        if (!n) return Unexpected(n.error());
        if (*n == 0) {
          if (!frame_ended_) return ends_early("zstd");
          return 0;
        }
        in_ = {input_.data(), *n, 0};
      }
      const std::size_t status = ZSTD_decompressStream(stream_, &out, &in_);
      if (ZSTD_isError(status) != 0) {
        return fail(ErrorKind::kInput,
                    fmt::format("the zstd data are damaged ({})", ZSTD_getErrorName(status)));
      }
      frame_ended_ = status == 0;
    }
    return out.pos;
  }

 private:
  std::unique_ptr<PeekedSource> stored_;
  std::vector<char> input_;
  ZSTD_DStream* stream_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool frame_ended_ = false;
};

// The rows of an Arrow IPC file as JSON Lines.
class ArrowSource final : public ByteSource {
 public:
  explicit ArrowSource(std::unique_ptr<PeekedSource> stored) : stored_(std::move(stored)) {}

  Result<std::size_t> read(char* to, std::size_t size) override {
    while (given_ == lines_.size()) {
      if (!rows_) {
        auto rows = arrow::JsonRows::of_file(
            [stored = stored_.get()](char* into, std::size_t n) { return stored->read(into, n); });
        if (!rows) return Unexpected(rows.error());
        rows_.emplace(std::move(*rows));
      }
      lines_.clear();
      given_ = 0;
      auto more = rows_->next(lines_);
      if (!more) return Unexpected(more.error());
      if (!*more) return 0;
    }
    const std::size_t n = std::min(size, lines_.size() - given_);
    std::memcpy(to, lines_.data() + given_, n);
    given_ += n;
    return n;
  }

 private:
  std::unique_ptr<PeekedSource> stored_;
  std::optional<arrow::JsonRows> rows_;
  std::string lines_;  // of the batch at hand
  std::size_t given_ = 0;
};

// How much was read of what is stored.
class CountedSource final : public ByteSource {
 public:
  explicit CountedSource(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}
  Result<std::size_t> read(char* to, std::size_t size) override {
    auto n = source_->read(to, size);
    if (n) bytes_ += *n;
    return n;
  }
  const std::uint64_t& bytes() const { return bytes_; }

 private:
  std::unique_ptr<ByteSource> source_;
  std::uint64_t bytes_ = 0;
};

// Stops an archive bomb.
class BoundedExpansion final : public ByteSource {
 public:
  // `stored` counts the compressed bytes; it lives in the source below `content`.
  BoundedExpansion(std::unique_ptr<ByteSource> content, const std::uint64_t& stored)
      : content_(std::move(content)), stored_(stored) {}

  Result<std::size_t> read(char* to, std::size_t size) override {
    auto n = content_->read(to, size);
    if (!n) return n;
    made_ += *n;
    if (expands_like_a_bomb(stored_, made_)) return Unexpected(bomb_error());
    return n;
  }

 private:
  std::unique_ptr<ByteSource> content_;
  const std::uint64_t& stored_;
  std::uint64_t made_ = 0;
};

// A frame, or a skippable one, as pzstd puts it first (RFC 8878, 3.1.2).
bool is_zstd(std::string_view start) {
  if (start.size() < 4) return false;
  return start.starts_with("\x28\xb5\x2f\xfd") ||
         ((static_cast<unsigned char>(start[0]) & 0xf0) == 0x50 &&
          start.substr(1, 3) == "\x2a\x4d\x18");
}

}  // namespace

std::unique_ptr<ByteSource> memory_source(std::string_view bytes, std::size_t piece) {
  return std::make_unique<MemorySource>(bytes, piece);
}

Result<std::unique_ptr<ByteSource>> open_file(const std::string& path) {
  if (path == "-") return std::make_unique<FileSource>(STDIN_FILENO, false);
  if (is_memory_path(path)) return open_memory_file(path);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return fail(ErrorKind::kInput, fmt::format("{}: cannot open: {}", path, std::strerror(errno)));
  }
  return std::make_unique<FileSource>(descriptor, true);
}

bool expands_like_a_bomb(std::uint64_t stored, std::uint64_t made) {
  constexpr std::uint64_t kFreeBytes = std::uint64_t{256} << 20;
  return made > kFreeBytes && made / kMostExpansion > stored;
}

Error bomb_error() {
  return {
      ErrorKind::kInput,
      fmt::format("the compressed data expand more than {} times: this is no log", kMostExpansion),
      "if it is one, decompress it and name the result"};
}

Result<std::string_view> PeekedSource::peek(std::size_t size) {
  while (ahead_.size() < size) {
    const std::size_t have = ahead_.size();
    ahead_.resize(size);
    auto n = source_->read(ahead_.data() + have, size - have);
    ahead_.resize(have + n.value_or(0));
    if (!n) return Unexpected(n.error());
    if (*n == 0) break;
  }
  return std::string_view(ahead_).substr(0, size);
}

Result<std::size_t> PeekedSource::read(char* to, std::size_t size) {
  if (ahead_.empty()) return source_->read(to, size);
  const std::size_t n = std::min(size, ahead_.size());
  std::memcpy(to, ahead_.data(), n);
  ahead_.erase(0, n);
  return n;
}

std::unique_ptr<ByteSource> hashed(std::unique_ptr<ByteSource> source, Hasher& hasher) {
  return std::make_unique<HashedSource>(std::move(source), hasher);
}

Result<std::unique_ptr<PeekedSource>> decompressed(std::unique_ptr<ByteSource> stored) {
  auto counted = std::make_unique<CountedSource>(std::move(stored));
  const std::uint64_t& stored_bytes = counted->bytes();
  auto peeked = std::make_unique<PeekedSource>(std::move(counted));
  auto start = peeked->peek(6);
  if (!start) return Unexpected(start.error());
  using namespace std::string_view_literals;
  const auto begins = [&](std::string_view bytes) { return start->starts_with(bytes); };
  const bool utf32 = begins("\xff\xfe\0\0"sv) || begins("\0\0\xfe\xff"sv) || begins("{\0\0\0"sv) ||
                     begins("[\0\0\0"sv) || begins("\0\0\0{"sv) || begins("\0\0\0["sv);
  if (utf32 || begins("\xff\xfe") || begins("\xfe\xff") || begins("{\0"sv) || begins("[\0"sv) ||
      begins("\0{"sv) || begins("\0["sv)) {
    const std::string_view coding = utf32 ? "UTF-32" : "UTF-16";
    return fail(ErrorKind::kInput, fmt::format("this is {} text, which is not read", coding),
                fmt::format("write it as UTF-8: iconv -f {} -t UTF-8 FILE", coding));
  }
  std::unique_ptr<ByteSource> content;
  if (start->starts_with("\x1f\x8b")) {
    content = std::make_unique<GzipSource>(std::move(peeked));
  } else if (is_zstd(*start)) {
    content = std::make_unique<ZstdSource>(std::move(peeked));
  } else if (start->starts_with("BZh") || *start == std::string_view("\xfd"
                                                                     "7zXZ\0",
                                                                     6)) {
    auto filtered = filtered_source(std::move(peeked));
    if (!filtered) return Unexpected(filtered.error());
    content = std::move(*filtered);
  } else if (arrow::is_arrow_file(*start)) {
    content = std::make_unique<ArrowSource>(std::move(peeked));
  } else {
    return peeked;
  }
  return std::make_unique<PeekedSource>(
      std::make_unique<BoundedExpansion>(std::move(content), stored_bytes));
}

Result<std::pair<Digest, std::uint64_t>> digest_of_file(const std::string& path) {
  auto file = open_file(path);
  if (!file) return Unexpected(file.error());
  Hasher hasher;
  std::vector<char> buffer(1 << 20);
  for (;;) {
    auto n = (*file)->read(buffer.data(), buffer.size());
    if (!n) return Unexpected(n.error());
    if (*n == 0) return std::pair(hasher.digest(), hasher.size());
    hasher.update({buffer.data(), *n});
  }
}

}  // namespace agentecho
