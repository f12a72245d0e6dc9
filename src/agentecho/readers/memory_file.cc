#include "agentecho/readers/memory_file.h"

#include <fmt/format.h>

#include <map>
#include <mutex>
#include <utility>

namespace agentecho {

namespace {

constexpr std::string_view kPrefix = "memory:";

struct Files {
  std::mutex mutex;
  std::uint64_t made = 0;
  std::map<std::string, std::shared_ptr<const std::string>, std::less<>> by_path;
};

Files& files() {
  static Files all;
  return all;
}

// Keeps the bytes for as long as they are read.
class SharedSource final : public ByteSource {
 public:
  explicit SharedSource(std::shared_ptr<const std::string> bytes)
      : bytes_(std::move(bytes)), source_(memory_source(*bytes_)) {}
  Result<std::size_t> read(char* to, std::size_t size) override { return source_->read(to, size); }

 private:
  std::shared_ptr<const std::string> bytes_;
  std::unique_ptr<ByteSource> source_;
};

}  // namespace

MemoryFile::MemoryFile(std::string_view name, std::shared_ptr<const std::string> bytes) {
  Files& all = files();
  const std::lock_guard lock(all.mutex);
  path_ = fmt::format("{}{}/{}", kPrefix, ++all.made, name);
  all.by_path.emplace(path_, std::move(bytes));
}

MemoryFile::~MemoryFile() {
  if (path_.empty()) return;
  Files& all = files();
  const std::lock_guard lock(all.mutex);
  all.by_path.erase(path_);
}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}

bool is_memory_path(std::string_view path) { return path.starts_with(kPrefix); }

std::string_view memory_name(std::string_view path) {
  if (!is_memory_path(path)) return path;
  const std::size_t slash = path.find('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

Result<std::unique_ptr<ByteSource>> open_memory_file(const std::string& path) {
  Files& all = files();
  const std::lock_guard lock(all.mutex);
  const auto found = all.by_path.find(path);
  if (found == all.by_path.end()) {
    return fail(ErrorKind::kInput, fmt::format("{}: cannot open: it is not in memory", path));
  }
  return std::make_unique<SharedSource>(found->second);
}

}  // namespace agentecho
