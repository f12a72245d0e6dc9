#include "agentecho/readers/dialects/message.h"

#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/call_reader.h"
#include "agentecho/readers/dialects/item_reader.h"
#include "agentecho/readers/dialects/message_builder.h"
#include "agentecho/readers/dialects/run_end.h"
#include "agentecho/readers/dialects/step_reader.h"
#include "agentecho/readers/dialects/value_reader.h"
#include "agentecho/readers/dialects/walk.h"

namespace agentecho::dialects {

namespace od = simdjson::ondemand;

struct MessageReader::Impl {
  ValueReader values;
  MessageBuilder message;
  CallReader calls{values, message};
  ItemReader items{values, message, calls};
  StepReader steps{values, message, calls, items};
  ResultLinker linker;
};

MessageReader::MessageReader() : impl_(make_hidden<Impl>()) {}

void MessageReader::begin(std::string_view json, Trajectory& into, RecordNotes& notes) {
  impl_->values.begin(json, into.arena);
  impl_->message.begin(into, notes);
}

simdjson::error_code MessageReader::read_message(od::value message) {
  return impl_->items.read_item(message);
}

simdjson::error_code MessageReader::read_list(od::value list) {
  ValueReader& values = impl_->values;
  if (!is_type(list, od::json_type::string)) {
    const bool steps = looks_like_steps(values.text_from(list));
    return for_elements(list, [&](od::value message) {
      return steps ? impl_->steps.read_step(message) : impl_->items.read_item(message);
    });
  }
  std::string_view text;
  if (const auto error = values.read_string(list, text)) return error;
  bool found = false;
  const auto read = [&](od::value inner) { return read_list(inner); };
  if (const auto error = values.read_json_text(text, found, read); error || found) return error;
  return trimmed(text).empty()
             ? simdjson::SUCCESS
             : values.refuse("the list of messages is a text, and that is no JSON (it may be cut)");
}

simdjson::error_code MessageReader::read_more(std::string_view json, od::value list) {
  const char* const outer_end = impl_->values.set_end(json.data() + json.size());
  const auto error = read_list(list);
  impl_->values.set_end(outer_end);
  return error;
}

const std::string& MessageReader::problem() const { return impl_->values.problem(); }

void MessageReader::finish(std::string_view policy, std::string_view question) {
  end_run(impl_->message, impl_->linker, policy, question);
  for (Message& message : impl_->message.trajectory().messages) {
    if (message.role == Role::kTool) {
      message.error_member = impl_->values.error_member(message.text);
    }
  }
}

}  // namespace agentecho::dialects
