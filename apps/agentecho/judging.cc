#include "agentecho/judging.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <ostream>
#include <utility>

#include "agentecho/atomic_file_stream.h"
#include "agentecho/base/atomic_file.h"
#include "agentecho/base/ordered_json.h"
#include "agentecho/console.h"
#include "agentecho/judges/offline_askers.h"
#include "agentecho/judges/pool_asker.h"
#include "agentecho/llm/curl_transport.h"
#include "agentecho/report/table.h"

namespace agentecho::cli {

namespace {

std::string cost_text(double cost, const std::string& currency) {
  return fmt::format("{:.{}f} {}", cost, cost < 1 ? 4 : 2, currency);
}

// ", 3 failed, 2 retrying": those that are not 0.
void append_counts(std::initializer_list<std::pair<std::uint64_t, std::string_view>> counts,
                   std::string& text) {
  for (const auto& [n, what] : counts) {
    if (n > 0) text += fmt::format(", {} {}", n, what);
  }
}

// "pairs: 431 of 1200, 20 cached, 3 failed, 2 retrying, 0.12 USD, 40 s left"
std::string progress_line(std::string_view purpose, const llm::Progress& now,
                          const std::string& currency) {
  std::string line = fmt::format("{}: {} of {}", purpose, now.done, now.total);
  append_counts({{now.cached, "cached"},
                 {now.unparseable, "unparseable"},
                 {now.refused, "refused"},
                 {now.failed, "failed"},
                 {now.in_flight, "in flight"},
                 {now.retrying, "retrying"}},
                line);
  if (now.spend.cost > 0) line += ", " + cost_text(now.spend.cost, currency);
  if (now.left) line += fmt::format(", {:.0f} s left", llm::to_seconds(*now.left));
  return line;
}

// Of all purposes.
struct Total {
  std::size_t questions = 0;
  std::size_t cached = 0;
  std::size_t calls = 0;
  llm::Usage expected;
  std::optional<double> cost = 0;  // nothing where a model has no price
};

Total total_of(const std::vector<judges::EstimatingAsker::PurposeEstimate>& estimates) {
  Total total;
  for (const auto& [purpose, e] : estimates) {
    total.questions += e.requests;
    total.cached += e.cached;
    total.calls += e.calls;
    total.expected.input_tokens += e.expected.input_tokens;
    total.expected.output_tokens += e.expected.output_tokens;
    total.cost = total.cost && e.expected_cost ? std::optional(*total.cost + *e.expected_cost)
                                               : std::nullopt;
  }
  return total;
}

std::string estimates_text(const std::vector<judges::EstimatingAsker::PurposeEstimate>& estimates,
                           const std::string& currency, const TableView& view) {
  Table table({{"purpose", Align::kLeft},
               {"questions"},
               {"in cache"},
               {"calls"},
               {"input tokens"},
               {"output tokens"},
               {"cost"}});
  const auto cost_of = [&](const std::optional<double>& cost) {
    return cost ? cost_text(*cost, currency) : std::string("no price");
  };
  for (const auto& [purpose, e] : estimates) {
    table.add_row({purpose, std::to_string(e.requests), std::to_string(e.cached),
                   std::to_string(e.calls), std::to_string(e.expected.input_tokens),
                   std::to_string(e.expected.output_tokens), cost_of(e.expected_cost)});
  }
  const Total total = total_of(estimates);
  table.add_rule();
  table.add_row({"all", std::to_string(total.questions), std::to_string(total.cached),
                 std::to_string(total.calls), std::to_string(total.expected.input_tokens),
                 std::to_string(total.expected.output_tokens), cost_of(total.cost)});
  return "What asking would take (nothing was sent)\n\n" + table.render(view) +
         "\ncalls: if every answer comes and is valid at once; tokens are estimates\n"
         "Where stages are not in the cache yet, pairs are counted by the stages of the local "
         "annotator.\n";
}

std::string estimates_json(const std::vector<judges::EstimatingAsker::PurposeEstimate>& estimates,
                           const std::string& currency) {
  Json json;
  json["schema_version"] = 1;
  json["dry_run"] = true;
  json["currency"] = currency;
  json["purposes"] = Json::array();
  for (const auto& [purpose, e] : estimates) {
    json["purposes"].push_back({{"purpose", purpose},
                                {"questions", e.requests},
                                {"repeated", e.repeated},
                                {"cached", e.cached},
                                {"calls", e.calls},
                                {"input_tokens", e.expected.input_tokens},
                                {"output_tokens", e.expected.output_tokens},
                                {"most_output_tokens", e.most.output_tokens},
                                {"cost", e.expected_cost ? Json(*e.expected_cost) : Json(nullptr)},
                                {"most_cost", e.most_cost ? Json(*e.most_cost) : Json(nullptr)}});
  }
  return json.dump(1) + "\n";
}

}  // namespace

struct JudgeSession::State {
  JudgeOptions options;
  bool quiet = false;
  llm::Endpoint endpoint;
  llm::PoolOptions pool_options;
  judges::JudgeSettings settings;
  llm::SystemClock clock;
  llm::CurlTransport transport;
  std::optional<llm::ReplyCache> cache;
  StatusLine status;
  std::optional<StopOnSignal> stop_on_signal{std::in_place};  // until all is asked
  std::optional<llm::Pool> pool;                              // of the estimate
  std::optional<AtomicFile> batch_file;
  std::optional<AtomicFileBuffer> batch_buffer;
  std::optional<std::ostream> batch;
  std::unique_ptr<judges::PoolAsker> live;
  std::unique_ptr<judges::EstimatingAsker> estimating;
  std::unique_ptr<judges::BatchWritingAsker> writing;
  std::unique_ptr<judges::BatchReadingAsker> reading;

