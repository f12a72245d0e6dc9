#include "agentecho/judges/dependency_verdicts.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "agentecho/judges/prompts.h"
#include "agentecho/judges/replies.h"
#include "agentecho/judges/request.h"
#include "agentecho/judges/shown_log.h"
#include "agentecho/llm/digest.h"

namespace agentecho::judges {

namespace {

constexpr std::string_view kDependenciesPurpose = "dependencies";

enum class Verdict : std::uint8_t { kUnjudged, kNo, kYes };

// SHA-256 of everything that the candidates and their verdicts depend on.
std::string content_key(const Trajectory& trajectory) {
  std::string all;
  const auto add = [&](std::string_view text) {
    all.append(fmt::format("{}:", text.size())).append(text);
  };
  for (const Message& message : trajectory.messages) {
    all += fmt::format("m{},{},{},{};", static_cast<int>(message.role),
                       static_cast<int>(message.requestor), message.answers, message.n_calls);
    add(message.text);
    add(message.reasoning);
    for (const ToolCall& call : trajectory.calls_of(message)) {
      all += fmt::format("c{},{};", static_cast<int>(call.requestor), call.n_leaves);
      add(call.name);
      add(call.arguments);
      for (const std::string_view leaf : trajectory.leaves_of(call)) add(leaf);
    }
  }
  return llm::sha256_hex(all);
}

// Candidates [first, first + count) of one trajectory.
struct DependencyQuestion {
  std::size_t trajectory = 0;
  std::size_t first = 0;
  std::size_t count = 0;
};

}  // namespace

struct DependencyVerdicts::Table {
  std::string name;
  // By content_key(): a verdict per candidate, in the order of CandidateFinder.
  std::unordered_map<std::string, std::vector<Verdict>> verdicts;

  class Verifier final : public DependencyVerifier {
   public:
    explicit Verifier(std::shared_ptr<const Table> table) : table_(std::move(table)) {}

    std::string_view name() const override { return table_->name; }
    JudgedCandidates judged() const override { return judged_; }

    Result<std::vector<Dependency>> verified_values(const Trajectory& trajectory) override {
      judged_ = {};
      std::vector<Dependency> candidates = finder_.find(trajectory);
      if (candidates.empty()) return candidates;
      const auto found = table_->verdicts.find(content_key(trajectory));
      if (found == table_->verdicts.end() || found->second.size() != candidates.size()) {
        return fail(ErrorKind::kFailed,
                    fmt::format("{} task {}: nobody has asked about its dependencies",
                                trajectory.model, trajectory.task_id));
      }
      const std::vector<Verdict>& verdicts = found->second;
      judged_.asked = static_cast<std::uint32_t>(verdicts.size());
      judged_.answered = static_cast<std::uint32_t>(
          verdicts.size() - std::count(verdicts.begin(), verdicts.end(), Verdict::kUnjudged));
      std::size_t i = 0;
      std::erase_if(candidates, [&](const Dependency&) { return verdicts[i++] != Verdict::kYes; });
      return candidates;
    }

    Result<std::vector<Dependency>> dependencies(const Trajectory& trajectory) override {
      auto verified = verified_values(trajectory);
      if (!verified) return verified;
      const auto same_edge = [](const Dependency& a, const Dependency& b) {
        return a.source == b.source && a.destination == b.destination;
      };
      verified->erase(std::unique(verified->begin(), verified->end(), same_edge), verified->end());
      return verified;
    }

   private:
    std::shared_ptr<const Table> table_;
    CandidateFinder finder_;
    JudgedCandidates judged_;
  };
};

Result<DependencyVerdicts> DependencyVerdicts::ask(std::span<const Trajectory* const> trajectories,
                                                   const JudgeSettings& settings, Asker& asker) {
  auto table = std::make_shared<Table>();
  table->name = fmt::format("llm:{} {}", settings.model, dependencies_prompt().version);
  std::vector<std::vector<Verdict>*> verdicts_of(trajectories.size(), nullptr);
  std::vector<DependencyQuestion> questions;
  CandidateFinder finder;
  DependencyVerdicts verdicts;
  for (std::size_t t = 0; t < trajectories.size(); ++t) {
    const std::size_t count = finder.find(*trajectories[t]).size();
    if (count == 0) continue;
    const auto entry =
        table->verdicts.try_emplace(content_key(*trajectories[t]), count, Verdict::kUnjudged);
    if (!entry.second) continue;  // the same content once more
    verdicts_of[t] = &entry.first->second;
    verdicts.candidates_ += count;
    for (std::size_t first = 0; first < count; first += kCandidatesPerQuestion) {
      questions.push_back({t, first, std::min(kCandidatesPerQuestion, count - first)});
    }
  }
  const auto outcomes = asker.ask(kDependenciesPurpose, questions.size(), [&](std::size_t i) {
    const DependencyQuestion& question = questions[i];
    const Trajectory& trajectory = *trajectories[question.trajectory];
    const std::vector<Dependency> candidates = finder.find(trajectory);
    llm::ChatRequest request =
        make_request(settings, dependencies_prompt(),
                     dependency_message(
                         trajectory, std::span(candidates).subspan(question.first, question.count),
                         kMaxShownBytes),
                     "dependencies", std::string(dependencies_schema()));
    request.numbered = {"verdicts", "candidate", 1, question.count};
    return request;
  });
  if (!outcomes) return Unexpected(outcomes.error());
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if ((*outcomes)[i].kind != llm::OutcomeKind::kScored) continue;
    const auto reply = read_dependencies((*outcomes)[i].reply.json, questions[i].count);
    if (!reply) continue;
    for (std::size_t k = 0; k < questions[i].count; ++k) {
      if (!reply->values[k]) continue;
      (*verdicts_of[questions[i].trajectory])[questions[i].first + k] =
          *reply->values[k] ? Verdict::kYes : Verdict::kNo;
      ++verdicts.judged_;
    }
  }
  verdicts.table_ = std::move(table);
  return verdicts;
}

const std::string& DependencyVerdicts::name() const { return table_->name; }

std::unique_ptr<DependencyVerifier> DependencyVerdicts::verifier() const {
  return std::make_unique<Table::Verifier>(table_);
}

}  // namespace agentecho::judges
