#include "agentecho/llm/wire.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

#include "agentecho/base/text.h"
#include "agentecho/llm/embeddings.h"
#include "agentecho/llm/embeddings_reply.h"
#include "agentecho/llm/json_edge.h"
#include "agentecho/llm/json_text.h"

namespace agentecho::llm {

namespace {

constexpr std::size_t kMaxDetail = 300;
constexpr const char* kReservedFields[] = {"model",  "messages", "input",
                                           "stream", "n",        "response_format"};

bool is_one_of(std::string_view value, std::initializer_list<std::string_view> values) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// The fields of the body that a server may do without.
Json optional_fields(const ChatRequest& request, const Dialect& dialect) {
  Json fields = request.extra.empty() ? Json::object() : Json::parse(request.extra);
  if (asks_for_embeddings(request)) fields.emplace("encoding_format", "float");  // unless set
  if (request.temperature) fields["temperature"] = *request.temperature;
  if (request.seed) fields["seed"] = *request.seed;
  if (request.max_tokens) {
    fields[dialect.new_token_limit ? "max_completion_tokens" : "max_tokens"] = *request.max_tokens;
  }
  for (const std::string& field : dialect.dropped) fields.erase(field);
  return fields;
}

// What the request has and the dialect leaves out.
std::vector<std::string> left_out(const ChatRequest& request, const Dialect& dialect) {
  if (dialect.dropped.empty()) return {};
  Dialect whole;
  whole.new_token_limit = dialect.new_token_limit;
  const Json all = optional_fields(request, whole);
  std::vector<std::string> fields;
  for (const std::string& field : dialect.dropped) {
    if (all.contains(field)) fields.push_back(field);
  }
  return fields;
}

// Keys sorted, no white space. Thousands of requests share one schema: the last one is remembered.
const std::string& canonical_schema(const std::string& schema) {
  thread_local std::string given;
  thread_local std::string canonical;
  if (given != schema) {
    canonical = to_text(Json::parse(schema));
    given = schema;
  }
  return canonical;
}

std::string response_format(const ChatRequest& request, Rung rung) {
  if (rung != Rung::kJsonSchema) return fmt::format(R"({{"type":"{}"}})", name(rung));
  return fmt::format(
      R"({{"json_schema":{{"name":"{}","schema":{},"strict":true}},"type":"json_schema"}})",
      request.schema_name, canonical_schema(request.schema));
}

// An error as servers write it: {"error":{"message","type","param","code"}}, {"error":"text"},
// {"message"}, {"detail"}.
struct ServerError {
  std::string message{};
  std::string type{};
  std::string code{};
  std::string param{};
};

std::string text_or_number(const Json& value, const char* key) {
  const Json* found = member(value, key);
  if (found == nullptr || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : to_text(*found);
}

ServerError server_error(const Json& body) {
  const Json* error = member(body, "error");
  if (error != nullptr && error->is_string()) return {.message = error->get<std::string>()};
  const Json& source = error != nullptr && error->is_object() ? *error : body;
  ServerError found{text_or_number(source, "message"), text_or_number(source, "type"),
                    text_or_number(source, "code"), text_or_number(source, "param")};
  if (found.message.empty()) found.message = text_or_number(source, "detail");
  return found;
}

bool is_hard_quota(int status, const ServerError& error) {
  const auto hard = [](const std::string& word) {
    return is_one_of(word, {"insufficient_quota", "billing_hard_limit_reached",
                            "billing_not_active", "insufficient_balance", "insufficient_credits",
                            "credit_balance_too_low", "account_deactivated", "access_terminated"});
  };
  return status == 402 || hard(error.code) || hard(error.type);
}

bool is_content_filter(const ServerError& error) {
  const auto filter = [](const std::string& word) {
    return is_one_of(
        word, {"content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"});
  };
  return filter(error.code) || filter(error.type);
}

bool is_too_long(const ServerError& error) {
  const std::string message = ascii_lowered(error.message);
  return error.code == "context_length_exceeded" ||
         message.find("context length") != std::string::npos ||
         message.find("context window") != std::string::npos ||
         message.find("context size") != std::string::npos;
}

bool is_word_character(char c) { return is_ascii_alpha(c) || is_ascii_digit(c) || c == '_'; }

bool names_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const bool starts = at == 0 || !is_word_character(text[at - 1]);
    const std::size_t end = at + word.size();
    if (starts && (end == text.size() || !is_word_character(text[end]))) return true;
  }
  return false;
}

// The optional field of our body that the server complains about; empty when none can be made out.
std::string refused_field(const ServerError& error, const ChatRequest& request,
                          const Dialect& dialect) {
  if (is_too_long(error)) return {};
  std::string param = error.param.substr(0, error.param.find_first_of(".["));
  const Json fields = optional_fields(request, dialect);
  const bool formatted = !request.schema.empty() && dialect.rung != Rung::kText;
  if (formatted && param == "response_format") return param;
  if (!param.empty() && fields.contains(param)) return param;
  // A message may name several fields ("use max_completion_tokens instead of max_tokens"); ours is
  // the one that we sent.
  for (const auto& [field, value] : fields.items()) {
    if (names_word(error.message, field)) return field;
  }
  const bool about_format =
      names_word(error.message, "response_format") || names_word(error.message, "json_schema") ||
      names_word(error.message, "json_object") || names_word(error.message, "guided_json") ||
      names_word(ascii_lowered(error.message), "grammar") ||
      names_word(ascii_lowered(error.message), "structured");
  return formatted && about_format ? "response_format" : "";
}

class Reader {
 public:
  Reader(const ChatRequest& request, const Dialect& dialect, const Redactor& redactor)
      : request_(request), dialect_(dialect), redactor_(redactor) {}