  std::vector<judges::EstimatingAsker::PurposeEstimate> further_estimates;

  explicit State(bool be_quiet) : quiet(be_quiet), status(be_quiet, StatusLine::kTerminalOnly) {}

  void make_asker() {
    if (options.dry_run) {
      pool.emplace(endpoint, pool_options, transport, clock, &*cache);
      estimating = std::make_unique<judges::EstimatingAsker>(*pool, endpoint, &*cache);
      return;
    }
    if (!options.batch_out.empty()) {
      batch_buffer.emplace(*batch_file);
      batch.emplace(&*batch_buffer);
      writing = std::make_unique<judges::BatchWritingAsker>(*batch, endpoint, &*cache,
                                                            llm::Rung::kJsonSchema);
      return;
    }
    if (!options.batch_in.empty()) {
      reading = std::make_unique<judges::BatchReadingAsker>(options.batch_in, endpoint, *cache,
                                                            clock, llm::Rung::kJsonSchema);
      return;
    }
    live = std::make_unique<judges::PoolAsker>(endpoint, pool_options, transport, clock, &*cache);
    live->progress = [this](std::string_view purpose, const llm::Progress& now) {
      status.show(progress_line(purpose, now, pool_options.prices.currency));
    };
    if (!quiet) {
      live->warning = [this](const std::string& text) {
        status.clear();
        report_warnings({text});
      };
    }
    live->interrupted = &stop_requested();
  }

  judges::Asker& asker() {
    if (estimating) return *estimating;
    if (writing) return *writing;
    if (reading) return *reading;
    return *live;
  }
  const judges::Asker& asker() const { return const_cast<State*>(this)->asker(); }

  std::string counts_text() const {
    std::string text;
    for (const judges::AskedCounts& c : asker().counts()) {
      text += fmt::format("{}{}: {} of {} answered, {} from the cache", text.empty() ? "" : "; ",
                          c.purpose, c.scored, c.questions, c.cached);
      append_counts({{c.unparseable, "unparseable"},
                     {c.refused, "refused"},
                     {c.failed, "failed"},
                     {c.skipped, "not asked"}},
                    text);
    }
    return text;
  }

