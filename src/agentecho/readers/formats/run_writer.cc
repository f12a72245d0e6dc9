#include "agentecho/readers/formats/run_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "agentecho/base/byte_block.h"

namespace agentecho::formats {

namespace {

// Returns where the next one goes.
char* put_escaped(char* to, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  *to++ = '\\';
  if (c == '"' || c == '\\') {
    *to++ = c;
  } else if (c == '\n') {
    *to++ = 'n';
  } else {
    const auto code = static_cast<unsigned char>(c);
    for (const char digit : {'u', '0', '0', kHex[code / 16], kHex[code % 16]}) *to++ = digit;
  }
  return to;
}

}  // namespace

void append_string(std::string& json, std::string_view text) {
  json += '"';
  std::array<char, ByteBlock::kSize> padded;  // the last block may be short
  constexpr std::size_t kLongestEscape = 6;
  std::array<char, ByteBlock::kSize * kLongestEscape> made;
  while (!text.empty()) {
    const std::size_t size = std::min(text.size(), padded.size());
    const char* bytes = text.data();
    if (size < padded.size()) {
      padded.fill(' ');
      std::copy_n(bytes, size, padded.begin());
      bytes = padded.data();
    }
    const ByteBlock block(bytes);
    std::uint64_t escaped = block.equal_to('"') | block.equal_to('\\') | block.control();
    if (escaped == 0) {
      json.append(text, 0, size);
    } else {
      char* to = made.data();
      std::size_t done = 0;
      for (; escaped != 0; escaped &= escaped - 1) {
        const auto at = static_cast<std::size_t>(std::countr_zero(escaped));
        to = put_escaped(std::copy_n(text.data() + done, at - done, to), text[at]);
        done = at + 1;
      }
      to = std::copy_n(text.data() + done, size - done, to);
      json.append(made.data(), static_cast<std::size_t>(to - made.data()));
    }
    text.remove_prefix(size);
  }
  json += '"';
}

namespace {

void start_member(std::string& json, std::string_view key) {
  if (json.back() != '{') json += ',';
  json += '"';
  json += key;
  json += "\":";
}

void append_member(std::string& json, std::string_view key, std::string_view text) {
  if (text.empty()) return;
  start_member(json, key);
  append_string(json, text);
}

void join_piece(std::string& all, std::string_view piece) {
  if (piece.empty()) return;
  if (!all.empty()) all += '\n';
  all += piece;
}

}  // namespace

void RunWriter::clear() {
  records_.clear();
  ends_.clear();
  asides_.clear();
  end_run();  // forgets the run at hand
  records_.clear();
  ends_.clear();
  unnamed_ = 0;
}

void RunWriter::message(std::string_view role) {
  end_message();
  open_ = true;
  role_ = role;
}

void RunWriter::continue_message(std::string_view role) {
  if (!open_ || role_ != role) message(role);
}

void RunWriter::text(std::string_view piece) { join_piece(text_, piece); }

void RunWriter::reasoning(std::string_view piece) { join_piece(reasoning_, piece); }

void RunWriter::call(std::string_view id, std::string_view name, std::string_view arguments) {
  calls_ += calls_.empty() ? "{\"id\":" : ",{\"id\":";
  append_string(calls_, id);
  calls_ += ",\"type\":\"function\",\"function\":{\"name\":";
  append_string(calls_, name);
  calls_ += ",\"arguments\":";
  calls_ += arguments.empty() ? "{}" : arguments;
  calls_ += "}}";
}

void RunWriter::call_with_text(std::string_view id, std::string_view name,
                               std::string_view arguments) {
  std::string quoted;
  append_string(quoted, arguments);
  call(id, name, quoted);
}

void RunWriter::result(std::string_view id, std::string_view text, std::optional<bool> error) {
  end_message();
  if (n_messages_++ > 0) messages_ += ',';
  messages_ += "{\"role\":\"tool\",\"content\":";
  append_string(messages_, text);
  append_member(messages_, "tool_call_id", id);
  if (error) messages_ += *error ? ",\"error\":true" : ",\"error\":false";
  messages_ += '}';
}

void RunWriter::end_message() {
  if (!open_) return;
  open_ = false;
  if (n_messages_++ > 0) messages_ += ',';
  messages_ += "{\"role\":";
  append_string(messages_, role_);
  messages_ += ",\"content\":";
  append_string(messages_, text_);
  append_member(messages_, "reasoning_content", reasoning_);
  if (!calls_.empty()) messages_ += ",\"tool_calls\":[" + calls_ + "]";
  messages_ += '}';
  agent_spoke_ = agent_spoke_ || role_ == "assistant";
  text_.clear();
  reasoning_.clear();
  calls_.clear();
}

void RunWriter::message_as_is(std::string_view json) {
  end_message();
  if (n_messages_++ > 0) messages_ += ',';
  messages_ += json;
}

void RunWriter::reply_by(std::string_view model) {
  if (model.empty()) return;
  const auto [place, is_new] = replies_by_.try_emplace(std::string(model), 0);
  ++place->second;
  const auto named = replies_by_.find(model_);
  const std::uint64_t of_named = named == replies_by_.end() ? 0 : named->second;
  if (!model_is_said_ && place->second > of_named) model_ = model;
}

void RunWriter::also(std::string_view key, std::string_view json) {
  if (also_keys_.emplace(key).second) also_.emplace_back(key, json);
}

bool RunWriter::says(std::string_view key) const {
  return (key == "model" && !model_.empty()) || (key == "agent" && !agent_.empty()) ||
         (key == "benchmark" && !benchmark_.empty()) || (key == "domain" && !domain_.empty()) ||
         (key == "task_id" && !task_.empty()) || (key == "trial" && trial_) ||
         (key == "reward" && reward_) || (key == "tools" && !tools_.empty()) ||
         (key == "termination_reason" && !termination_reason_.empty());
}

void RunWriter::aside(Aside::Kind kind, std::string_view what, std::uint64_t count) {
  if (count == 0) return;
  const auto same = std::find_if(asides_.begin(), asides_.end(), [&](const Aside& known) {
    return known.kind == kind && known.what == what;
  });
  if (same != asides_.end()) {
    same->count += count;
  } else {
    asides_.push_back({kind, std::string(what), count});
  }
}

void RunWriter::end_run() {
  end_message();
  if (n_messages_ > 0) {
    if (!model_is_said_ && replies_by_.size() > 1) {
      aside(Aside::Kind::kNotRead,
            "sessions in which the model was changed; named by the one of most replies");
    }
    const std::size_t begin = records_.size();
    records_ += '{';
    append_member(records_, "model", model_);
    append_member(records_, "agent", agent_);
    append_member(records_, "benchmark", benchmark_);
    append_member(records_, "domain", domain_);
    append_member(records_, "task_id", task_);
    if (trial_) {
      start_member(records_, "trial");
      records_ += std::to_string(*trial_);
    }
    if (reward_) {
      start_member(records_, "reward");
      records_ += fmt::format("{}", *reward_);
    }
    append_member(records_, "termination_reason", termination_reason_);
    if (!tools_.empty()) {
      start_member(records_, "tools");
      records_ += tools_;
    }
    for (const auto& [key, json] : also_) {
      if (says(key)) continue;
      if (records_.back() != '{') records_ += ',';
      append_string(records_, key);
      records_ += ':' + json;
    }
    start_member(records_, "messages");
    records_ += '[' + messages_ + "]}";
    ends_.emplace_back(begin, records_.size());
    unnamed_ += task_.empty() && !trial_ ? 1 : 0;
  }
  for (std::string* text : {&model_, &benchmark_, &domain_, &task_, &termination_reason_, &tools_,
                            &agent_, &messages_}) {
    text->clear();
  }
  model_is_said_ = false;
  replies_by_.clear();
  also_.clear();
  also_keys_.clear();
  trial_.reset();
  reward_.reset();
  n_messages_ = 0;
  agent_spoke_ = false;
}

std::string_view RunWriter::record(std::size_t i) const {
  return std::string_view(records_).substr(ends_[i].first, ends_[i].second - ends_[i].first);
}

}  // namespace agentecho::formats
