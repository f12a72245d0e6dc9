#include "agentecho/simulation/train.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "agentecho/simulation/situation.h"

namespace agentecho::simulation {

namespace {

// What follows in the trace.
struct Event {
  bool call = false;
  Tool tool = Tool::kThink;
  bool joined = false;    // another call follows in the same message
  std::string_view text;  // of a message without calls
};

bool is_id_name(std::string_view argument) { return argument.ends_with("_id"); }

bool is_identity_act(Act act) {
  return act == Act::kAskEmail || act == Act::kAskPhone || act == Act::kAskName ||
         act == Act::kAskAgain;
}

// Whether the event can be the step's visible form.
bool shows(const Step& step, const Event& event) {
  if (step.kind == Step::Kind::kCall) return event.call && event.tool == step.tool;
  if (step.kind != Step::Kind::kSay || event.call) return false;
  if (is_identity_act(step.act)) return asked_contact(event.text) == step.act;
  if (step.act == Act::kAskHire) return asks_for_hire(event.text);
  if (step.act == Act::kRefuse) return is_refusal(event.text);
  return true;
}

// Reads one trace; calls on_decision(ReadDecision) and on_text(Act, GoalKind, text, Slots).
template <class OnDecision, class OnText>
class TraceReader {
 public:
  TraceReader(const Trajectory& trace, OnDecision on_decision, OnText on_text)
      : t_(trace), on_decision_(on_decision), on_text_(on_text) {}

  void read() {
    for (message_ = 0; message_ < t_.messages.size(); ++message_) {
      const Message& m = t_.messages[message_];
      switch (m.role) {
        case Role::kSystem:
          break;
        case Role::kUser:
          if (m.n_calls == 0) s_.user_said(m.text);
          break;
        case Role::kAssistant:
          m.n_calls == 0 ? read_text(m) : read_calls(m);
          break;
        case Role::kTool:
          read_result(m);
          break;
      }
    }
  }

 private:
  static constexpr int kMaxDecisions = 40;  // between two events

  void report(Point point, unsigned allowed, unsigned option) {
    on_decision_(ReadDecision{point, s_.goal_kind(), static_cast<std::uint8_t>(allowed),
                              static_cast<std::uint8_t>(option)});
  }

  // Takes the decisions that lead up to the event; the step at which it stands then.
  Step advance(const Event& event) {
    Step step = s_.next();
    for (int i = 0; step.kind == Step::Kind::kDecide && i < kMaxDecisions; ++i) {
      const unsigned option =
          step.point == Point::kGoalOrder ? order_of_goals() : recognise(step, event);
      report(step.point, step.allowed, option);
      s_.resolve(step.point, option);
      step = s_.next();
    }
    return step;
  }

  // The open option that shows as the event; else the first that shows as nothing; else the first.
  unsigned recognise(const Step& step, const Event& event) const {
    int likely = -1;  // shows as the event but for the number of calls in the message
    int silent = -1;
    for (unsigned option = 0; option < kMaxOptions; ++option) {
      if ((step.allowed >> option & 1u) == 0) continue;
      Situation copy = s_;
      copy.resolve(step.point, option);
      const Step then = copy.next();
      if (then.kind == Step::Kind::kDecide && silent < 0) silent = static_cast<int>(option);
      if (!shows(then, event)) continue;
      if (!event.call || then.joined == event.joined) return option;
      if (likely < 0) likely = static_cast<int>(option);
    }
    if (likely >= 0) return static_cast<unsigned>(likely);
    if (silent >= 0) return static_cast<unsigned>(silent);
    unsigned first = 0;
    while ((step.allowed >> first & 1u) == 0) ++first;
    return first;
  }

  // Of two wishes in one message, which one's write comes first in what follows.
  unsigned order_of_goals() const {
    Situation first = s_, second = s_;
    first.resolve(Point::kGoalOrder, 0);
    second.resolve(Point::kGoalOrder, 1);
    for (std::size_t m = message_; m < t_.messages.size(); ++m) {
      for (const ToolCall& call : t_.calls_of(t_.messages[m])) {
        if (call.name == tool_name(first.write_tool())) return 0;
        if (call.name == tool_name(second.write_tool())) return 1;
      }
    }
    return 0;
  }

