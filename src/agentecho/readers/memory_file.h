// Content in memory that is read like a file: while a MemoryFile lives, open_file() of its path
// gives its bytes. For what a program has and does not want to write out: runs from Python, rows of
// a table.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "agentecho/base/error.h"
#include "agentecho/readers/byte_source.h"

namespace agentecho {

class MemoryFile {
 public:
  // `name` is what the path ends with, as names say what a file is.
  MemoryFile(std::string_view name, std::shared_ptr<const std::string> bytes);
  ~MemoryFile();
  MemoryFile(MemoryFile&& other) noexcept;
  MemoryFile& operator=(MemoryFile&&) = delete;

  // "memory:17/name", a path of its own.
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

bool is_memory_path(std::string_view path);
// The name of a MemoryFile; other paths as they are.
std::string_view memory_name(std::string_view path);
// Error (kInput): there is no such file (any more).
Result<std::unique_ptr<ByteSource>> open_memory_file(const std::string& path);

}  // namespace agentecho
