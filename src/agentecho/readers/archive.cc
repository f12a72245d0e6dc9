#include "agentecho/readers/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <fstream>
#include <type_traits>
#include <utility>

#include "agentecho/base/little_endian.h"
#include "agentecho/base/within.h"

namespace agentecho {

namespace {

constexpr std::size_t kChunk = 256 * 1024;

struct Closer {
  void operator()(archive* handle) const { archive_read_free(handle); }
};
using Handle = std::unique_ptr<archive, Closer>;

// What libarchive reads from when it does not open a file itself.
struct Feed {
  std::unique_ptr<ByteSource> source;
  std::vector<char> buffer = std::vector<char>(kChunk);
  std::optional<Error> error;
  std::int64_t given = 0;   // bytes in all
  std::size_t in_last = 0;  // of them in the buffer
  std::int64_t zeros = 0;   // at the end of what was given
  bool is_zip = false;
  std::string end;  // of a zip: the last bytes that were given
};

// In so many bytes a zip's end stands, with the longest comment.
constexpr std::size_t kEndOfZip = 22;
constexpr std::size_t kLastBytes = kEndOfZip + 0xffff + 76;

void keep_end(std::string_view more, std::string& end) {
  if (more.size() >= kLastBytes) {
    end = more.substr(more.size() - kLastBytes);
    return;
  }
  end += more;
  if (end.size() > kLastBytes) end.erase(0, end.size() - kLastBytes);
}

bool is_zero(char byte) { return byte == 0; }

bool all_zeros(std::string_view bytes) { return std::all_of(bytes.begin(), bytes.end(), is_zero); }

la_ssize_t feed(archive* handle, void* data, const void** bytes) {
  auto& feed = *static_cast<Feed*>(data);
  auto n = feed.source->read(feed.buffer.data(), feed.buffer.size());
  if (!n) {
    feed.error = n.error();
    archive_set_error(handle, EIO, "%s", n.error().message.c_str());
    return -1;
  }
  const std::string_view given(feed.buffer.data(), *n);
  const auto tail = std::find_if_not(given.rbegin(), given.rend(), is_zero) - given.rbegin();
  feed.zeros = tail + (static_cast<std::size_t>(tail) == *n ? feed.zeros : 0);
  if (feed.given == 0) feed.is_zip = is_zip(given);
  if (feed.is_zip) keep_end(given, feed.end);
  feed.given += static_cast<std::int64_t>(*n);
  if (*n > 0) feed.in_last = *n;
  *bytes = feed.buffer.data();
  return static_cast<la_ssize_t>(*n);
}

// Whether bytes of what was fed are left. libarchive ends where the next stream does not begin as
// one, and says nothing of what stands there.
Result<bool> anything_left(archive* handle, Feed& feed) {
  if (archive_filter_bytes(handle, -1) < feed.given) return true;
  const auto more = feed.source->read(feed.buffer.data(), feed.buffer.size());
  if (!more) return Unexpected(more.error());
  return *more > 0;
}

// libarchive takes a tar whose end is cut off between two members for a whole one, and passes over
// what stands behind the mark of its end. Nothing where neither is so.
Result<std::optional<std::string>> odd_end_of_tar(archive* handle, Feed& feed) {
  constexpr std::int64_t kBlock = 512;
  const auto left = static_cast<std::size_t>(feed.given - archive_filter_bytes(handle, -1));
  bool only_zeros =
      left > feed.in_last || all_zeros({feed.buffer.data() + feed.in_last - left, left});
  const bool marked = feed.zeros >= kBlock || left > 0;
  for (;;) {
    const auto more = feed.source->read(feed.buffer.data(), feed.buffer.size());
    if (!more) return Unexpected(more.error());
    if (*more == 0) break;
    only_zeros = only_zeros && all_zeros({feed.buffer.data(), *more});
  }
  std::optional<std::string> odd;
  if (!only_zeros) {
    odd = "behind the end of the archive there are other bytes, which are not read";
  } else if (!marked) {
    odd = "the archive ends without the mark of its end: it may have been cut";
  }
  return odd;
}

// Is a zip all that there is in `size` bytes, of which `end` are the last? libarchive reads the
// archive whose directory it finds, and says nothing of what stands before and behind it. What the
// directory's end says (APPNOTE.TXT, 4.3.14 to 4.3.16) has to be where it says.
bool is_one_zip(std::string_view end, std::uint64_t size) {
  using namespace std::string_view_literals;
  std::size_t at = end.size();
  do {
    at = at == 0 ? std::string_view::npos : end.rfind("PK\5\6"sv, at - 1);
    if (at == std::string_view::npos) return false;
  } while (at + kEndOfZip > end.size() ||
           at + kEndOfZip + little_endian(end.substr(at + 20, 2)) != end.size());
  const std::uint64_t offset = size - end.size() + at;
  // Of an archive with numbers of 64 bits a second end and its place stand before.
  constexpr std::size_t kLocator = 20;
  constexpr std::size_t kWideEnd = 56;
  if (at >= kLocator && end.substr(at - kLocator, 4) == "PK\6\7"sv) {
    const std::size_t before = kLocator + kWideEnd;
    if (at < before || end.substr(at - before, 4) != "PK\6\6"sv) return true;  // a longer one
    return little_endian(end.substr(at - kLocator + 8, 8)) == offset - before;
  }
  const std::uint64_t directory = little_endian(end.substr(at + 12, 4));
  return directory + little_endian(end.substr(at + 16, 4)) >= offset;
}

// The same of a file, as far as it can be read.
bool is_one_zip(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::uint64_t>(std::max<std::streamoff>(file.tellg(), 0));
  std::string end(std::min<std::uint64_t>(size, kLastBytes), '\0');
  file.seekg(static_cast<std::streamoff>(size - end.size()));
  file.read(end.data(), static_cast<std::streamsize>(end.size()));
  return !file || is_one_zip(end, size);
}

Error error_of(archive* handle, const Feed* feed, std::string_view what) {
  if (feed != nullptr && feed->error) return *feed->error;
  const char* text = archive_error_string(handle);
  return {ErrorKind::kInput,
          fmt::format("{} ({})", what, text != nullptr ? text : "unknown reason"),
          "make it again, or unpack it and name the files"};
}

// libarchive gives names in the encoding of the thread's locale, and none where that cannot write
// them: a program that sets no locale would lose every name that is not ASCII. Made once for an
// archive, since the system loads it each time.
using Utf8Locale = std::unique_ptr<std::remove_pointer_t<locale_t>, void (*)(locale_t)>;

Utf8Locale utf8_locale() {
  return {newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr), [](locale_t one) { freelocale(one); }};
}

// While one lives, the thread's locale is this one; where there is none, it stays as it was.
class LocaleScope {
 public:
  explicit LocaleScope(const Utf8Locale& locale) : before_(uselocale(locale.get())) {}
  ~LocaleScope() { uselocale(before_); }
  LocaleScope(const LocaleScope&) = delete;
  LocaleScope& operator=(const LocaleScope&) = delete;

