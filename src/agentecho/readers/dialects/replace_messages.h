// A run's messages laid out anew, where one becomes several.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho::dialects {

// Each message becomes what place(its number, message, messages) appends to `messages`, at least
// one; its calls belong to the first of them.
template <class Place>
void replace_messages(Trajectory& t, Place place) {
  std::vector<Message> messages;
  messages.reserve(t.messages.size());
  for (std::size_t m = 0; m < t.messages.size(); ++m) {
    const Message& message = t.messages[m];
    for (std::uint32_t c = 0; c < message.n_calls; ++c) {
      t.calls[message.first_call + c].message = static_cast<std::int32_t>(messages.size());
    }
    place(m, message, messages);
  }
  t.messages = std::move(messages);
}

}  // namespace agentecho::dialects
