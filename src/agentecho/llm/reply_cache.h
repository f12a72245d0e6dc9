// Valid replies, kept by key in one SQLite file. Several processes may use it at once.
//
// A reply is committed before it is handed on, so that a process killed at any moment has either
// not seen it or has it on file: write-ahead log, one transaction for the replies that arrive
// together (the log is synchronised to disk at checkpoints only, so a crash of the operating system
// may lose the last replies but not the file). The file can be read and written by its owner only;
// it holds replies and names, never requests or keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/llm/chat.h"

namespace agentecho::llm {

// The end of the year 9999, in seconds since 1970: no reply that is imported is younger.
inline constexpr std::int64_t kLatestCreation = 253'402'300'799;

struct CacheEntry {
  std::string key;
  std::string endpoint;  // as it may be shown
  std::string model;
  std::string prompt_version;
  std::string schema_name;
  int repeat_index = 0;
  int side_order = 0;
  std::int64_t created_at = 0;  // seconds since 1970
  ChatReply reply;
};

struct CacheStats {
  std::int64_t replies = 0;
  std::int64_t bytes = 0;   // of the replies; the file is larger
  std::int64_t oldest = 0;  // created_at; 0 where there are none
  std::int64_t newest = 0;
  struct Model {
    std::string endpoint;
    std::string model;
    std::int64_t replies = 0;
  };
  std::vector<Model> models;  // by endpoint and model
};

struct PruneRule {
  std::optional<std::int64_t> created_before;  // seconds since 1970
  std::optional<std::int64_t> max_bytes;       // the oldest go first
};

struct ImportReport {
  std::size_t added = 0;
  std::size_t present = 0;            // the key was there already; what was there stays
  std::vector<std::string> problems;  // "line 3: ..."
};

class ReplyCache {
 public:
  // Opens or creates the file; its folder must exist. ":memory:" is a cache for one run. Errors
  // (kFailed): cannot be opened, not a reply cache, made by a later version.
  static Result<ReplyCache> open(const std::string& path);

  ReplyCache(ReplyCache&&) noexcept;
  ReplyCache& operator=(ReplyCache&&) noexcept;
  ~ReplyCache();

  // Hit, miss (empty) and failure are three different answers.
  Result<std::optional<ChatReply>> get(const std::string& key);
  // Keeps what is there if the key is.  Returns whether it was added.
  Result<bool> put(const CacheEntry& entry);
  // The same for several, all or none of them. Returns the number added.
  Result<std::size_t> put_all(std::span<const CacheEntry> entries);
  // Whether it holds any reply of this model at this endpoint, named as in CacheEntry. Looks at
  // every reply where there is none.
  Result<bool> has_reply_of(const std::string& endpoint, const std::string& model);
  // Returns whether there was one.
  Result<bool> remove(const std::string& key);

  // Several processes that ask the same questions share what is in flight: before a question is
  // sent it is claimed, and whoever finds it claimed waits for the reply instead. Returns whether
  // it is the owner's now: nobody else's, or its owner's time (seconds since 1970) has passed, or
  // its owner was a process of this machine that is no more. put() ends a claim.
  Result<bool> claim(const std::string& key, const std::string& owner, std::int64_t now,
                     std::int64_t until);
  Result<void> unclaim(const std::string& key);
  // All claims of an owner.
  Result<void> renew(const std::string& owner, std::int64_t until);

  Result<CacheStats> stats();
  // Returns the number of replies removed, and gives the space back to the file system.
  Result<std::int64_t> prune(const PruneRule& rule);

  // One JSON object a line, by key. Returns the number of lines.
  Result<std::size_t> export_jsonl(std::ostream& out);
  // The lines of an export; bad lines are reported and left out.
  Result<ImportReport> import_jsonl(std::istream& in);

 private:
  class Database;
  explicit ReplyCache(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

// A name for claims that no other owner has: the machine, the process, a number.
std::string claim_owner();

}  // namespace agentecho::llm
