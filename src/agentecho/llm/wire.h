// The chat-completions and embeddings protocols: a request as the body of a POST, and what an HTTP
// result means. Rules for errors follow what servers document and what they are known to do: OpenAI
// and Azure name the refused field in error.param, vLLM and llama.cpp in the message, FastAPI
// servers in detail[].loc; hard quota ends come as 402, or as 429 with a code such as
// insufficient_quota.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/llm/chat.h"
#include "agentecho/llm/http.h"
#include "agentecho/llm/model.h"

namespace agentecho::llm {

// The two parts of check() (chat.h): what is cheap, and the schema and the extra fields, whose
// check costs more and which many requests share.
Result<void> check_fields(const ChatRequest& request);
Result<void> check_documents(const ChatRequest& request);

// The body as it is sent in a dialect. On the lower rungs the schema stands in the last message.
// Keys sorted, no white space: the same request is the same bytes.
std::string render_body(const ChatRequest& request, const Dialect& dialect);

// What goes with a schema in words, for servers that do not take it as a field.
std::string schema_instruction(const std::string& schema);

// The meaning of a result; unix_seconds: now, for a Retry-After that is a date. Texts of the server
// are redacted, made printable and cut to 300 characters.
Answer read_result(const HttpResult& result, const ChatRequest& request, const Dialect& dialect,
                   const Redactor& redactor, std::int64_t unix_seconds);

// The same for the pieces of a batch file: a status and the body that came with it.
Answer read_body(int status, std::string_view body, const ChatRequest& request,
                 const Dialect& dialect, const Redactor& redactor);

// A Retry-After header: seconds, or an HTTP date (never negative). Empty if neither.
std::optional<Duration> parse_retry_after(std::string_view value, std::int64_t unix_seconds);

}  // namespace agentecho::llm