  void read_text(const Message& m) {
    const Step step = advance({false, Tool::kThink, false, m.text});
    if (step.kind != Step::Kind::kSay) return;
    read_reasoning(m, step);
    on_text_(step.act, s_.goal_kind(), m.text, s_.slots());
    s_.agent_said(step.act);
  }

  void read_reasoning(const Message& m, const Step& step) {
    report(Point::kReason, 0b11, m.reasoning.empty() ? 0 : 1);
    if (!m.reasoning.empty()) {
      on_text_(s_.reasoning_act(step), s_.goal_kind(), m.reasoning, s_.slots());
    }
  }

  void read_calls(const Message& m) {
    bool first = true;
    for (std::uint32_t i = 0; i < m.n_calls; ++i) {
      const ToolCall& call = t_.calls[m.first_call + i];
      const auto tool = tool_named(call.name);
      if (call.requestor != Requestor::kAgent || !tool) continue;
      Event event{true, *tool, i + 1 < m.n_calls, {}};
      Step step = advance(event);
      step.kind = Step::Kind::kCall;
      step.tool = *tool;  // what was done, expected or not
      if (std::exchange(first, false)) {
        read_reasoning(m, step);
        report(Point::kAnnounce, 0b11, m.text.empty() ? 0 : 1);
        if (!m.text.empty()) {
          on_text_(Situation::announcement_act(*tool), s_.goal_kind(), m.text, s_.slots());
        }
      }
      read_arguments(call, *tool);
      s_.called(*tool);
    }
  }

  void read_arguments(const ToolCall& call, Tool tool) {
    const auto leaves = t_.leaves_of(call);
    if (leaves.empty()) return;
    if (tool == Tool::kThink) on_text_(Act::kThought, s_.goal_kind(), leaves[0], s_.slots());
    if (tool == Tool::kLogNote) on_text_(Act::kNote, s_.goal_kind(), leaves[0], s_.slots());
    const Arguments expected = s_.arguments(tool);
    const auto given = [&](const Argument& a) {
      return std::find(leaves.begin(), leaves.end(), a.value) != leaves.end();
    };
    if (expected.size == 0) return;
    const Argument& first = expected.items[0];
    const Argument& last = expected.items[expected.size - 1];
    if (is_id_name(first.name)) report(Point::kMistype, 0b11, given(first) ? 0 : 1);
    if (is_write(tool) && !is_id_name(last.name)) {
      report(Point::kWrongValue, 0b11, given(last) ? 0 : 1);
    }
  }

  void read_result(const Message& m) {
    if (m.answers == kNone) return;
    const ToolCall& call = t_.calls[static_cast<std::size_t>(m.answers)];
    if (call.requestor != Requestor::kAgent || !tool_named(call.name)) return;
    s_.returned(m.text, m.error_flag == ErrorFlag::kError || m.text.starts_with("Error"));
  }

