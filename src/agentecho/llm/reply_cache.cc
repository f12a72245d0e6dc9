#include "agentecho/llm/reply_cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <istream>
#include <iterator>
#include <ostream>
#include <sstream>
#include <utility>

#include "agentecho/base/text.h"
#include "agentecho/llm/json_edge.h"
#include "agentecho/llm/lines.h"

namespace agentecho::llm {

namespace {

constexpr int kApplicationId = 0x41454C43;  // "AELC"
constexpr int kVersion = 2;                 // 2: refused_fields, claims
constexpr int kBusyMilliseconds = 30'000;

constexpr const char* kCreate =
    "CREATE TABLE IF NOT EXISTS replies("
    "key TEXT PRIMARY KEY NOT NULL, endpoint TEXT NOT NULL, model TEXT NOT NULL,"
    "prompt_version TEXT NOT NULL, schema_name TEXT NOT NULL, repeat_index INTEGER NOT NULL,"
    "side_order INTEGER NOT NULL, created_at INTEGER NOT NULL, content TEXT NOT NULL,"
    "json TEXT NOT NULL, served_model TEXT NOT NULL, finish_reason TEXT NOT NULL,"
    "input_tokens INTEGER, output_tokens INTEGER, rung TEXT NOT NULL,"
    "refused_fields TEXT NOT NULL DEFAULT '') WITHOUT ROWID";

// What version 1 lacks.
constexpr const char* kAddRefusedFields =
    "ALTER TABLE replies ADD COLUMN refused_fields TEXT NOT NULL DEFAULT ''";

// Who is asking what, until when (seconds since 1970).
constexpr const char* kCreateClaims =
    "CREATE TABLE IF NOT EXISTS claims(key TEXT PRIMARY KEY NOT NULL, owner TEXT NOT NULL,"
    "until INTEGER NOT NULL) WITHOUT ROWID";

constexpr const char* kColumns =
    "key, endpoint, model, prompt_version, schema_name, repeat_index, side_order, created_at,"
    "content, json, served_model, finish_reason, input_tokens, output_tokens, rung, refused_fields";

constexpr const char* kBytes = "length(CAST(content AS BLOB)) + length(CAST(json AS BLOB)) + 256";

// A prepared statement in use: bound, stepped, and ready for the next use when this goes.
class Use {
 public:
  explicit Use(sqlite3_stmt* statement) : statement_(statement) {}
  ~Use() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

  void bind(int index, const std::string& text) {
    sqlite3_bind_text64(statement_, index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  void bind(int index, std::int64_t value) { sqlite3_bind_int64(statement_, index, value); }
  int step() { return sqlite3_step(statement_); }

  std::string text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    const int size = sqlite3_column_bytes(statement_, column);
    return data == nullptr ? std::string() : std::string(data, static_cast<std::size_t>(size));
  }
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

 private:
  sqlite3_stmt* statement_;
};

// Names of fields as one text: "seed temperature".
std::string joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, " "));
}

std::vector<std::string> split(const std::string& names) {
  std::istringstream words(names);
  return {std::istream_iterator<std::string>(words), {}};
}

CacheEntry read_entry(const Use& row) {
  CacheEntry entry{row.text(0),
                   row.text(1),
                   row.text(2),
                   row.text(3),
                   row.text(4),
                   static_cast<int>(row.integer(5)),
                   static_cast<int>(row.integer(6)),
                   row.integer(7),
                   {}};
  entry.reply.content = row.text(8);
  entry.reply.json = row.text(9);
  entry.reply.served_model = row.text(10);
  entry.reply.finish_reason = row.text(11);
  if (!row.is_null(12) && !row.is_null(13))
    entry.reply.usage = Usage{row.integer(12), row.integer(13)};
  entry.reply.rung = rung_named(row.text(14)).value_or(Rung::kText);
  entry.reply.refused_fields = split(row.text(15));
  return entry;
}