  Answer read(int status, std::string_view body) const {
    const auto parsed = parse_strict(body);
    if (status == 200) {
      if (!parsed)
        return unreadable(fmt::format("the reply is no JSON: {}", parsed.error().message));
      if (const Json* error = member(*parsed, "error"); error != nullptr && !error->is_null()) {
        return error_inside(*parsed);
      }
      return asks_for_embeddings(request_) ? embeddings(*parsed) : completion(*parsed);
    }
    return error(status,
                 parsed ? server_error(*parsed) : ServerError{.message = std::string(body)});
  }

 private:
  std::string clean(const std::string& text) const {
    return elided(printable(redactor_.redacted(text)), kMaxDetail);
  }

  // What is wrong with a reply may be said in its own words.
  Answer unreadable(const std::string& detail) const {
    return {.kind = AnswerKind::kUnreadable, .detail = clean(detail), .maybe_paid = true};
  }

  // Some gateways report an error with status 200; the code inside is what counts.
  Answer error_inside(const Json& body) const {
    const ServerError inside = server_error(body);
    int status = 500;
    std::from_chars(inside.code.data(), inside.code.data() + inside.code.size(), status);
    return error(status >= 400 && status < 600 ? status : 500, inside);
  }

  Answer error(int status, const ServerError& said) const {
    Answer answer{.kind = AnswerKind::kRejected,
                  .detail = clean(fmt::format("status {}: {}", status, said.message))};
    answer.too_long = status == 413 || is_too_long(said);
    if (is_hard_quota(status, said)) {
      answer.kind = AnswerKind::kFatal;
      answer.stop = ErrorKind::kBudget;
      answer.hint = "the account has no quota left; top it up and run the same command again";
    } else if (is_content_filter(said)) {
      answer.kind = AnswerKind::kRefused;
    } else if (is_one_of_status(status, {401, 403})) {
      answer.kind = AnswerKind::kFatal;
      answer.hint = "check the key and what it is allowed to use";
    } else if (status == 404) {
      answer.kind = AnswerKind::kFatal;
      answer.hint = "check the address of the endpoint and the name of the model";
    } else if (status >= 300 && status < 400) {
      answer.kind = AnswerKind::kFatal;
      answer.hint = "redirects are not followed; give the final address of the endpoint";
    } else if (does_not_understand(status, said)) {
      answer.refused_field = refused_field(said, request_, dialect_);
    } else if (is_one_of_status(status, {408, 409, 425, 429}) || status >= 500) {
      answer.kind = AnswerKind::kTransient;
      answer.overloaded = is_one_of_status(status, {429, 503, 529});
    }
    return answer;
  }

  // The server of llama-cpp-python says so with 500.
  static bool does_not_understand(int status, const ServerError& said) {
    return is_one_of_status(status, {400, 415, 422}) ||
           (status == 500 && said.message.find("validation error") != std::string::npos);
  }

  static bool is_one_of_status(int status, std::initializer_list<int> statuses) {
    return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
  }

  Answer completion(const Json& body) const {
    const Json* choices = member(body, "choices");
    if (choices == nullptr || !choices->is_array() || choices->empty()) {
      return unreadable("the reply has no choices");
    }
    const Json& choice = choices->front();
    const Json* message = member(choice, "message");
    if (message == nullptr || !message->is_object()) {
      return unreadable("the reply's first choice has no message");
    }
    Answer answer{.kind = AnswerKind::kReply};
    answer.reply.rung = request_.schema.empty() ? Rung::kText : dialect_.rung;
    answer.reply.refused_fields = left_out(request_, dialect_);
    answer.reply.served_model = clean(string_member(body, "model"));
    answer.reply.finish_reason = clean(string_member(choice, "finish_reason"));
    answer.reply.content = redactor_.redacted(content_text(*message));
    answer.reply.usage = usage(body);
    const std::string refusal = string_member(*message, "refusal");
    if (!refusal.empty() || answer.reply.finish_reason == "content_filter") {
      answer.kind = AnswerKind::kRefused;
      answer.detail = refusal.empty() ? "stopped by a content filter"
                                      : clean(fmt::format("the model declined: {}", refusal));
    }
    return answer;
  }

