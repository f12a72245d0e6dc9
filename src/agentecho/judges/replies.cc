#include "agentecho/judges/replies.h"

#include <fmt/format.h>

#include <array>
#include <initializer_list>

#include "agentecho/llm/json_edge.h"

namespace agentecho::judges {

namespace {

using llm::Json;

Unexpected unexpected(std::string_view what) {
  return fail(ErrorKind::kFailed, fmt::format("unparseable: {}", what));
}

// An object with exactly these members.
bool has_exactly(const Json& value, std::initializer_list<const char*> members) {
  if (!value.is_object() || value.size() != members.size()) return false;
  for (const char* name : members) {
    if (!value.contains(name)) return false;
  }
  return true;
}

bool is_one_of(const Json& value, std::initializer_list<std::string_view> words) {
  if (!value.is_string()) return false;
  for (const std::string_view word : words) {
    if (value.get_ref<const std::string&>() == word) return true;
  }
  return false;
}

std::optional<double> score_of(const Json& object, const char* name) {
  const Json& value = object[name];
  if (!value.is_number_integer()) return std::nullopt;
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > 5) return std::nullopt;
  const auto number = value.get<std::int64_t>();
  if (number < 1 || number > 5) return std::nullopt;
  return static_cast<double>(number);
}

// The four scores of reply["similarity"], in the order of `names`.
std::optional<std::array<double, 4>> scores_of(const Json& reply,
                                               const std::array<const char*, 4>& names) {
  const Json& similarity = reply["similarity"];
  if (!has_exactly(similarity, {names[0], names[1], names[2], names[3]})) return std::nullopt;
  std::array<double, 4> scores{};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto score = score_of(similarity, names[i]);
    if (!score) return std::nullopt;
    scores[i] = *score;
  }
  return scores;
}

bool is_character(const Json& side) {
  return has_exactly(side, {"reasoning", "alignment", "structure"}) &&
         is_one_of(side["reasoning"],
                   {"constraint_check", "decomposition", "error_recovery", "linear", "none"}) &&
         is_one_of(side["alignment"], {"consistent", "tool_mismatch", "parameter_mismatch",
                                       "omission", "hallucinated_action"}) &&
         is_one_of(side["structure"], {"template", "free_form"});
}

// Entries {"<key>": NUMBER, "<value>": ...} of a list, each taken at most once.
template <class T, class Read>
Result<NumberedReply<T>> read_numbered(const Json& list, const char* key, const char* value,
                                       std::size_t first, std::size_t count, const Read& read) {
  if (!list.is_array()) return unexpected("no list of entries");
  NumberedReply<T> reply;
  reply.values.resize(count);
  std::vector<std::uint32_t> entries(count, 0);
  for (const Json& entry : list) {
    if (!has_exactly(entry, {key, value})) return unexpected("an entry of another form");
    if (!entry[key].is_number_integer()) return unexpected("an entry without a whole number");
    const std::optional<T> answer = read(entry[value]);
    if (!answer) return unexpected("an entry with an unknown answer");
    // As unsigned, a negative number lies beyond the count like any other unknown one.
    const std::uint64_t index = entry[key].template get<std::uint64_t>() - first;
    if (index >= count) {
      ++reply.unknown;
    } else if (++entries[index] == 1) {
      reply.values[index] = answer;
    } else {
      reply.values[index].reset();
    }
  }
  for (const std::uint32_t n : entries) {
    reply.missing += n == 0 ? 1 : 0;
    reply.repeated += n > 1 ? 1 : 0;
  }
  return reply;
}

// An object of whole scores from 1 to 5.
std::string scores_schema(std::initializer_list<std::string_view> names) {
  std::string properties;
  std::string required;
  for (const std::string_view name : names) {
    const std::string_view comma = required.empty() ? "" : ",";
    properties += fmt::format(R"({}"{}":{{"type":"integer","enum":[1,2,3,4,5]}})", comma, name);
    required += fmt::format(R"({}"{}")", comma, name);
  }
  return R"({"type":"object","properties":{)" + properties + R"(},"required":[)" + required +
         R"(],"additionalProperties":false})";
}

}  // namespace

