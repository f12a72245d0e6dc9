// The schemas that replies must satisfy, and what is read from a reply. Pure functions. A reply
// that is not exactly as its schema says is an error (kFailed), never a number: members missing,
// beyond the schema or twice, numbers as text, scores that are not whole or not in 1..5.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/metrics/rps/judge.h"
#include "agentecho/metrics/rps/taxonomy.h"

namespace agentecho::judges {

// Response Similarity Evaluation: N. Lee et al., "Quantification of Large Language Model
// Distillation", ACL 2025 (arXiv:2501.12619). Each 1 to 5.
struct RseScore {
  double style = 0;
  double logic = 0;   // logical structure
  double detail = 0;  // content detail
  double overall = 0;
};

// Numbered answers: one value for each of the numbers asked about; nothing where the reply has no
// or several entries for it.
template <class T>
struct NumberedReply {
  std::vector<std::optional<T>> values;
  std::uint32_t missing = 0;   // numbers asked about without an entry
  std::uint32_t repeated = 0;  // numbers asked about with several entries
  std::uint32_t unknown = 0;   // entries for other numbers
};

std::string stages_schema(const rps::Taxonomy& taxonomy);
std::string_view pair_schema();
std::string_view dependencies_schema();
std::string_view rse_schema();

// {"labels": [{"item": N, "stage": NAME}]} for items first, first + 1, ..., first + count - 1.
Result<NumberedReply<rps::StageId>> read_stages(std::string_view json,
                                                const rps::Taxonomy& taxonomy, std::size_t first,
                                                std::size_t count);
Result<rps::PairScore> read_pair(std::string_view json);
// {"verdicts": [{"candidate": N, "dependency": BOOL}]} for candidates 1, ..., count.
Result<NumberedReply<bool>> read_dependencies(std::string_view json, std::size_t count);
Result<RseScore> read_rse(std::string_view json);

}  // namespace agentecho::judges
