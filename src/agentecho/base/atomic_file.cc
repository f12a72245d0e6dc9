#include "agentecho/base/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace agentecho {

namespace {

// Paths of temporary files, where a signal handler can read them. A file that finds no free slot is
// written all the same; only a signal would leave it behind.
constexpr std::size_t kSlots = 64;
constexpr std::size_t kPathBytes = 4096;
enum SlotState { kFree, kClaimed, kNoted };
std::atomic<int> g_states[kSlots];
char g_paths[kSlots][kPathBytes];

int note_unfinished(const std::string& path) {
  if (path.empty() || path.size() >= kPathBytes) return -1;
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    int expected = kFree;
    if (!g_states[slot].compare_exchange_strong(expected, kClaimed)) continue;
    std::memcpy(g_paths[slot], path.c_str(), path.size() + 1);
    g_states[slot] = kNoted;
    return static_cast<int>(slot);
  }
  return -1;
}

void forget_unfinished(int slot) {
  if (slot >= 0) g_states[slot] = kFree;
}

// A file that nobody else made, whose name is no link, with the permissions of the one that it will
// replace.
std::FILE* open_new(const std::string& temporary, const std::string& replaced) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  int descriptor = ::open(temporary.c_str(), kFlags, 0666);
  if (descriptor == -1 && errno == EEXIST) {  // left by a process of the same number
    ::unlink(temporary.c_str());
    descriptor = ::open(temporary.c_str(), kFlags, 0666);
  }
  if (descriptor == -1) return nullptr;
  struct stat before {};
  if (::stat(replaced.c_str(), &before) == 0) {
    [[maybe_unused]] const int kept = ::fchmod(descriptor, before.st_mode & 0777);
  }
  std::FILE* const file = ::fdopen(descriptor, "wb");
  if (file == nullptr) ::close(descriptor);
  return file;
}

}  // namespace

void remove_unfinished_files() noexcept {
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    if (g_states[slot] == kNoted) ::unlink(g_paths[slot]);
  }
}

AtomicFile::AtomicFile(std::string path, std::string temporary)
    : path_(std::move(path)), temporary_(std::move(temporary)) {
  noted_ = note_unfinished(temporary_);
  file_ = temporary_.empty() ? std::fopen(path_.c_str(), "wb") : open_new(temporary_, path_);
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)),
      noted_(std::exchange(other.noted_, -1)),
      file_(std::exchange(other.file_, nullptr)) {}

AtomicFile::~AtomicFile() {
  if (file_ != nullptr) {
    std::fclose(file_);
    discard();
  }
  forget_unfinished(noted_);
}

void AtomicFile::discard() const {
  if (!temporary_.empty()) std::remove(temporary_.c_str());
}

Unexpected AtomicFile::failure(std::string_view action) const {
  return fail(ErrorKind::kFailed,
              fmt::format("{}: cannot {}: {}", path_, action, std::strerror(errno)));
}

namespace {

// Where a link leads whose end is not there yet.
std::filesystem::path followed(std::filesystem::path path) {
  constexpr int kMostLinks = 40;  // as the system's
  std::error_code error;
  for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(path, error); ++i) {
    const std::filesystem::path next = std::filesystem::read_symlink(path, error);
    if (error) return path;
    path = path.parent_path() / next;  // `next` alone where it is absolute
  }
  return path;
}

}  // namespace

Result<AtomicFile> AtomicFile::create(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const bool special = fs::exists(path, ignored) && !fs::is_regular_file(path, ignored);
  const fs::path target = special ? fs::path(path) : fs::weakly_canonical(followed(path), ignored);
  const std::string place = target.empty() ? path : target.string();
  std::string temporary = special ? "" : fmt::format("{}.{}.tmp", place, ::getpid());
  AtomicFile atomic(place, std::move(temporary));
  if (atomic.file_ == nullptr) return atomic.failure("write");
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
