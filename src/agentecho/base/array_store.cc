#include "agentecho/base/array_store.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

namespace agentecho {

namespace {

constexpr std::size_t kChunkBytes = std::size_t{4} << 20;

std::size_t whole_pages(std::size_t bytes) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

bool write_all(int file, const std::byte* bytes, std::size_t size, std::size_t offset) {
  while (size > 0) {
    const ssize_t written = ::pwrite(file, bytes, size, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    const auto n = static_cast<std::size_t>(written);
    bytes += n;
    size -= n;
    offset += n;
  }
  return true;
}

}  // namespace

ArrayStore::~ArrayStore() {
  for (const Chunk& chunk : chunks_) ::munmap(chunk.begin, chunk.size);
  if (file_ >= 0) ::close(file_);
}

void* ArrayStore::copied(const void* bytes, std::size_t size) {
  const std::size_t taken = (size + kAlignment - 1) / kAlignment * kAlignment;
  const std::lock_guard lock(mutex_);
  if (chunks_.empty() || chunks_.back().size - chunks_.back().used < taken) {
    if (!chunks_.empty() && in_memory_ + kChunkBytes > budget_) move_last_chunk();
    const std::size_t chunk_size = whole_pages(std::max(taken, kChunkBytes));
    void* const begin =
        ::mmap(nullptr, chunk_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (begin == MAP_FAILED) throw std::bad_alloc();
    chunks_.push_back({static_cast<std::byte*>(begin), chunk_size, 0, false});
    in_memory_ += chunk_size;
  }
  Chunk& chunk = chunks_.back();
  std::byte* const place = chunk.begin + chunk.used;
  if (size > 0) std::memcpy(place, bytes, size);
  chunk.used += taken;
  return place;
}

// The file takes the place of the memory under the same addresses.
void ArrayStore::move_last_chunk() {
  Chunk& chunk = chunks_.back();
  if (!open_file() || !write_all(file_, chunk.begin, chunk.size, in_file_)) {
    file_failed_ = true;
    return;
  }
  void* const same = ::mmap(chunk.begin, chunk.size, PROT_READ, MAP_SHARED | MAP_FIXED, file_,
                            static_cast<off_t>(in_file_));
  if (same == MAP_FAILED) throw std::bad_alloc();  // the memory is gone
  chunk.in_file = true;
  in_file_ += chunk.size;
  in_memory_ -= chunk.size;
}

bool ArrayStore::open_file() {
  if (file_failed_) return false;
  if (file_ >= 0) return true;
  const char* const named = std::getenv("TMPDIR");
  const std::string folder = named != nullptr && *named != '\0' ? named : "/tmp";
#if defined(O_TMPFILE)
  file_ = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#endif
  if (file_ < 0) {  // not every file system knows files without a name
    std::string name = folder + "/agentecho-XXXXXX";
    file_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (file_ >= 0) ::unlink(name.c_str());
  }
  return file_ >= 0;
}

std::size_t ArrayStore::moved() const {
  const std::lock_guard lock(mutex_);
  return in_file_;
}

void ArrayStore::let_go() const {
  const std::lock_guard lock(mutex_);
  if (in_file_ == 0) return;
  for (const Chunk& chunk : chunks_) {
    if (chunk.in_file) ::madvise(chunk.begin, chunk.size, MADV_DONTNEED);
  }
}

}  // namespace agentecho
