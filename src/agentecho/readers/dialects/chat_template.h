// Conversations that were written out as one text, as a model's template does it: ChatML
// (<|im_start|>role … <|im_end|>), Llama 3 (<|start_header_id|>role<|end_header_id|> … <|eot_id|>)
// and Gemma (<start_of_turn>role … <end_of_turn>), or with labels behind empty lines (USER: …,
// ASSISTANT: …, FUNCTION RESPONSE: …). Rollouts of training and sets for tuning are kept so.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace agentecho::dialects {

// `text` is the inside of a JSON string, still escaped. A JSON list of messages with role and
// content, in order; nothing where the text has none of the marks, nor begins with a label. What
// stands before the first mark is no message, nor is an empty turn at the end, which only asks the
// model to speak.
std::optional<std::string> messages_of_template(std::string_view text);

}  // namespace agentecho::dialects
