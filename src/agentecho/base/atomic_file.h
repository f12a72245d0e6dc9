// A file that appears whole or not at all: written beside its final place and renamed at the end.
// Behind a symbolic link the target is replaced, not the link; its permissions stay. What is no
// regular file (a device, a pipe) is never replaced: it is written to directly.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "agentecho/base/error.h"

namespace agentecho {

class AtomicFile {
 public:
  // Starts writing the file that commit() will put at `path`.
  static Result<AtomicFile> create(const std::string& path);
  // Without commit() nothing remains.
  ~AtomicFile();
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;

  Result<void> write(std::string_view bytes);
  Result<void> commit();

 private:
  AtomicFile(std::string path, std::string temporary);
  Unexpected failure(std::string_view action) const;
  void discard() const;

  std::string path_;
  std::string temporary_;  // empty: written directly
  int noted_ = -1;         // its place among the unfinished files
  std::FILE* file_ = nullptr;
};

// Removes what no commit() has put in place yet. Async-signal-safe, for a handler that ends the
// program.
void remove_unfinished_files() noexcept;

// All at once.
Result<void> write_file(const std::string& path, std::string_view bytes);

}  // namespace agentecho