  // Whether figures could be made of what is there. Embeddings are all needed, and come in no
  // batch.
  bool holds_answers() const {
    const auto& counts = asker().counts();
    return std::any_of(counts.begin(), counts.end(), [](const judges::AskedCounts& c) {
      return c.scored > 0 && c.purpose != "embeddings";
    });
  }

  // The commonest reasons for missing verdicts.
  std::vector<std::string> reasons() const {
    constexpr std::size_t kShown = 3;
    std::vector<std::string> lines;
    for (const judges::AskedCounts& c : asker().counts()) {
      std::vector<std::pair<std::string, std::uint64_t>> sorted(c.reasons.begin(), c.reasons.end());
      std::stable_sort(sorted.begin(), sorted.end(),
                       [](const auto& a, const auto& b) { return a.second > b.second; });
      sorted.resize(std::min(kShown, sorted.size()));
      for (const auto& [reason, n] : sorted) {
        lines.push_back(fmt::format("{}: {} without a verdict: {}", c.purpose, n, reason));
      }
    }
    return lines;
  }

  void report_batch_in() {
    const judges::BatchReadingAsker::Taken taken = reading->taken();
    if (quiet) return;
    report_note(fmt::format(
        "batch: {} lines, {} new answers, {} known already, {} of other "
        "questions, {} without an answer",
        taken.lines, taken.filled, taken.present, taken.unknown, taken.problems.size()));
    constexpr std::size_t kShown = 5;
    std::vector<std::string> shown(taken.problems.begin(),
                                   taken.problems.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                kShown, taken.problems.size())));
    if (taken.problems.size() > kShown) {
      shown.push_back(fmt::format("and {} more such lines", taken.problems.size() - kShown));
    }
    report_warnings(shown);
    std::uint64_t missing = 0;
    for (const judges::AskedCounts& c : asker().counts()) missing += c.skipped;
    if (missing > 0) {
      report_warnings(
          {fmt::format("{} questions have no answer yet: --batch-out FILE writes them, "
                       "the same command without --batch-in asks them",
                       missing)});
    }
  }

  Result<Answer> conclude_batch_out(bool json) {
    if (auto done = batch_file->commit(); !done) return Unexpected(done.error());
    const llm::BatchWritten& w = writing->written();
    bool stages_missing = false;
    for (const judges::AskedCounts& c : asker().counts()) {
      stages_missing = stages_missing || (c.purpose == "stages" && c.skipped > 0);
    }
    if (json) {
      Json document;
      document["schema_version"] = 1;
      document["batch_file"] = options.batch_out;
      document["questions"] = w.requests;
      document["cached"] = w.cached;
      document["written"] = w.written;
      document["another_round"] = stages_missing;
      return Answer{document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"};
    }
    return Answer{fmt::format("{}: {} questions written, {} were in the cache\n{}",
                              options.batch_out, w.written, w.cached,
                              stages_missing
                                  ? "These are questions about stages. When their answers are in "
                                    "(--batch-in), write the pairs that\n"
                                    "follow from them with --batch-out again.\n"
                                  : "When the answers are there: the same command with --batch-in "
                                    "FILE in place of --batch-out.\n")};
  }
};

JudgeSession::JudgeSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
JudgeSession::~JudgeSession() = default;

