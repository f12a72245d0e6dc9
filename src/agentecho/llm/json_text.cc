#include "agentecho/llm/json_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "agentecho/base/text.h"
#include "agentecho/llm/json_edge.h"

namespace agentecho::llm {

struct ReplySchema::Compiled {
  valijson::Schema schema;
};

namespace {

constexpr std::size_t kMaxBracesTried = 64;

// What one place of the text holds.
struct Finding {
  std::set<std::string> valid;  // the different valid objects
  std::string problem;          // of the first candidate that was not valid; empty: no candidate
};

std::string first_violation(valijson::ValidationResults& results) {
  valijson::ValidationResults::Error error;
  if (!results.popError(error)) return "it does not satisfy the schema";
  std::string where;
  for (const std::string& step : error.context) where += step;
  return elided(printable(fmt::format("{}: {}", where, error.description)), 300);
}

// Whether it is valid.
bool try_candidate(const valijson::Schema& schema, std::string_view text, Finding& finding) {
  const auto note = [&](std::string problem) {
    if (finding.problem.empty()) finding.problem = std::move(problem);
    return false;
  };
  const auto value = parse_reply(text);
  if (!value) return note(value.error().message);
  valijson::ValidationResults results;
  valijson::Validator validator;
  try {
    if (!validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(*value), &results)) {
      return note(first_violation(results));
    }
  } catch (const std::exception&) {  // a pattern that does not compile, say
    return note("the schema cannot be applied to it");
  }
  finding.valid.insert(to_text(*value));
  return true;
}

Finding whole_text(const valijson::Schema& schema, std::string_view text) {
  Finding finding;
  text = trimmed(text);
  if (!text.empty() && text.front() == '{') try_candidate(schema, text, finding);
  return finding;
}

Finding fenced_blocks(const valijson::Schema& schema, std::string_view text) {
  constexpr std::string_view kFence = "```";
  Finding finding;
  for (std::size_t at = text.find(kFence); at != std::string_view::npos;) {
    const std::size_t line_end = text.find('\n', at);
    if (line_end == std::string_view::npos) break;
    const std::size_t close = text.find(kFence, line_end);
    const std::string_view block = trimmed(text.substr(line_end, close - line_end));
    if (!block.empty() && block.front() == '{') try_candidate(schema, block, finding);
    if (close == std::string_view::npos) break;
    at = text.find(kFence, close + kFence.size());
  }
  return finding;
}

// Only as the last thing that is said: an object in the midst of prose is talked about.
Finding inside_prose(const valijson::Schema& schema, std::string_view text) {
  Finding finding;
  std::size_t last_valid_ends = 0;
  std::size_t tried = 0;
  for (std::size_t at = text.find('{'); at != std::string_view::npos && tried < kMaxBracesTried;
       ++tried) {
    const auto end = object_end(text, at);
    if (end) {
      last_valid_ends = try_candidate(schema, text.substr(at, *end - at), finding) ? *end : 0;
    }
    at = text.find('{', end.value_or(at + 1));
  }
  const bool is_last =
      text.find_first_not_of(" \t\r\n.*`", last_valid_ends) == std::string_view::npos;
  if (!finding.valid.empty() && !is_last) {
    return {{}, "the JSON object is not the last thing of the answer"};
  }
  return finding;
}

// What follows the reasoning block, if there is one.
std::string_view after_reasoning(std::string_view text) {
  for (const std::string_view close : {"</think>", "</thinking>", "</reasoning>"}) {
    const std::size_t at = text.rfind(close);
    if (at != std::string_view::npos) return text.substr(at + close.size());
  }
  return text;
}

}  // namespace

// One past the brace that closes the one at text[open]; empty if none does.
std::optional<std::size_t> object_end(std::string_view text, std::size_t open) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t at = open; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '\\') ++at;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return at + 1;
    }
  }
  return std::nullopt;
}

Result<ReplySchema> ReplySchema::make(std::string_view text) {
  const auto document = parse_strict(text);
  if (!document) {
    return fail(ErrorKind::kUsage,
                fmt::format("the reply schema cannot be read: {}", document.error().message));
  }
  if (string_member(*document, "type") != "object") {
    return fail(ErrorKind::kUsage, "the reply schema must have \"type\": \"object\" at its root");
  }
  auto compiled = std::make_shared<Compiled>();
  try {
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(*document), compiled->schema);
  } catch (const std::exception& problem) {
    return fail(ErrorKind::kUsage,
                fmt::format("the reply schema does not compile: {}", problem.what()));
  }
  ReplySchema schema;
  schema.compiled_ = std::move(compiled);
  return schema;
}

Result<std::string> ReplySchema::extract(std::string_view text) const {
  const valijson::Schema& schema = compiled_->schema;
  if (trimmed(text).empty()) return fail(ErrorKind::kInput, "the answer is empty");
  const std::string_view answer = after_reasoning(text);
  std::string problem;
  const std::pair<Finding (*)(const valijson::Schema&, std::string_view), std::string_view>
      places[] = {{whole_text, text},
                  {whole_text, answer},
                  {fenced_blocks, answer},
                  {inside_prose, answer}};
  for (const auto& [look_at, place] : places) {
    const Finding finding = look_at(schema, place);
    if (finding.valid.size() == 1) return *finding.valid.begin();
    if (finding.valid.size() > 1) {
      return fail(ErrorKind::kInput, "the answer holds several different JSON objects");
    }
    if (problem.empty()) problem = finding.problem;
  }
  return fail(ErrorKind::kInput,
              problem.empty() ? "there is no JSON object in the answer" : problem);
}

}  // namespace agentecho::llm
