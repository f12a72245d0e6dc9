// Runs that are bare lists of messages, one after the other: a list of lists, or one list a line.
// (A file that is one such list is a conversation; see LogFile.)
#include <string>

#include "agentecho/readers/dialects/message_lists.h"
#include "agentecho/readers/formats/json.h"
#include "agentecho/readers/run_containers.h"

namespace agentecho::formats {

bool is_message_list(Json, const Beginning& beginning) {
  return beginning.first_object.starts_with('[') && looks_like_messages(beginning.first_object);
}

void convert_message_list(std::string_view unit, const Entry&, RecordSink& sink) {
  std::string record = "{\"messages\":";
  record += unit;
  record += '}';
  sink.record(record);
}

}  // namespace agentecho::formats
