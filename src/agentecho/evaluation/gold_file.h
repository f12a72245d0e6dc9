// Labels that somebody gave to items, dependencies and pairs: what annotators, verifiers and judges
// are measured against. The format is public: docs/gold-format.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/evaluation/judge_scores.h"

namespace agentecho {

// Which trajectory a label is about.
struct GoldPlace {
  std::string file;  // a path that an input file's path ends with
  std::string task;
  std::optional<std::int64_t> trial;  // not set: the first of the task in the file
};

struct GoldStage {
  GoldPlace place;
  std::uint32_t item = 0;            // number in items_of()
  std::optional<bool> is_reasoning;  // what kind of item the label was given to
  std::string stage;
};

struct GoldEdge {
  GoldPlace place;
  std::uint32_t source = 0;  // agent's calls numbered 0, 1, ... in log order
  std::uint32_t destination = 0;
  std::string value;  // in the destination's arguments and the source's result
  bool is_dependency = false;
};

struct GoldPair {
  std::string stage;  // may be empty; shown to judges that read
  GoldPlace a;
  GoldPlace b;
  std::vector<std::uint32_t> items_a;  // ascending
  std::vector<std::uint32_t> items_b;
  std::array<double, kJudgeScores.size()> scores{};  // 1 to 5
};

// One label a line; empty lines are passed over. Errors (kInput) name the line: not a JSON object,
// a member missing or of the wrong type, a score outside 1 to 5.
Result<std::vector<GoldStage>> parse_gold_stages(std::string_view text);
Result<std::vector<GoldEdge>> parse_gold_edges(std::string_view text);
Result<std::vector<GoldPair>> parse_gold_pairs(std::string_view text);

}  // namespace agentecho
