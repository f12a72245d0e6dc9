// Members of zip and tar archives, and the compressions that only archives' library knows. Nothing
// is ever written to disk, so a member's name is a label and no path: "../../etc/passwd" is
// harmless. The one place that knows libarchive.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/readers/byte_source.h"

namespace agentecho {

// Told by the first bytes, 512 where there are as many.
bool is_zip(std::string_view start);
bool is_tar(std::string_view start);

class Archive {
 public:
  virtual ~Archive() = default;

  struct Member {
    std::string name;  // as stored, with "/" between folders; without leading "/" and without ".."
    bool is_file = true;  // folders, links and devices hold nothing to read
  };
  // The next member in the order of the archive; nothing at the end. Errors: damaged data.
  virtual Result<std::optional<Member>> next() = 0;
  // The content of that member, until next() is called. The archive must outlive it.
  virtual std::unique_ptr<ByteSource> content() = 0;
};

// An archive in a file: a zip's members are found by its directory, and passing over one costs
// nothing.
Result<std::unique_ptr<Archive>> open_archive(const std::string& path);
// An archive that comes as a stream.
Result<std::unique_ptr<Archive>> open_archive(std::unique_ptr<ByteSource> source);

// The names of all members that are files, and the content of one, at most `most_bytes` of it;
// nothing when there is no such member or it is larger.
Result<std::vector<std::string>> member_names(const std::string& path);
std::optional<std::string> read_member(const std::string& path, std::string_view name,
                                       std::size_t most_bytes);

// The content of bzip2 and xz data.
Result<std::unique_ptr<ByteSource>> filtered_source(std::unique_ptr<ByteSource> stored);

}  // namespace agentecho