Result<std::unique_ptr<JudgeSession>> JudgeSession::open(const JudgeOptions& options, bool quiet) {
  auto state = std::make_unique<State>(quiet);
  state->options = options;
  auto endpoint = to_endpoint(options);
  if (!endpoint) return Unexpected(endpoint.error());
  state->endpoint = std::move(*endpoint);
  auto pool_options = to_pool_options(options);
  if (!pool_options) return Unexpected(pool_options.error());
  state->pool_options = std::move(*pool_options);
  auto settings = to_judge_settings(options);
  if (!settings) return Unexpected(settings.error());
  state->settings = std::move(*settings);
  if (options.max_cost && !state->pool_options.prices.of(options.model)) {
    return fail(ErrorKind::kUsage,
                fmt::format("--max-cost needs a price for \"{}\"", options.model),
                "--prices FILE; its form is in docs/llm.md");
  }
  auto file = prepare_cache_file(options.cache_file);
  if (!file) return Unexpected(file.error());
  auto cache = llm::ReplyCache::open(*file);
  if (!cache) return Unexpected(cache.error());
  state->cache.emplace(std::move(*cache));
  if (!options.batch_out.empty()) {
    auto batch_file = create_output(options.batch_out);
    if (!batch_file) return Unexpected(batch_file.error());
    state->batch_file.emplace(std::move(*batch_file));
  }
  for (const std::string& path : options.batch_in) {
    if (!std::ifstream(path)) {
      return fail(ErrorKind::kUsage, fmt::format("{}: cannot be opened", path));
    }
  }
  state->make_asker();
  return std::unique_ptr<JudgeSession>(new JudgeSession(std::move(state)));
}

judges::Asker& JudgeSession::asker() { return state_->asker(); }
const judges::JudgeSettings& JudgeSession::settings() const { return state_->settings; }
bool JudgeSession::only_counts() const { return state_->estimating != nullptr; }
bool JudgeSession::ends_without_figures() const { return state_->estimating || state_->writing; }
const JudgeOptions& JudgeSession::options() const { return state_->options; }

void JudgeSession::add_estimates_of(const JudgeSession& other) {
  if (!state_->estimating || !other.state_->estimating) return;
  const auto& estimates = other.state_->estimating->estimates();
  state_->further_estimates.insert(state_->further_estimates.end(), estimates.begin(),
                                   estimates.end());
}

bool JudgeSession::all_answered() const {
  const auto& counts = state_->asker().counts();
  return std::all_of(counts.begin(), counts.end(),
                     [](const judges::AskedCounts& c) { return c.scored == c.questions; });
}

Result<std::optional<Answer>> JudgeSession::conclude(const Output& output) {
  State& s = *state_;
  s.status.clear();
  s.stop_on_signal.reset();
  if (s.asker().error()) return Unexpected(*s.asker().error());
  const auto go_on = not_stopped();
  const bool stopped_itself = s.live && s.live->stopped();  // and says more of it
  if (!go_on && !stopped_itself) return Unexpected(go_on.error());
  const std::string& currency = s.pool_options.prices.currency;
  if (s.estimating) {
    auto estimates = s.estimating->estimates();
    estimates.insert(estimates.end(), s.further_estimates.begin(), s.further_estimates.end());
    return Answer{output.json ? estimates_json(estimates, currency)
                              : estimates_text(estimates, currency, output.view())};
  }
  if (s.writing) {
    auto written = s.conclude_batch_out(output.json);
    if (!written) return Unexpected(written.error());
    return std::move(*written);
  }
  if (!s.quiet) {
    report_note(s.counts_text());
    report_warnings(s.reasons());
  }
  if (s.reading) {
    s.report_batch_in();
    return std::nullopt;
  }
  const llm::Spend& spend = s.live->spend();
  if (!s.quiet && spend.calls > 0) {
    report_note(fmt::format("{} calls, {} input and {} output tokens{}", spend.calls,
                            spend.usage.input_tokens, spend.usage.output_tokens,
                            spend.cost > 0 ? ", " + cost_text(spend.cost, currency) : ""));
  }
  if (!s.live->stopped()) return std::nullopt;
  Error error = *s.live->stopped();
  const bool resumable = error.kind == ErrorKind::kBudget || error.kind == ErrorKind::kInterrupted;
  if (resumable) error.hint = "what came is kept; this goes on: " + command_line();
  // A few questions may be at fault, and then asking again would end here again.
  if (!resumable && s.holds_answers()) {
    error.hint += "; with --batch-in /dev/null it asks nothing and scores what is kept";
  }
  return Unexpected(std::move(error));
}

asking::Questioner JudgeSession::questioner() {
  return {&asker(), state_->settings, llm::shown_url(state_->endpoint.url), only_counts()};
}

}  // namespace agentecho::cli
