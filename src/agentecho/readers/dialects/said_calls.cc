#include "agentecho/readers/dialects/said_calls.h"

#include <algorithm>
#include <utility>

namespace agentecho::dialects {
namespace {

// What two calls have in common that are the same: the name, and the text of this kind.
std::string key_of(char kind, const ToolCall& call, std::string_view text) {
  std::string key(1, kind);
  return key.append(call.name).append(1, '\x1f').append(text);
}

}  // namespace

void SaidCalls::keep(std::size_t n) {
  if (n >= sources_.size()) return;
  sources_.resize(n);
  places_.clear();
  n_indexed_ = 0;
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
  for (; n_indexed_ < sources_.size(); ++n_indexed_) {
    index(t.calls[first + n_indexed_], sources_[n_indexed_]);
  }
  if (call.id.empty()) return is_under_another(key_of('a', call, call.arguments), source);
  return is_under_another(key_of('i', call, call.id), source) ||
         is_under_another(key_of('n', call, call.arguments), source);
}

void SaidCalls::index(const ToolCall& call, std::string_view source) {
  note(key_of('a', call, call.arguments), source);
  if (call.id.empty()) {
    note(key_of('n', call, call.arguments), source);
  } else {
    note(key_of('i', call, call.id), source);
  }
}

void SaidCalls::note(std::string key, std::string_view source) {
  const auto [place, is_new] = places_.try_emplace(std::move(key), Places{source, source});
  if (!is_new && place->second[0] != source) place->second[1] = source;
}

bool SaidCalls::is_under_another(const std::string& key, std::string_view source) const {
  const auto found = places_.find(key);
  return found != places_.end() && (found->second[0] != source || found->second[1] != source);
}

}  // namespace agentecho::dialects
