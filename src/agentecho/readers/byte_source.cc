#include "agentecho/readers/byte_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

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

// The first bytes of a source, read ahead, then the rest; shows every byte to a hasher.
class StoredBytes {
 public:
  StoredBytes(std::unique_ptr<ByteSource> source, Hasher* hasher)
      : source_(std::move(source)), hasher_(hasher) {}

  Result<std::string_view> peek(std::size_t size) {
    while (ahead_.size() < size) {
      char buffer[16];
      auto n = read_source(buffer, std::min(sizeof buffer, size - ahead_.size()));
      if (!n) return Unexpected(n.error());
      if (*n == 0) break;
      ahead_.append(buffer, *n);
    }
    return std::string_view(ahead_);
  }

  Result<std::size_t> read(char* to, std::size_t size) {
    if (ahead_.empty()) return read_source(to, size);
    const std::size_t n = std::min(size, ahead_.size());
    std::memcpy(to, ahead_.data(), n);
    ahead_.erase(0, n);
    return n;
  }

 private:
  Result<std::size_t> read_source(char* to, std::size_t size) {
    auto n = source_->read(to, size);
    if (n && hasher_ != nullptr) hasher_->update({to, *n});
    return n;
  }

  std::unique_ptr<ByteSource> source_;
  Hasher* hasher_;
  std::string ahead_;
};

class PlainSource final : public ByteSource {
 public:
  explicit PlainSource(StoredBytes stored) : stored_(std::move(stored)) {}
  Result<std::size_t> read(char* to, std::size_t size) override { return stored_.read(to, size); }

 private:
  StoredBytes stored_;
};

constexpr std::size_t kCompressedChunk = 256 * 1024;

Unexpected ends_early(std::string_view format) {
  return fail(ErrorKind::kInput, fmt::format("the {} data end early", format),
              "the file is truncated; copy or compress it again");
}

// gzip, possibly of several members (RFC 1952).
class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(StoredBytes stored) : stored_(std::move(stored)), input_(kCompressedChunk) {
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
        auto n = stored_.read(input_.data(), input_.size());
        if (!n) return Unexpected(n.error());
        if (*n == 0) {
          if (!member_ended_) return ends_early("gzip");
          return 0;
        }
        stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
        stream_.avail_in = static_cast<uInt>(*n);
      }
      if (member_ended_) {
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
  StoredBytes stored_;
  std::vector<char> input_;
  z_stream stream_{};
  bool open_ = false;
  bool member_ended_ = false;
};

// Zstandard, possibly of several frames (RFC 8878).
class ZstdSource final : public ByteSource {
 public:
  explicit ZstdSource(StoredBytes stored)
      : stored_(std::move(stored)), input_(kCompressedChunk), stream_(ZSTD_createDStream()) {}
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }
  ZstdSource(const ZstdSource&) = delete;
  ZstdSource& operator=(const ZstdSource&) = delete;

  Result<std::size_t> read(char* to, std::size_t size) override {
    ZSTD_outBuffer out{to, size, 0};
    while (out.pos == 0) {
      if (in_.pos == in_.size) {
        auto n = stored_.read(input_.data(), input_.size());
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
  StoredBytes stored_;
  std::vector<char> input_;
  ZSTD_DStream* stream_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool frame_ended_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> memory_source(std::string_view bytes, std::size_t piece) {
  return std::make_unique<MemorySource>(bytes, piece);
}

Result<std::unique_ptr<ByteSource>> open_file(const std::string& path) {
  if (path == "-") return std::make_unique<FileSource>(STDIN_FILENO, false);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return fail(ErrorKind::kInput, fmt::format("{}: cannot open: {}", path, std::strerror(errno)));
  }
  return std::make_unique<FileSource>(descriptor, true);
}

Result<std::unique_ptr<ByteSource>> decompressed(std::unique_ptr<ByteSource> stored,
                                                 Hasher* hasher) {
  StoredBytes bytes(std::move(stored), hasher);
  auto magic = bytes.peek(4);
  if (!magic) return Unexpected(magic.error());
  if (magic->starts_with("\x1f\x8b")) return std::make_unique<GzipSource>(std::move(bytes));
  if (*magic == "\x28\xb5\x2f\xfd") return std::make_unique<ZstdSource>(std::move(bytes));
  return std::make_unique<PlainSource>(std::move(bytes));
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
