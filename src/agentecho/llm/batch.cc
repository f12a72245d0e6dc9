#include "agentecho/llm/batch.h"

#include <fmt/core.h>

#include <istream>
#include <ostream>
#include <unordered_map>
#include <utility>

#include "agentecho/base/text.h"
#include "agentecho/llm/answer.h"
#include "agentecho/llm/cached.h"
#include "agentecho/llm/json_edge.h"
#include "agentecho/llm/lines.h"
#include "agentecho/llm/wire.h"

namespace agentecho::llm {

namespace {

constexpr const char* kBatchCompletions = "/v1/chat/completions";
constexpr const char* kBatchEmbeddings = "/v1/embeddings";

Dialect on_rung(Rung rung) {
  Dialect dialect;
  dialect.rung = rung;
  return dialect;
}

Result<bool> is_cached(ReplyCache* cache, const std::string& key) {
  if (cache == nullptr) return false;
  auto found = cache->get(key);
  if (!found) return tl::unexpected(found.error());
  return found->has_value();
}

// The answer in a line: an error of its own, a response with status and body, or a bare completion.
Answer read_answer(const Json& line, const ChatRequest& request, const Dialect& dialect,
                   const Redactor& redactor) {
  const Json* response = member(line, "response");
  const Json* body = response == nullptr ? nullptr : member(*response, "body");
  std::optional<std::int64_t> status;
  if (response != nullptr) status = integer_member(*response, "status_code");
  if (body != nullptr && !body->is_null()) {
    const bool plausible = status && *status >= 100 && *status < 600;
    if (status && !plausible) {
      return {.kind = AnswerKind::kUnreadable, .detail = "status_code is not a status"};
    }
    return read_body(static_cast<int>(status.value_or(200)), to_text(*body), request, dialect,
                     redactor);
  }
  if (const Json* error = member(line, "error"); error != nullptr && !error->is_null()) {
    return read_body(static_cast<int>(status.value_or(400)), to_text(line), request, dialect,
                     redactor);
  }
  if (response != nullptr && response->is_object()) {
    return read_body(200, to_text(*response), request, dialect, redactor);
  }
  return {.kind = AnswerKind::kUnreadable, .detail = "neither a response nor an error"};
}

OutcomeKind problem_kind(AnswerKind kind) {
  if (kind == AnswerKind::kRefused) return OutcomeKind::kRefused;
  const bool unread = kind == AnswerKind::kUnreadable || kind == AnswerKind::kInvalid;
  return unread ? OutcomeKind::kUnparseable : OutcomeKind::kFailed;
}

// Fills the cache line by line.
class BatchReader {
 public:
  BatchReader(const Endpoint& endpoint, const Plan& plan, const RequestSource& source,
              ReplyCache& cache, const Clock& clock, Rung rung)
      : endpoint_(endpoint),
        source_(source),
        cache_(cache),
        clock_(clock),
        dialect_(on_rung(rung)),
        redactor_(make_redactor(endpoint)) {
    for (const std::size_t index : plan.unique) by_key_.emplace(plan.keys[index], index);
  }

  // Errors: of the cache only.
  Result<void> take(std::size_t number, const std::string& text) {
    number_ = number;
    id_.clear();
    const auto line = parse_strict(text);
    if (!line) {  // it may quote the line
      return problem(OutcomeKind::kUnparseable,
                     elided(printable(redactor_.redacted(line.error().message)), 200));
    }
    if (!line->is_object()) return problem(OutcomeKind::kUnparseable, "not a JSON object");
    const std::string id = string_member(*line, "custom_id");
    id_ = elided(printable(redactor_.redacted(id)), 80);
    if (id.empty()) return problem(OutcomeKind::kUnparseable, "there is no custom_id");
    const auto known = by_key_.find(id);
    if (known == by_key_.end()) {
      ++report_.unknown;
      return {};
    }
    const ChatRequest request = source_(known->second);
    Answer answer = validated(read_answer(*line, request, dialect_, redactor_), request);
    if (answer.kind != AnswerKind::kReply) return problem(problem_kind(answer.kind), answer.detail);
    auto added =
        cache_.put(cache_entry(id, endpoint_.url, request, answer.reply, clock_.unix_seconds()));
    if (!added) return tl::unexpected(added.error());
    ++(*added ? report_.filled : report_.present);
    return {};
  }