 private:
  locale_t before_;
};

// Without what would lead out of the archive.
std::string label(const char* stored) {
  std::string name;
  std::string_view rest = stored != nullptr ? stored : "";
  while (!rest.empty()) {
    const std::size_t slash = rest.find_first_of("/\\");
    const std::string_view part = rest.substr(0, slash);
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    if (part.empty() || part == "." || part == "..") continue;
    if (!name.empty()) name += '/';
    name += part;
  }
  return name;
}

class MemberContent final : public ByteSource {
 public:
  MemberContent(archive* handle, const Feed* feed) : handle_(handle), feed_(feed) {}

  Result<std::size_t> read(char* to, std::size_t size) override {
    const la_ssize_t n = archive_read_data(handle_, to, size);
    if (n < 0) return Unexpected(error_of(handle_, feed_, "the member cannot be read"));
    made_ += static_cast<std::uint64_t>(n);
    const auto stored = static_cast<std::uint64_t>(archive_filter_bytes(handle_, -1));
    if (expands_like_a_bomb(stored, made_)) return Unexpected(bomb_error());
    return static_cast<std::size_t>(n);
  }

 private:
  archive* handle_;
  const Feed* feed_;
  std::uint64_t made_ = 0;
};

class LibArchive final : public Archive {
 public:
  // `path`: of an archive that libarchive reads itself.
  LibArchive(Handle handle, std::unique_ptr<Feed> feed, std::string path = {})
      : feed_(std::move(feed)), handle_(std::move(handle)), path_(std::move(path)) {}

