#include "agentecho/base/atomic_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace agentecho {

AtomicFile::AtomicFile(std::string path, std::string temporary, std::FILE* file)
    : path_(std::move(path)), temporary_(std::move(temporary)), file_(file) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      file_(std::exchange(other.file_, nullptr)) {}

AtomicFile::~AtomicFile() {
  if (file_ == nullptr) return;
  std::fclose(file_);
  discard();
}

void AtomicFile::discard() const {
  if (!temporary_.empty()) std::remove(temporary_.c_str());
}

Unexpected AtomicFile::failure(std::string_view action) const {
  return fail(ErrorKind::kFailed,
              fmt::format("{}: cannot {}: {}", path_, action, std::strerror(errno)));
}

Result<AtomicFile> AtomicFile::create(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const bool special = fs::exists(path, ignored) && !fs::is_regular_file(path, ignored);
  const fs::path target = special ? fs::path(path) : fs::weakly_canonical(path, ignored);
  const std::string place = target.empty() ? path : target.string();
  std::string temporary = special ? "" : fmt::format("{}.{}.tmp", place, ::getpid());
  std::FILE* file = std::fopen((special ? place : temporary).c_str(), "wb");
  AtomicFile atomic(place, std::move(temporary), file);
  if (file == nullptr) return atomic.failure("write");
  return atomic;
}

Result<void> AtomicFile::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) return failure("write");
  return {};
}

Result<void> AtomicFile::commit() {
  std::FILE* file = std::exchange(file_, nullptr);
  const bool direct = temporary_.empty();
  const bool flushed = std::fflush(file) == 0 && (direct || ::fsync(::fileno(file)) == 0);
  const bool closed = std::fclose(file) == 0;
  const bool placed =
      flushed && closed && (direct || std::rename(temporary_.c_str(), path_.c_str()) == 0);
  if (!placed) {
    const Unexpected error = failure("write");
    discard();
    return error;
  }
  return {};
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  auto file = AtomicFile::create(path);
  if (!file) return Unexpected(file.error());
  if (auto written = file->write(bytes); !written) return written;
  return file->commit();
}

}  // namespace agentecho