// Servers write members in the order of the schema, and schemas are sent with sorted keys: the
// sides come before the scores, as they should.
std::string_view pair_schema() {
  static const std::string schema = [] {
    const std::string side =
        R"({"type":"object","properties":{)"
        R"("reasoning":{"type":"string","enum":["constraint_check","decomposition",)"
        R"("error_recovery","linear","none"]},)"
        R"("alignment":{"type":"string","enum":["consistent","tool_mismatch",)"
        R"("parameter_mismatch","omission","hallucinated_action"]},)"
        R"("structure":{"type":"string","enum":["template","free_form"]}},)"
        R"("required":["reasoning","alignment","structure"],"additionalProperties":false})";
    return R"({"type":"object","properties":{"side_1":)" + side + R"(,"side_2":)" + side +
           R"(,"similarity":)" + scores_schema({"style", "structure", "alignment", "overall"}) +
           R"(,"why":{"type":"string"}},)"
           R"("required":["side_1","side_2","similarity","why"],"additionalProperties":false})";
  }();
  return schema;
}

std::string_view rse_schema() {
  static const std::string schema =
      R"({"type":"object","properties":{"similarity":)" +
      scores_schema({"style", "logic", "detail", "overall"}) +
      R"(,"why":{"type":"string"}},"required":["similarity","why"],"additionalProperties":false})";
  return schema;
}

std::string_view dependencies_schema() {
  return R"({"type":"object","properties":{"verdicts":{"type":"array","items":{"type":"object",)"
         R"("properties":{"candidate":{"type":"integer"},"dependency":{"type":"boolean"}},)"
         R"("required":["candidate","dependency"],"additionalProperties":false}}},)"
         R"("required":["verdicts"],"additionalProperties":false})";
}

std::string stages_schema(const rps::Taxonomy& taxonomy) {
  Json schema = Json::parse(
      R"({"type":"object","properties":{"labels":{"type":"array","items":{"type":"object",)"
      R"("properties":{"item":{"type":"integer"},"stage":{"type":"string"}},)"
      R"("required":["item","stage"],"additionalProperties":false}}},)"
      R"("required":["labels"],"additionalProperties":false})");
  schema["properties"]["labels"]["items"]["properties"]["stage"]["enum"] = taxonomy.stages;
  return llm::to_text(schema);
}

Result<NumberedReply<rps::StageId>> read_stages(std::string_view json,
                                                const rps::Taxonomy& taxonomy, std::size_t first,
                                                std::size_t count) {
  const auto reply = llm::parse_reply(json);
  if (!reply || !has_exactly(*reply, {"labels"})) return unexpected("not an object with labels");
  return read_numbered<rps::StageId>(
      (*reply)["labels"], "item", "stage", first, count,
      [&](const Json& value) -> std::optional<rps::StageId> {
        if (!value.is_string()) return std::nullopt;
        const rps::StageId stage = rps::find_stage(taxonomy, value.get_ref<const std::string&>());
        return stage == rps::kNoStage ? std::nullopt : std::optional(stage);
      });
}

Result<NumberedReply<bool>> read_dependencies(std::string_view json, std::size_t count) {
  const auto reply = llm::parse_reply(json);
  if (!reply || !has_exactly(*reply, {"verdicts"})) {
    return unexpected("not an object with verdicts");
  }
  return read_numbered<bool>(
      (*reply)["verdicts"], "candidate", "dependency", 1, count, [](const Json& value) {
        return value.is_boolean() ? std::optional(value.get<bool>()) : std::nullopt;
      });
}

Result<rps::PairScore> read_pair(std::string_view json) {
  const auto reply = llm::parse_reply(json);
  if (!reply || !has_exactly(*reply, {"side_1", "side_2", "similarity", "why"}) ||
      !(*reply)["why"].is_string()) {
    return unexpected("not an object with two sides, similarity and why");
  }
  if (!is_character((*reply)["side_1"]) || !is_character((*reply)["side_2"])) {
    return unexpected("a side is not characterised");
  }
  const auto scores = scores_of(*reply, {"style", "structure", "alignment", "overall"});
  if (!scores) return unexpected("scores are not whole numbers from 1 to 5");
  return rps::PairScore{(*scores)[0], (*scores)[1], (*scores)[2], (*scores)[3]};
}

Result<RseScore> read_rse(std::string_view json) {
  const auto reply = llm::parse_reply(json);
  if (!reply || !has_exactly(*reply, {"similarity", "why"}) || !(*reply)["why"].is_string()) {
    return unexpected("not an object with similarity and why");
  }
  const auto scores = scores_of(*reply, {"style", "logic", "detail", "overall"});
  if (!scores) return unexpected("scores are not whole numbers from 1 to 5");
  return RseScore{(*scores)[0], (*scores)[1], (*scores)[2], (*scores)[3]};
}

}  // namespace agentecho::judges
