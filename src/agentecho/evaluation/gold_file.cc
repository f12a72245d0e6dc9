#include "agentecho/evaluation/gold_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace agentecho {

namespace {

// Thrown inside this file only; says what is wrong with a line.
struct BadLine : std::runtime_error {
  using std::runtime_error::runtime_error;
};

const nlohmann::json& gold_member(const nlohmann::json& line, const char* key) {
  const auto found = line.find(key);
  if (found == line.end()) throw BadLine(fmt::format("\"{}\" is missing", key));
  return *found;
}

std::string text_of(const nlohmann::json& line, const char* key) {
  const nlohmann::json& value = gold_member(line, key);
  if (!value.is_string()) throw BadLine(fmt::format("\"{}\" is not a text", key));
  return value.get<std::string>();
}

std::uint32_t number_of(const nlohmann::json& value, const char* key) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > 0xFFFFFFFF) {
    throw BadLine(fmt::format("\"{}\" is not a number of an item or call", key));
  }
  return value.get<std::uint32_t>();
}

GoldPlace place_of(const nlohmann::json& line, const char* file_key, const char* trial_key) {
  GoldPlace place;
  place.file = text_of(line, file_key);
  const nlohmann::json& task = gold_member(line, "task");
  place.task = task.is_number_integer() ? task.dump() : text_of(line, "task");
  if (const auto trial = line.find(trial_key); trial != line.end() && !trial->is_null()) {
    if (!trial->is_number_integer())
      throw BadLine(fmt::format("\"{}\" is not a number", trial_key));
    place.trial = trial->get<std::int64_t>();
  }
  return place;
}

std::vector<std::uint32_t> items_of(const nlohmann::json& line, const char* key) {
  const nlohmann::json& list = gold_member(line, key);
  if (!list.is_array() || list.empty())
    throw BadLine(fmt::format("\"{}\" is not a list of items", key));
  std::vector<std::uint32_t> items;
  for (const nlohmann::json& item : list) items.push_back(number_of(item, key));
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

GoldStage stage_of(const nlohmann::json& line) {
  GoldStage label{
      place_of(line, "file", "trial"), number_of(gold_member(line, "item"), "item"), {}, {}};
  label.stage = text_of(line, "stage");
  if (line.contains("type")) {
    const std::string type = text_of(line, "type");
    if (type != "think" && type != "response") {
      throw BadLine("\"type\" is neither \"think\" nor \"response\"");
    }
    label.is_reasoning = type == "think";
  }
  return label;
}

GoldEdge edge_of(const nlohmann::json& line) {
  const nlohmann::json& label = gold_member(line, "label");
  if (!label.is_boolean()) throw BadLine("\"label\" is neither true nor false");
  return {place_of(line, "file", "trial"), number_of(gold_member(line, "src"), "src"),
          number_of(gold_member(line, "dst"), "dst"), text_of(line, "value"), label.get<bool>()};
}

GoldPair pair_of(const nlohmann::json& line) {
  GoldPair pair{line.contains("stage") ? text_of(line, "stage") : std::string{},
                place_of(line, "a", "a_trial"),
                place_of(line, "b", "b_trial"),
                items_of(line, "a_items"),
                items_of(line, "b_items"),
                {}};
  for (std::size_t s = 0; s < kJudgeScores.size(); ++s) {
    const std::string key(kJudgeScores[s]);
    const nlohmann::json& score = gold_member(line, key.c_str());
    if (!score.is_number() || score.get<double>() < 1 || score.get<double>() > 5) {
      throw BadLine(fmt::format("\"{}\" is not a number from 1 to 5", key));
    }
    pair.scores[s] = score.get<double>();
  }
  return pair;
}

template <class Label, class Parse>
Result<std::vector<Label>> parse_lines(std::string_view text, Parse parse) {
  std::vector<Label> labels;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const nlohmann::json json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    try {
      if (!json.is_object()) throw BadLine("not a JSON object");
      labels.push_back(parse(json));
    } catch (const BadLine& bad) {
      return fail(ErrorKind::kInput, fmt::format("labels, line {}: {}", number, bad.what()),
                  "docs/gold-format.md describes the format");
    }
  }
  return labels;
}

}  // namespace

Result<std::vector<GoldStage>> parse_gold_stages(std::string_view text) {
  return parse_lines<GoldStage>(text, stage_of);
}

Result<std::vector<GoldEdge>> parse_gold_edges(std::string_view text) {
  return parse_lines<GoldEdge>(text, edge_of);
}

Result<std::vector<GoldPair>> parse_gold_pairs(std::string_view text) {
  return parse_lines<GoldPair>(text, pair_of);
}

}  // namespace agentecho
