// What is asked of a chat-completions or embeddings endpoint and what comes of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"

namespace agentecho::llm {

enum class Role { kSystem, kUser, kAssistant };

struct ChatMessage {
  Role role = Role::kUser;
  std::string content;  // UTF-8; invalid bytes are sent as U+FFFD
};

// A list of numbered answers in a reply: {"<list>": [{"<key>": N, ...}, ...]} with one entry for
// each of the numbers first, first + 1, ..., first + count - 1.
struct NumberedList {
  std::string list;
  std::string key;
  std::size_t first = 0;
  std::size_t count = 0;
};

// One question: messages to answer, or texts to embed. Everything here but `numbered` takes part in
// the cache key.
struct ChatRequest {
  std::string model;
  std::vector<ChatMessage> messages;

  // Where there are any, the request asks for their embeddings (embeddings.h) and has no messages,
  // temperature, max_tokens, seed or schema. UTF-8 as in messages; at most kMaxTextsToEmbed. The
  // reply takes about 20 bytes a number: 64 texts of 3072 numbers are 4 of the 8 MiB that
  // CurlOptions allow.
  std::vector<std::string> texts_to_embed;

  std::optional<double> temperature;
  std::optional<int> max_tokens;  // of the reply
  std::optional<std::int64_t> seed;

  // A JSON Schema (draft 7) that the reply must satisfy; empty: any text that is not empty. Its
  // root must be of type "object". Servers that enforce schemas know few keywords; safe everywhere:
  // type, properties, required, additionalProperties, enum, items.
  std::string schema;
  std::string schema_name;  // letters, digits, _ and -; needed where there is a schema

  // Numbers that the reply must answer, each once (numbered_list.h), where there is a schema. The
  // messages name them, so that they need no part of their own in the cache key.
  std::optional<NumberedList> numbered;

  std::string prompt_version;  // of the text of the messages
  int repeat_index = 0;        // asking the same again on purpose, for test-retest
  int side_order = 0;          // 0 as given, 1 sides swapped

  // A JSON object of further top-level fields of the request body, or empty.
  std::string extra;
};

inline constexpr std::size_t kMaxTextsToEmbed = 2048;  // the least limit of known servers

inline bool asks_for_embeddings(const ChatRequest& request) {
  return !request.texts_to_embed.empty();
}

// How strongly a reply was held to its schema by the server.
enum class Rung { kJsonSchema, kJsonObject, kText };

struct Usage {
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
};

struct ChatReply {
  std::string content;  // the assistant's text as it came, secrets removed; of embeddings: empty
  // Where there is a schema: the object in the content, keys sorted, no white space. Of embeddings:
  // packed_embeddings (embeddings.h).
  std::string json;
  std::string served_model;   // the model name that the server gave
  std::string finish_reason;  // "stop", "length", ...; may be empty
  std::optional<Usage> usage;
  Rung rung = Rung::kText;
  // Fields of the request that the endpoint refused, so that the reply was made without them:
  // "temperature", "seed", ... Sorted.
  std::vector<std::string> refused_fields;
};

// What became of a request. Only a scored one carries a verdict; the others are not one.
enum class OutcomeKind {
  kScored,       // a valid reply
  kUnparseable,  // replies came, but none could be read or satisfied the schema
  kRefused,      // the model or its content filter declined
  kFailed,       // no reply: the server or the network failed, or the request was rejected
  kSkipped,      // not asked, or not to the end, because the run stopped; asking again goes on
};

struct Outcome {
  OutcomeKind kind = OutcomeKind::kSkipped;
  ChatReply reply;     // of a scored one
  std::string detail;  // of the others: why, one printable line without secrets
  bool from_cache = false;
  std::string key;  // of the cache
};

// "scored", "unparseable", "refused", "failed", "skipped".
std::string_view name(OutcomeKind kind);
// "json_schema", "json_object", "text".
std::string_view name(Rung rung);
std::optional<Rung> rung_named(std::string_view name);
// "system", "user", "assistant".
std::string_view name(Role role);

// Errors (kUsage): no model, no messages, a schema or extra that is not a JSON object or that the
// validator does not understand, extra that overrides what is set elsewhere (model, messages,
// input, stream, n, response_format), temperature not finite, numbers out of range; of embeddings:
// anything that belongs to messages, an empty text, too many texts.
Result<void> check(const ChatRequest& request);

}  // namespace agentecho::llm