  const Trajectory& t_;
  OnDecision on_decision_;
  OnText on_text_;
  Situation s_;
  std::size_t message_ = 0;
};

// What a set of traces says.
struct Evidence {
  using Counts = std::array<double, kMaxOptions>;
  std::array<std::array<Counts, kGoalKinds>, kPointCount> decisions{};
  // Phrases by entry of the phrase book, in order of first occurrence.
  struct Texts {
    std::unordered_map<std::string, std::size_t> index;
    std::vector<std::pair<std::string, double>> counts;
  };
  std::array<Texts, PhraseBook::kEntries> texts;
};

Evidence gather(std::span<const Trajectory> traces, const TrainingOptions& options) {
  Evidence evidence;
  Rng rng(options.seed);
  const auto on_decision = [&](const ReadDecision& d) {
    unsigned option = d.option;
    if (options.noise > 0 && rng.chance(options.noise)) {
      option = draw_option({1, 1, 1, 1}, d.allowed, rng);
    }
    evidence
        .decisions[static_cast<std::size_t>(d.point)][static_cast<std::size_t>(d.kind)][option] +=
        1;
  };
  const auto on_text = [&](Act act, GoalKind kind, std::string_view text, const Slots& slots) {
    if (options.noise > 0 && rng.chance(options.noise)) return;
    Evidence::Texts& texts = evidence.texts[PhraseBook::index(act, kind)];
    std::string words = delexicalised(text, slots);
    const auto [found, fresh] = texts.index.try_emplace(words, texts.counts.size());
    if (fresh) texts.counts.emplace_back(std::move(words), 0);
    texts.counts[found->second].second += 1;
  };
  for (const Trajectory& trace : traces) TraceReader(trace, on_decision, on_text).read();
  return evidence;
}

double sum(const Evidence::Counts& counts) {
  double total = 0;
  for (const double c : counts) total += c;
  return total;
}

void learn_point(AgentPolicy& student, Point point, const Evidence& evidence,
                 const TrainingOptions& options) {
  const std::size_t p = static_cast<std::size_t>(point);
  const std::size_t n = info_of(point).n_options;
  const double a = options.smoothing;
  Evidence::Counts all{};
  for (const auto& counts : evidence.decisions[p]) {
    for (std::size_t o = 0; o < n; ++o) all[o] += counts[o];
  }
  if (sum(all) == 0) return;
  for (std::size_t k = 0; k < kGoalKinds; ++k) {
    const Evidence::Counts& here = evidence.decisions[p][k];
    AgentPolicy::Row& row = student.table[p][k];
    for (std::size_t o = 0; o < n; ++o) {
      const double of_point = (all[o] + a / static_cast<double>(n)) / (sum(all) + a);
      const double estimate = (here[o] + a * of_point) / (sum(here) + a);
      row[o] = (1 - options.strength) * row[o] + options.strength * estimate;
    }
  }
}

void learn_entry(std::vector<Phrase>& phrases, const Evidence::Texts& texts,
                 const TrainingOptions& options) {
  if (texts.counts.empty()) return;
  auto counts = texts.counts;
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& x, const auto& y) { return x.second > y.second; });
  if (counts.size() > options.max_phrases) counts.resize(options.max_phrases);
  double total = 0;
  for (const auto& [words, count] : counts) total += count;
  double prior_total = 0;
  for (const Phrase& p : phrases) prior_total += p.weight;
  const double a = options.smoothing;
  const double kept = 1 - options.strength + options.strength * a / (total + a);
  for (Phrase& p : phrases) p.weight *= kept / prior_total;
  for (const auto& entry : counts) {
    const auto& words = entry.first;  // clang 14 does not capture structured bindings
    const double weight = options.strength * entry.second / (total + a);
    const auto same = std::find_if(phrases.begin(), phrases.end(),
                                   [&](const Phrase& p) { return p.words.text() == words; });
    if (same != phrases.end()) {
      same->weight += weight;
    } else {
      phrases.push_back({Template(words), weight});
    }
  }
}

}  // namespace

std::vector<ReadDecision> read_decisions(const Trajectory& trace) {
  std::vector<ReadDecision> out;
  TraceReader(
      trace, [&](const ReadDecision& d) { out.push_back(d); },
      [](Act, GoalKind, std::string_view, const Slots&) {})
      .read();
  return out;
}

AgentPolicy train_student(const AgentPolicy& prior, std::span<const Trajectory> traces,
                          const TrainingOptions& options) {
  AgentPolicy student = prior;
  if (traces.empty() || options.strength <= 0) return student;
  const Evidence evidence = gather(traces, options);
  for (std::size_t p = 0; p < kPointCount; ++p) {
    learn_point(student, static_cast<Point>(p), evidence, options);
  }
  for (std::size_t e = 0; e < PhraseBook::kEntries; ++e) {
    learn_entry(student.phrases.entry(e), evidence.texts[e], options);
  }
  return student;
}

}  // namespace agentecho::simulation
