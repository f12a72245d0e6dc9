#include "agentecho/readers/dialects/said_calls.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "agentecho/base/text.h"

namespace agentecho::dialects {
namespace {

constexpr int kDeepestCompared = 512;     // levels of arguments
constexpr double kLargestExact = 0x1p53;  // up to here a double is as exact as an integer

// What two calls have in common that are the same: the name, and the text of this kind.
std::string key_of(char kind, const ToolCall& call, std::string_view text) {
  std::string key(1, kind);
  return key.append(call.name).append(1, '\x1f').append(text);
}

bool may_be_json(std::string_view text) {
  const std::string_view inside = trimmed(text);
  return inside.starts_with('{') || inside.starts_with('[');
}

// JSON without white space outside of strings; any other text as it is.
std::string without_spaces(std::string_view text) {
  if (!may_be_json(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!in_string && is_ascii_space(c)) continue;
    out += c;
    if (c == '"') in_string = !in_string;
    if (in_string && c == '\\' && i + 1 < text.size()) out += text[++i];
  }
  return out;
}

// JSON with its keys in order, and integral numbers without a decimal point; any other text as
// without_spaces() has it.
std::string in_one_notation(std::string_view text) {
  using Json = nlohmann::json;
  if (!may_be_json(text)) return std::string(text);
  bool too_deep = false;
  bool too_large = false;  // an integer that neither 64 bits nor a double hold
  const auto simplify = [&](int depth, Json::parse_event_t, Json& value) {
    too_deep = too_deep || depth > kDeepestCompared;
    if (value.is_number_float()) {
      const double number = value.get<double>();
      const bool integral = std::trunc(number) == number;
      too_large = too_large || (integral && std::abs(number) >= kLargestExact);
      if (integral && !too_large) value = static_cast<std::int64_t>(number);
    }
    return depth <= kDeepestCompared;
  };
  const Json json = Json::parse(text, simplify, false);
  return too_deep || too_large || json.is_discarded() ? without_spaces(text) : json.dump();
}

}  // namespace

void SaidCalls::Index::add(std::string key, std::string_view source) {
  const auto [place, is_new] = places.try_emplace(std::move(key), Places{source, source});
  if (!is_new && place->second[0] != source) place->second[1] = source;
}

bool SaidCalls::Index::is_under_another(const std::string& key, std::string_view source) const {
  const auto found = places.find(key);
  return found != places.end() && (found->second[0] != source || found->second[1] != source);
}

void SaidCalls::keep(std::size_t n) {
  if (n >= sources_.size()) return;
  sources_.resize(n);
  for (Index* index : {&by_id_, &by_text_, &by_value_}) {
    if (index->n_calls > 0) *index = {};
  }
  any_without_id_ = false;
  vary_ = std::any_of(sources_.begin(), sources_.end(),
                      [&](std::string_view source) { return source != sources_[0]; });
}

void SaidCalls::add(std::string_view source) {
  sources_.push_back(source);
  vary_ = vary_ || source != sources_[0];
}

bool SaidCalls::elsewhere(const ToolCall& call, std::string_view source, const Trajectory& t,
                          std::size_t first) {
  if (sources_.empty() || (!vary_ && sources_[0] == source)) return false;
  const auto said = std::span(t.calls).subspan(first, sources_.size());
  if (has_same_id(call, source, said)) return true;
  if (!call.id.empty() && !any_without_id_) return false;
  return has_same_arguments(call, source, said, by_text_, without_spaces) ||
         has_same_arguments(call, source, said, by_value_, in_one_notation);
}

bool SaidCalls::has_same_id(const ToolCall& call, std::string_view source,
                            std::span<const ToolCall> said) {
  for (std::size_t& i = by_id_.n_calls; i < said.size(); ++i) {
    if (said[i].id.empty()) {
      any_without_id_ = true;
    } else {
      by_id_.add(key_of('i', said[i], said[i].id), sources_[i]);
    }
  }
  return !call.id.empty() && by_id_.is_under_another(key_of('i', call, call.id), source);
}

// A call with an id is the same only as one without.
bool SaidCalls::has_same_arguments(const ToolCall& call, std::string_view source,
                                   std::span<const ToolCall> said, Index& index,
                                   ArgumentText text_of) {
  for (std::size_t& i = index.n_calls; i < said.size(); ++i) {
    const std::string text = text_of(said[i].arguments);
    index.add(key_of('a', said[i], text), sources_[i]);
    if (said[i].id.empty()) index.add(key_of('n', said[i], text), sources_[i]);
  }
  const char kind = call.id.empty() ? 'a' : 'n';
  return index.is_under_another(key_of(kind, call, text_of(call.arguments)), source);
}

}  // namespace agentecho::dialects