  Answer embeddings(const Json& body) const {
    const auto vectors = read_embeddings(body, request_.texts_to_embed.size());
    if (!vectors) return unreadable(vectors.error().message);
    Answer answer{.kind = AnswerKind::kReply};
    answer.reply.json = packed_embeddings(*vectors);
    answer.reply.refused_fields = left_out(request_, dialect_);
    // Numbers are text too, once they are packed: a server may have put anything into them.
    if (redactor_.redacted(answer.reply.json) != answer.reply.json) {
      return unreadable("the embeddings spell a secret");
    }
    answer.reply.served_model = clean(string_member(body, "model"));
    answer.reply.usage = usage(body);
    return answer;
  }

  // A string, or a list of parts with text in them.
  static std::string content_text(const Json& message) {
    const Json* content = member(message, "content");
    if (content == nullptr || !content->is_array()) return string_member(message, "content");
    std::string text;
    for (const Json& part : *content) text += string_member(part, "text");
    return text;
  }

  // Of embeddings there is no output.
  std::optional<Usage> usage(const Json& body) const {
    const Json* counts = member(body, "usage");
    if (counts == nullptr) return std::nullopt;
    const auto input = integer_member(*counts, "prompt_tokens");
    auto output = integer_member(*counts, "completion_tokens");
    if (!output && asks_for_embeddings(request_)) output = 0;
    if (!input || !output || *input < 0 || *output < 0) return std::nullopt;
    return Usage{*input, *output};
  }

  const ChatRequest& request_;
  const Dialect& dialect_;
  const Redactor& redactor_;
};

Answer transport_failure(const HttpResult& result, const Redactor& redactor) {
  const std::string words = elided(printable(redactor.redacted(result.detail)), kMaxDetail);
  Answer answer{.kind = AnswerKind::kTransient, .detail = words};
  switch (result.failure) {
    case HttpFailure::kTls:
      answer.kind = AnswerKind::kFatal;
      answer.hint = "the connection is not trusted; name the right certificate authority file";
      break;
    case HttpFailure::kTooLarge:
      answer.kind = AnswerKind::kUnreadable;
      answer.maybe_paid = true;
      break;
    case HttpFailure::kTimeout:
      answer.overloaded = true;
      answer.maybe_paid = true;
      break;
    case HttpFailure::kCut:
      answer.maybe_paid = true;
      break;
    case HttpFailure::kGivenUp:
      answer.kind = AnswerKind::kStopped;
      answer.maybe_paid = true;
      break;
    case HttpFailure::kConnect:
    case HttpFailure::kOther:
      break;
  }
  return answer;
}

bool is_json(std::string_view content_type) {
  const std::string lowered = ascii_lowered(content_type.substr(0, content_type.find(';')));
  const std::string_view type = trimmed(lowered);
  return type.empty() || type == "application/json" || type.ends_with("+json");
}

void append_texts(std::string& out, const std::vector<std::string>& texts) {
  out += '[';
  for (const std::string& text : texts) {
    if (out.back() != '[') out += ',';
    append_text(out, text);
  }
  out += ']';
}

void append_messages(std::string& out, const ChatRequest& request, Rung rung) {
  out += '[';
  for (const ChatMessage& message : request.messages) {
    if (out.back() != '[') out += ',';
    out += R"({"content":)";
    const bool instructed = !request.schema.empty() && rung != Rung::kJsonSchema &&
                            &message == &request.messages.back();
    append_text(out, instructed ? fmt::format("{}\n\n{}", message.content,
                                              schema_instruction(request.schema))
                                : message.content);
    out += fmt::format(R"(,"role":"{}"}})", name(message.role));
  }
  out += ']';
}

Result<void> check_extra(const std::string& extra) {
  const auto parsed = parse_strict(extra);
  if (!parsed || !parsed->is_object()) {
    return fail(ErrorKind::kUsage, "the extra fields of the request are not a JSON object");
  }
  for (const char* field : kReservedFields) {
    if (parsed->contains(field)) {
      return fail(ErrorKind::kUsage, fmt::format("the extra fields may not set \"{}\"", field));
    }
  }
  return {};
}

Result<void> check_texts(const ChatRequest& request) {
  const auto wrong = [](std::string message) {
    return fail(ErrorKind::kUsage, std::move(message));
  };
  if (!request.messages.empty() || !request.schema.empty() || request.temperature ||
      request.max_tokens || request.seed) {
    return wrong("a request for embeddings takes texts, a model and extra fields only");
  }
  if (request.texts_to_embed.size() > kMaxTextsToEmbed) {
    return wrong(
        fmt::format("the request asks for the embeddings of more than {} texts", kMaxTextsToEmbed));
  }
  for (const std::string& text : request.texts_to_embed) {
    if (trimmed(text).empty()) return wrong("a text to embed is empty");
  }
  return {};
}

}  // namespace