void bind_entry(Use& use, const CacheEntry& entry, const std::string& rung,
                const std::string& refused_fields) {
  use.bind(1, entry.key);
  use.bind(2, entry.endpoint);
  use.bind(3, entry.model);
  use.bind(4, entry.prompt_version);
  use.bind(5, entry.schema_name);
  use.bind(6, std::int64_t{entry.repeat_index});
  use.bind(7, std::int64_t{entry.side_order});
  use.bind(8, entry.created_at);
  use.bind(9, entry.reply.content);
  use.bind(10, entry.reply.json);
  use.bind(11, entry.reply.served_model);
  use.bind(12, entry.reply.finish_reason);
  if (entry.reply.usage) {
    use.bind(13, entry.reply.usage->input_tokens);
    use.bind(14, entry.reply.usage->output_tokens);
  }
  use.bind(15, rung);
  use.bind(16, refused_fields);
}

std::string entry_line(const CacheEntry& entry) {
  Json line = {{"key", entry.key},
               {"endpoint", entry.endpoint},
               {"model", entry.model},
               {"prompt_version", entry.prompt_version},
               {"schema_name", entry.schema_name},
               {"repeat_index", entry.repeat_index},
               {"side_order", entry.side_order},
               {"created_at", entry.created_at},
               {"content", entry.reply.content},
               {"json", entry.reply.json},
               {"served_model", entry.reply.served_model},
               {"finish_reason", entry.reply.finish_reason},
               {"rung", name(entry.reply.rung)}};
  if (!entry.reply.refused_fields.empty()) line["refused_fields"] = entry.reply.refused_fields;
  if (entry.reply.usage) {
    line["input_tokens"] = entry.reply.usage->input_tokens;
    line["output_tokens"] = entry.reply.usage->output_tokens;
  }
  return to_text(line);
}

bool is_key(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool is_field_name(const Json& value) {
  return value.is_string() && !value.get_ref<const std::string&>().empty() &&
         value.get_ref<const std::string&>().find_first_of(" \t\n\v\f\r") == std::string::npos;
}

Result<CacheEntry> parse_entry(const std::string& line) {
  const auto parsed = parse_strict(line);
  if (!parsed) return tl::unexpected(parsed.error());
  const Json& object = *parsed;
  const auto wrong = [](const char* what) { return fail(ErrorKind::kInput, what); };
  CacheEntry entry;
  entry.key = string_member(object, "key");
  if (!is_key(entry.key)) return wrong("\"key\" is not 64 hexadecimal digits");
  entry.reply.content = string_member(object, "content");
  const auto rung = rung_named(string_member(object, "rung"));
  if (!rung) return wrong("\"rung\" is not json_schema, json_object or text");
  entry.reply.rung = *rung;
  entry.reply.json = string_member(object, "json");
  if (!entry.reply.json.empty() && !parse_strict(entry.reply.json)) {
    return wrong("\"json\" does not hold JSON");
  }
  if (trimmed(entry.reply.content).empty() && entry.reply.json.empty()) {
    return wrong("\"content\" and \"json\" are both missing or empty");
  }
  entry.endpoint = string_member(object, "endpoint");
  entry.model = string_member(object, "model");
  entry.prompt_version = string_member(object, "prompt_version");
  entry.schema_name = string_member(object, "schema_name");
  entry.reply.served_model = string_member(object, "served_model");
  entry.reply.finish_reason = string_member(object, "finish_reason");
  if (const Json* fields = member(object, "refused_fields")) {
    if (!fields->is_array()) return wrong("\"refused_fields\" is not a list of names");
    for (const Json& field : *fields) {
      if (!is_field_name(field)) return wrong("\"refused_fields\" is not a list of names");
      entry.reply.refused_fields.push_back(field.get<std::string>());
    }
  }
  entry.repeat_index = static_cast<int>(integer_member(object, "repeat_index").value_or(0));
  entry.side_order = static_cast<int>(integer_member(object, "side_order").value_or(0));
  entry.created_at = integer_member(object, "created_at").value_or(0);
  if (entry.created_at < 0 || entry.created_at > kLatestCreation) {
    return wrong("\"created_at\" is not between the years 1970 and 9999");
  }
  const auto input = integer_member(object, "input_tokens");
  const auto output = integer_member(object, "output_tokens");
  if (input && output) entry.reply.usage = Usage{*input, *output};
  return entry;
}

std::string host_name() {
  char name[256] = {};
  if (gethostname(name, sizeof name - 1) != 0) return "unknown";
  return name;
}

// Whether a claim's owner was a process of this machine that is no more.
bool has_ended(const std::string& owner) {
  std::istringstream parts(owner);
  std::string host;
  long process = 0;
  if (!std::getline(parts, host, '/') || !(parts >> process)) return false;
  return host == host_name() && process > 0 && ::kill(static_cast<pid_t>(process), 0) != 0 &&
         errno == ESRCH;
}

// Only the owner may read replies: the file is made before SQLite would make it for everyone.
void create_private(const std::string& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) ::close(file);
}

}  // namespace