  Result<std::optional<Member>> next() override {
    if (ended_) return std::nullopt;
    const LocaleScope names_in_utf8(locale_);
    archive_entry* entry = nullptr;
    int status = archive_read_next_header(handle_.get(), &entry);
    if (status == ARCHIVE_RETRY) {
      // libarchive looks for the next header block by block, and says the same of each.
      if (!std::exchange(in_damage_, true)) {
        return damaged("a damaged header: what stands up to the next sound one is not read");
      }
      while (status == ARCHIVE_RETRY) status = archive_read_next_header(handle_.get(), &entry);
    }
    in_damage_ = false;
    if (status == ARCHIVE_EOF) return at_end();
    if (status < ARCHIVE_WARN) {
      return Unexpected(error_of(handle_.get(), feed_.get(), "the archive is damaged"));
    }
    ++members_;
    Member member;
    const char* name = archive_entry_pathname_utf8(entry);
    member.name = label(name != nullptr ? name : archive_entry_pathname(entry));
    if (member.name.empty()) member.name = fmt::format("member {}", members_);
    member.is_file =
        archive_entry_filetype(entry) == AE_IFREG && archive_entry_hardlink(entry) == nullptr;
    return member;
  }

  std::unique_ptr<ByteSource> content() override {
    return std::make_unique<MemberContent>(handle_.get(), feed_.get());
  }

 private:
  static Member damaged(std::string what) { return {{}, false, std::move(what)}; }

  Result<std::optional<Member>> at_end() {
    const auto format = archive_format(handle_.get()) & ARCHIVE_FORMAT_BASE_MASK;
    ended_ = true;
    if (format == ARCHIVE_FORMAT_ZIP) {
      const auto alone = is_alone();
      if (!alone) return Unexpected(alone.error());
      if (!*alone) {
        return damaged(
            "beside the archive there are other bytes, perhaps a second archive, which are not "
            "read");
      }
    }
    if (format != ARCHIVE_FORMAT_TAR || !feed_) return std::nullopt;
    const auto odd = odd_end_of_tar(handle_.get(), *feed_);
    if (!odd) return Unexpected(odd.error());
    if (!*odd) return std::nullopt;
    return fail(ErrorKind::kInput, **odd, "make it again, or unpack it and name the files");
  }

  // Of a zip: is there nothing else? Reads what is left of it.
  Result<bool> is_alone() {
    // Of a file that is compressed as a whole only the directory is read so: what it holds comes as
    // a stream.
    if (!feed_) return archive_filter_count(handle_.get()) > 1 || is_one_zip(path_);
    const void* ignored = nullptr;
    for (;;) {
      const la_ssize_t n = feed(handle_.get(), feed_.get(), &ignored);
      if (n < 0) return Unexpected(*feed_->error);
      if (n == 0) break;
    }
    return is_one_zip(feed_->end, static_cast<std::uint64_t>(feed_->given));
  }

  std::unique_ptr<Feed> feed_;  // outlives the handle, which reads from it
  Handle handle_;
  std::string path_;
  bool in_damage_ = false;  // behind a header that was said to be damaged
  bool ended_ = false;
  Utf8Locale locale_ = utf8_locale();
  std::size_t members_ = 0;  // that were come to
};

// The content of compressed data, which libarchive takes for an archive's only, nameless member.
class FilteredSource final : public ByteSource {
 public:
  FilteredSource(Handle handle, std::unique_ptr<Feed> feed)
      : feed_(std::move(feed)), handle_(std::move(handle)) {}

  Result<std::size_t> read(char* to, std::size_t size) override {
    const la_ssize_t n = archive_read_data(handle_.get(), to, size);
    if (n < 0) {
      return Unexpected(error_of(handle_.get(), feed_.get(), "the compressed data are damaged"));
    }
    if (n > 0 || size == 0) return static_cast<std::size_t>(n);
    const auto left = anything_left(handle_.get(), *feed_);
    if (!left) return Unexpected(left.error());
    if (*left) {
      return fail(ErrorKind::kInput,
                  "the compressed data are damaged (behind their end there are other bytes)",
                  "make it again, or unpack it and name the files");
    }
    return static_cast<std::size_t>(n);
  }