Result<void> check_fields(const ChatRequest& request) {
  const auto wrong = [](std::string message) {
    return fail(ErrorKind::kUsage, std::move(message));
  };
  if (request.model.empty()) return wrong("the request names no model");
  if (asks_for_embeddings(request)) {
    if (auto texts = check_texts(request); !texts) return texts;
  } else if (request.messages.empty()) {
    return wrong("the request has no messages");
  }
  if (request.temperature && !(std::isfinite(*request.temperature) && *request.temperature >= 0)) {
    return wrong("the temperature must be a number of at least 0");
  }
  if (request.max_tokens && *request.max_tokens < 1) return wrong("max_tokens must be at least 1");
  return {};
}

Result<void> check_documents(const ChatRequest& request) {
  const auto wrong = [](std::string message) {
    return fail(ErrorKind::kUsage, std::move(message));
  };
  if (!request.extra.empty()) {
    if (auto extra = check_extra(request.extra); !extra) return extra;
  }
  if (request.schema.empty()) return {};
  const bool name_ok = !request.schema_name.empty() && request.schema_name.size() <= 64 &&
                       std::all_of(request.schema_name.begin(), request.schema_name.end(),
                                   [](char c) { return is_word_character(c) || c == '-'; });
  if (!name_ok) return wrong("the schema needs a name of letters, digits, _ and -");
  if (auto schema = ReplySchema::make(request.schema); !schema) {
    return tl::unexpected(schema.error());
  }
  return {};
}

Result<void> check(const ChatRequest& request) {
  if (auto fields = check_fields(request); !fields) return fields;
  return check_documents(request);
}

std::string schema_instruction(const std::string& schema) {
  return "Answer with a single JSON object and nothing else. It must be valid under this JSON "
         "Schema:\n" +
         schema;
}

std::string render_body(const ChatRequest& request, const Dialect& dialect) {
  Json body = optional_fields(request, dialect);
  body["model"] = request.model;
  // Long parts are not worth a tree: they are written where their members belong.
  const bool formatted = !request.schema.empty() && dialect.rung != Rung::kText;
  if (formatted) body["response_format"] = nullptr;
  const char* const texts = asks_for_embeddings(request) ? "input" : "messages";
  body[texts] = nullptr;
  std::string out = "{";
  for (const auto& [key, value] : body.items()) {
    if (out.size() > 1) out += ',';
    append_text(out, key);
    out += ':';
    if (formatted && key == "response_format") {
      out += response_format(request, dialect.rung);
    } else if (key != texts) {
      out += to_text(value);
    } else if (asks_for_embeddings(request)) {
      append_texts(out, request.texts_to_embed);
    } else {
      append_messages(out, request, dialect.rung);
    }
  }
  out += '}';
  return out;
}

Answer read_body(int status, std::string_view body, const ChatRequest& request,
                 const Dialect& dialect, const Redactor& redactor) {
  return Reader(request, dialect, redactor).read(status, body);
}

Answer read_result(const HttpResult& result, const ChatRequest& request, const Dialect& dialect,
                   const Redactor& redactor, std::int64_t unix_seconds) {
  if (!result.reply) return transport_failure(result, redactor);
  const HttpReply& reply = *result.reply;
  if (reply.status == 200 && !is_json(reply.content_type)) {
    return {.kind = AnswerKind::kUnreadable,
            .detail = elided(printable(fmt::format("the reply is of type {}, not JSON",
                                                   redactor.redacted(reply.content_type))),
                             kMaxDetail),
            .maybe_paid = true};
  }
  Answer answer = read_body(reply.status, reply.body, request, dialect, redactor);
  answer.retry_after = parse_retry_after(reply.retry_after, unix_seconds);
  return answer;
}

std::optional<Duration> parse_retry_after(std::string_view value, std::int64_t unix_seconds) {
  value = trimmed(value);
  if (value.empty()) return std::nullopt;
  double seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error == std::errc{} && end == value.data() + value.size()) {
    return std::isfinite(seconds) ? std::optional(from_seconds(std::max(seconds, 0.0)))
                                  : std::nullopt;
  }
  const std::string date(value);
  const std::time_t moment = curl_getdate(date.c_str(), nullptr);
  if (moment < 0) return std::nullopt;
  return from_seconds(static_cast<double>(std::max<std::int64_t>(moment - unix_seconds, 0)));
}

}  // namespace agentecho::llm