class ReplyCache::Database {
 public:
  Database(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  ~Database() {
    for (sqlite3_stmt* statement :
         {get_, put_, remove_, begin_, commit_, rollback_, claimant_, claim_, unclaim_, renew_}) {
      sqlite3_finalize(statement);
    }
    sqlite3_close(handle_);
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Unexpected failure(const char* doing) const {
    return fail(ErrorKind::kFailed, fmt::format("reply cache {}: cannot {}: {}", path_, doing,
                                                sqlite3_errmsg(handle_)));
  }

  Result<void> execute(const char* sql, const char* doing) {
    if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure(doing);
    return {};
  }

  Result<void> prepare() {
    sqlite3_busy_timeout(handle_, kBusyMilliseconds);
    // Before anything is changed: the file may be somebody else's.
    if (auto known = check_identity(); !known) return known;
    if (auto log = use_write_ahead_log(); !log) return log;
    // A checkpoint waits for the disk, so they are rarer than SQLite would have them (64 MiB).
    if (auto begun = execute("PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=16384;"
                             "BEGIN IMMEDIATE",
                             "open it");
        !begun) {
      return begun;
    }
    // Again, within the transaction that sets the file up: two processes cannot meet half of it.
    if (auto known = check_identity(); !known) return known;
    const std::string setup = fmt::format(
        "{}; {}; {}; PRAGMA application_id={}; PRAGMA user_version={}; COMMIT",
        version_ == 1 ? kAddRefusedFields : kCreate, kCreateClaims,
        "CREATE INDEX IF NOT EXISTS claims_by_owner ON claims(owner)", kApplicationId, kVersion);
    if (auto made = execute(setup.c_str(), "set it up"); !made) return made;
    const std::string get = fmt::format("SELECT {} FROM replies WHERE key = ?1", kColumns);
    const std::string put = fmt::format(
        "INSERT OR IGNORE INTO replies({}) "
        "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)",
        kColumns);
    const std::pair<sqlite3_stmt**, std::string> statements[] = {
        {&get_, get},
        {&put_, put},
        {&remove_, "DELETE FROM replies WHERE key = ?1"},
        {&begin_, "BEGIN IMMEDIATE"},
        {&commit_, "COMMIT"},
        {&rollback_, "ROLLBACK"},
        {&claimant_, "SELECT owner, until FROM claims WHERE key = ?1"},
        {&claim_, "INSERT OR REPLACE INTO claims(key, owner, until) VALUES(?1,?2,?3)"},
        {&unclaim_, "DELETE FROM claims WHERE key = ?1"},
        {&renew_, "UPDATE claims SET until = ?2 WHERE owner = ?1"},
    };
    for (const auto& [made, sql] : statements) {
      *made = statement(sql);
      if (*made == nullptr) return failure("use it as a reply cache");
    }
    return {};
  }

  Result<std::optional<ChatReply>> get(const std::string& key) {
    Use use(get_);
    use.bind(1, key);
    switch (use.step()) {
      case SQLITE_ROW:
        return read_entry(use).reply;
      case SQLITE_DONE:
        return std::optional<ChatReply>();
      default:
        return failure("read");
    }
  }

  Result<bool> put(const CacheEntry& entry) {
    const std::string rung(name(entry.reply.rung));
    const std::string refused_fields = joined(entry.reply.refused_fields);
    Use use(put_);
    bind_entry(use, entry, rung, refused_fields);
    if (use.step() != SQLITE_DONE) return failure("store a reply");
    const bool added = sqlite3_changes(handle_) > 0;
    if (auto free = unclaim(entry.key); !free) return tl::unexpected(free.error());
    return added;
  }

  // Keeps what was done since begin_, where all of it was `done`; else takes it back.
  Result<void> end_transaction(bool done, const char* what) {
    if (done && run(commit_)) return {};
    const Unexpected problem = failure(what);
    run(rollback_);
    return problem;
  }

  Result<std::size_t> put_all(std::span<const CacheEntry> entries) {
    const bool several = entries.size() > 1;  // one is a transaction of its own
    if (several && !run(begin_)) return failure("store replies");
    std::size_t added = 0;
    for (const CacheEntry& entry : entries) {
      const auto stored = put(entry);
      if (!stored) {
        if (several) run(rollback_);
        return tl::unexpected(stored.error());
      }
      added += *stored ? 1 : 0;
    }
    if (several) {
      if (auto ended = end_transaction(true, "store replies"); !ended) {
        return Unexpected(ended.error());
      }
    }
    return added;
  }

  Result<void> change(sqlite3_stmt* statement, const std::string& key, const char* what) {
    Use use(statement);
    use.bind(1, key);
    if (use.step() != SQLITE_DONE) return failure(what);
    return {};
  }

  Result<bool> remove(const std::string& key) {
    if (auto done = change(remove_, key, "remove a reply"); !done) return Unexpected(done.error());
    return sqlite3_changes(handle_) > 0;
  }

  Result<bool> claim(const std::string& key, const std::string& owner, std::int64_t now,
                     std::int64_t until) {
    if (!run(begin_)) return failure("claim a question");
    bool free = true;
    {
      Use use(claimant_);
      use.bind(1, key);
      if (use.step() == SQLITE_ROW) {
        const std::string holder = use.text(0);
        free = holder == owner || use.integer(1) <= now || has_ended(holder);
      }
    }
    bool done = true;
    if (free) {
      Use use(claim_);
      use.bind(1, key);
      use.bind(2, owner);
      use.bind(3, until);
      done = use.step() == SQLITE_DONE;
    }
    if (auto ended = end_transaction(done, "claim a question"); !ended) {
      return Unexpected(ended.error());
    }
    return free;
  }

  Result<void> unclaim(const std::string& key) {
    return change(unclaim_, key, "give up a question");
  }

  Result<void> renew(const std::string& owner, std::int64_t until) {
    Use use(renew_);
    use.bind(1, owner);
    use.bind(2, until);
    if (use.step() != SQLITE_DONE) return failure("keep its questions");
    return {};
  }

  Result<bool> has_reply_of(const std::string& endpoint, const std::string& model) {
    sqlite3_stmt* prepared =
        statement("SELECT 1 FROM replies WHERE endpoint = ?1 AND model = ?2 LIMIT 1");
    if (prepared == nullptr) return failure("read");
    int code = SQLITE_DONE;
    {
      Use use(prepared);
      use.bind(1, endpoint);
      use.bind(2, model);
      code = use.step();
    }
    Result<bool> result = code == SQLITE_ROW;
    if (code != SQLITE_ROW && code != SQLITE_DONE) result = failure("read");
    sqlite3_finalize(prepared);
    return result;
  }

  // Calls row(use) for every row of a query with up to one integer to bind.
  template <class Row>
  Result<void> query(const std::string& sql, Row&& row, std::optional<std::int64_t> bound = {}) {
    sqlite3_stmt* prepared = statement(sql);
    if (prepared == nullptr) return failure("read");
    int code = SQLITE_DONE;
    {
      Use use(prepared);
      if (bound) use.bind(1, *bound);
      while ((code = use.step()) == SQLITE_ROW) row(use);
    }
    Result<void> result;
    if (code != SQLITE_DONE) result = failure("read or change");
    sqlite3_finalize(prepared);
    return result;
  }

  std::int64_t changes() const { return sqlite3_changes64(handle_); }

 private:
  sqlite3_stmt* statement(const std::string& sql) {
    sqlite3_stmt* prepared = nullptr;
    sqlite3_prepare_v2(handle_, sql.c_str(), static_cast<int>(sql.size()), &prepared, nullptr);
    return prepared;
  }

  static bool run(sqlite3_stmt* statement) { return Use(statement).step() == SQLITE_DONE; }

  // Changing the journal mode does not wait for other processes that open the file; so try again.
  Result<void> use_write_ahead_log() {
    constexpr int kTries = 500;
    constexpr int kPause = 20;  // milliseconds
    int code = SQLITE_BUSY;
    for (int i = 0; i < kTries && code == SQLITE_BUSY; ++i) {
      code = sqlite3_exec(handle_, "PRAGMA journal_mode=WAL", nullptr, nullptr, nullptr);
      if (code == SQLITE_BUSY) sqlite3_sleep(kPause);
    }
    if (code != SQLITE_OK) return failure("open it");
    return {};
  }

  Result<void> check_identity() {
    std::int64_t application = 0;
    std::int64_t tables = 0;
    const auto into = [](std::int64_t& value) {
      return [&value](const Use& use) { value = use.integer(0); };
    };
    // The tables first: another process may set the file up meanwhile, in one transaction, and
    // tables without a mark would look like somebody else's.
    if (auto read = query("SELECT count(*) FROM sqlite_master", into(tables)); !read) return read;
    if (auto read = query("PRAGMA application_id", into(application)); !read) return read;
    if (auto read = query("PRAGMA user_version", into(version_)); !read) return read;
    if (tables > 0 && application != kApplicationId) {
      return fail(ErrorKind::kFailed, fmt::format("{} is a database of something else", path_),
                  "name another file for the reply cache");
    }
    if (version_ > kVersion) {
      return fail(ErrorKind::kFailed,
                  fmt::format("reply cache {}: made by a later version of the program", path_),
                  "use that version or another file");
    }
    return {};
  }

  sqlite3* handle_;
  std::string path_;
  sqlite3_stmt* get_ = nullptr;
  sqlite3_stmt* put_ = nullptr;
  sqlite3_stmt* remove_ = nullptr;
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
  sqlite3_stmt* rollback_ = nullptr;
  sqlite3_stmt* claimant_ = nullptr;
  sqlite3_stmt* claim_ = nullptr;
  sqlite3_stmt* unclaim_ = nullptr;
  sqlite3_stmt* renew_ = nullptr;
  std::int64_t version_ = 0;
};

ReplyCache::ReplyCache(std::unique_ptr<Database> database) : database_(std::move(database)) {}
ReplyCache::ReplyCache(ReplyCache&&) noexcept = default;
ReplyCache& ReplyCache::operator=(ReplyCache&&) noexcept = default;
ReplyCache::~ReplyCache() = default;

Result<ReplyCache> ReplyCache::open(const std::string& path) {
  if (path != ":memory:") create_private(path);
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  auto database = std::make_unique<Database>(handle, path);
  if (code != SQLITE_OK) return database->failure("open it");
  if (auto prepared = database->prepare(); !prepared) return tl::unexpected(prepared.error());
  return ReplyCache(std::move(database));
}

Result<std::optional<ChatReply>> ReplyCache::get(const std::string& key) {
  return database_->get(key);
}

Result<bool> ReplyCache::put(const CacheEntry& entry) { return database_->put(entry); }

Result<std::size_t> ReplyCache::put_all(std::span<const CacheEntry> entries) {
  return database_->put_all(entries);
}

Result<bool> ReplyCache::has_reply_of(const std::string& endpoint, const std::string& model) {
  return database_->has_reply_of(endpoint, model);
}

Result<bool> ReplyCache::remove(const std::string& key) { return database_->remove(key); }

Result<bool> ReplyCache::claim(const std::string& key, const std::string& owner, std::int64_t now,
                               std::int64_t until) {
  return database_->claim(key, owner, now, until);
}

Result<void> ReplyCache::unclaim(const std::string& key) { return database_->unclaim(key); }

Result<void> ReplyCache::renew(const std::string& owner, std::int64_t until) {
  return database_->renew(owner, until);
}

std::string claim_owner() {
  static std::atomic<unsigned> count{0};
  return fmt::format("{}/{} {}", host_name(), ::getpid(), count++);
}

Result<CacheStats> ReplyCache::stats() {
  CacheStats stats;
  const auto totals = fmt::format(
      "SELECT count(*), coalesce(sum({}), 0), coalesce(min(created_at), 0),"
      "coalesce(max(created_at), 0) FROM replies",
      kBytes);
  auto read = database_->query(totals, [&](const Use& row) {
    stats.replies = row.integer(0);
    stats.bytes = row.integer(1);
    stats.oldest = row.integer(2);
    stats.newest = row.integer(3);
  });
  if (!read) return tl::unexpected(read.error());
  read = database_->query(
      "SELECT endpoint, model, count(*) FROM replies GROUP BY endpoint, model ORDER BY endpoint, "
      "model",
      [&](const Use& row) {
        stats.models.push_back({row.text(0), row.text(1), row.integer(2)});
      });
  if (!read) return tl::unexpected(read.error());
  return stats;
}

Result<std::int64_t> ReplyCache::prune(const PruneRule& rule) {
  std::int64_t removed = 0;
  const auto drop = [&](const std::string& sql, std::int64_t bound) {
    auto done = database_->query(
        sql, [](const Use&) {}, bound);
    if (done) removed += database_->changes();
    return done;
  };
  if (rule.created_before) {
    auto done = drop("DELETE FROM replies WHERE created_at < ?1", *rule.created_before);
    if (!done) return tl::unexpected(done.error());
  }
  if (rule.max_bytes) {
    auto done = drop(
        fmt::format("DELETE FROM replies WHERE key IN (SELECT key FROM (SELECT key, sum({}) OVER "
                    "(ORDER BY created_at DESC, key) AS running FROM replies) WHERE running > ?1)",
                    kBytes),
        *rule.max_bytes);
    if (!done) return tl::unexpected(done.error());
  }
  if (auto packed = database_->execute("VACUUM", "give space back"); !packed) {
    return tl::unexpected(packed.error());
  }
  return removed;
}

Result<std::size_t> ReplyCache::export_jsonl(std::ostream& out) {
  std::size_t lines = 0;
  auto read = database_->query(fmt::format("SELECT {} FROM replies ORDER BY key", kColumns),
                               [&](const Use& row) {
                                 out << entry_line(read_entry(row)) << '\n';
                                 ++lines;
                               });
  if (!read) return tl::unexpected(read.error());
  if (!out.flush()) return fail(ErrorKind::kFailed, "the export could not be written");
  return lines;
}

Result<ImportReport> ReplyCache::import_jsonl(std::istream& in) {
  ImportReport report;
  if (auto begun = database_->execute("BEGIN IMMEDIATE", "import"); !begun) {
    return tl::unexpected(begun.error());
  }
  std::string line;
  std::size_t number = 0;
  for (LineStatus status;
       (status = read_filled_line(in, line, kMaxLine, number)) != LineStatus::kEnd;) {
    auto entry = status == LineStatus::kTooLong
                     ? Result<CacheEntry>(fail(ErrorKind::kInput, "longer than 64 MiB"))
                     : parse_entry(line);
    if (!entry) {
      report.problems.push_back(fmt::format("line {}: {}", number, entry.error().message));
      continue;
    }
    auto added = database_->put(*entry);
    if (!added) {
      (void)database_->execute("ROLLBACK", "import");
      return tl::unexpected(added.error());
    }
    ++(*added ? report.added : report.present);
  }
  if (auto done = database_->execute("COMMIT", "import"); !done)
    return tl::unexpected(done.error());
  return report;
}

}  // namespace agentecho::llm