 private:
  std::unique_ptr<Feed> feed_;
  Handle handle_;
};

Handle new_archive() {
  Handle handle(archive_read_new());
  archive_read_support_format_zip(handle.get());
  archive_read_support_format_tar(handle.get());
  archive_read_support_filter_none(handle.get());
  archive_read_support_filter_gzip(handle.get());
  archive_read_support_filter_zstd(handle.get());
  archive_read_support_filter_bzip2(handle.get());
  archive_read_support_filter_xz(handle.get());
  return handle;
}

}  // namespace

bool is_zip(std::string_view start) {
  return start.starts_with("PK\x03\x04") || start.starts_with("PK\x05\x06");
}

bool is_tar(std::string_view start) {
  return start.size() >= 262 && start.substr(257, 5) == "ustar";
}

Result<std::unique_ptr<Archive>> open_archive(const std::string& path) {
  Handle handle = new_archive();
  if (archive_read_open_filename(handle.get(), path.c_str(), kChunk) != ARCHIVE_OK) {
    return Unexpected(
        within(path, error_of(handle.get(), nullptr, "the archive cannot be opened")));
  }
  return std::make_unique<LibArchive>(std::move(handle), nullptr, path);
}

Result<std::unique_ptr<Archive>> open_archive(std::unique_ptr<ByteSource> source) {
  Handle handle = new_archive();
  auto data = std::make_unique<Feed>();
  data->source = std::move(source);
  if (archive_read_open(handle.get(), data.get(), nullptr, feed, nullptr) != ARCHIVE_OK) {
    return Unexpected(error_of(handle.get(), data.get(), "the archive cannot be opened"));
  }
  return std::make_unique<LibArchive>(std::move(handle), std::move(data));
}

namespace {

// Of the member that was come to; nothing where it is larger or damaged.
std::optional<std::string> whole_content(Archive& archive, std::size_t most_bytes) {
  const auto source = archive.content();
  std::string content;
  std::vector<char> buffer(kChunk);
  for (;;) {
    auto n = source->read(buffer.data(), buffer.size());
    if (!n || content.size() + *n > most_bytes) return std::nullopt;
    if (*n == 0) return content;
    content.append(buffer.data(), *n);
  }
}

}  // namespace

Result<ArchiveDirectory> read_directory(const std::string& path, bool (*keeps)(std::string_view),
                                        std::size_t most_bytes) {
  constexpr std::size_t kMostInAll = 64 << 20;
  auto opened = open_archive(path);
  if (!opened) return Unexpected(opened.error());
  ArchiveDirectory directory;
  std::size_t kept = 0;
  for (;;) {
    auto member = (*opened)->next();
    if (!member) return Unexpected(member.error());
    if (!*member) return directory;
    if (!(*member)->is_file) continue;
    const std::string& name = directory.names.emplace_back(std::move((*member)->name));
    if (!keeps(name) || kept > kMostInAll) continue;
    if (auto content = whole_content(**opened, most_bytes)) {
      kept += content->size();
      directory.contents.emplace(name, std::move(*content));
    }
  }
}

std::optional<std::string> read_member(const std::string& path, std::string_view name,
                                       std::size_t most_bytes) {
  auto opened = open_archive(path);
  if (!opened) return std::nullopt;
  for (;;) {
    auto member = (*opened)->next();
    if (!member || !*member) return std::nullopt;
    if (!(*member)->is_file || (*member)->name != name) continue;
    return whole_content(**opened, most_bytes);
  }
}

Result<std::unique_ptr<ByteSource>> filtered_source(std::unique_ptr<ByteSource> stored) {
  Handle handle(archive_read_new());
  archive_read_support_format_raw(handle.get());
  archive_read_support_filter_bzip2(handle.get());
  archive_read_support_filter_xz(handle.get());
  auto data = std::make_unique<Feed>();
  data->source = std::move(stored);
  archive_entry* entry = nullptr;
  if (archive_read_open(handle.get(), data.get(), nullptr, feed, nullptr) != ARCHIVE_OK ||
      archive_read_next_header(handle.get(), &entry) < ARCHIVE_WARN) {
    return Unexpected(error_of(handle.get(), data.get(), "the compressed data cannot be read"));
  }
  return std::make_unique<FilteredSource>(std::move(handle), std::move(data));
}

}  // namespace agentecho