  void too_long(std::size_t number) {
    number_ = number;
    id_.clear();
    (void)problem(OutcomeKind::kUnparseable, "longer than 64 MiB");
  }

  BatchRead report() { return std::move(report_); }

 private:
  Result<void> problem(OutcomeKind kind, std::string reason) {
    report_.problems.push_back({number_, id_, kind, std::move(reason)});
    return {};
  }

  Answer validated(Answer answer, const ChatRequest& request) {
    if (answer.kind != AnswerKind::kReply) return answer;
    ReadAnswer read = reader_.read(request, answer.reply.content);
    if (!request.schema.empty()) answer.reply.json = std::move(read.json);
    if (read.problem.empty()) return answer;
    answer.kind = AnswerKind::kInvalid;
    answer.detail = std::move(read.problem);
    return answer;
  }

  const Endpoint& endpoint_;
  const RequestSource& source_;
  ReplyCache& cache_;
  const Clock& clock_;
  Dialect dialect_;
  Redactor redactor_;
  std::unordered_map<std::string, std::size_t> by_key_;
  AnswerReader reader_;
  BatchRead report_;
  std::size_t number_ = 0;
  std::string id_;
};

}  // namespace

Result<BatchWritten> write_batch(std::ostream& out, const Endpoint& endpoint, std::size_t count,
                                 const RequestSource& source, ReplyCache* cache, Rung rung) {
  const auto plan = make_plan(endpoint, count, source);
  if (!plan) return tl::unexpected(plan.error());
  const Dialect dialect = on_rung(rung);
  BatchWritten written;
  written.requests = count;
  written.repeated = count - plan->unique.size();
  for (const std::size_t index : plan->unique) {
    const std::string& key = plan->keys[index];
    const auto cached = is_cached(cache, key);
    if (!cached) return tl::unexpected(cached.error());
    if (*cached) {
      ++written.cached;
      continue;
    }
    const ChatRequest request = source(index);
    // Keys of the line in the order that the format's documents show.
    out << fmt::format(R"({{"custom_id":"{}","method":"POST","url":"{}","body":{}}})", key,
                       asks_for_embeddings(request) ? kBatchEmbeddings : kBatchCompletions,
                       render_body(request, dialect))
        << '\n';
    ++written.written;
  }
  if (!out.flush()) return fail(ErrorKind::kFailed, "the batch file could not be written");
  return written;
}

Result<BatchRead> read_batch(std::istream& in, const Endpoint& endpoint, std::size_t count,
                             const RequestSource& source, ReplyCache& cache, const Clock& clock,
                             Rung rung) {
  const auto plan = make_plan(endpoint, count, source);
  if (!plan) return tl::unexpected(plan.error());
  BatchReader reader(endpoint, *plan, source, cache, clock, rung);
  std::string line;
  std::size_t number = 0;
  std::size_t lines = 0;
  for (LineStatus status;
       (status = read_filled_line(in, line, kMaxLine, number)) != LineStatus::kEnd;) {
    ++lines;
    if (status == LineStatus::kTooLong) {
      reader.too_long(number);
    } else if (auto taken = reader.take(number, line); !taken) {
      return tl::unexpected(taken.error());
    }
  }
  BatchRead report = reader.report();
  report.lines = lines;
  for (const std::size_t index : plan->unique) {
    const auto cached = is_cached(&cache, plan->keys[index]);
    if (!cached) return tl::unexpected(cached.error());
    if (!*cached) ++report.missing;
  }
  return report;
}

}  // namespace agentecho::llm
