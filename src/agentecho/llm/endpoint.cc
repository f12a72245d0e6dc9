#include "agentecho/llm/endpoint.h"

#include <fmt/core.h>

#include <algorithm>

#include "agentecho/base/text.h"

namespace agentecho::llm {

namespace {

constexpr std::string_view kCompletions = "/chat/completions";
constexpr std::string_view kEmbeddings = "/embeddings";
// Shorter header values (versions, names) are no secrets, and replies may well contain them.
constexpr std::size_t kMinSecretHeader = 16;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_ascii_alpha(c) || is_ascii_digit(c) || c == '-' || c == '_';
  });
}

bool names_authorization(const HttpHeader& header) {
  return ascii_lowered(header.name) == "authorization";
}

// Whether a parameter after "?" is named like a key: "api_key", "token", "X-Amz-Signature".
bool query_names_a_secret(const std::string& url) {
  constexpr std::string_view kSecrets[] = {"key", "token", "secret", "password", "signature"};
  std::size_t at = url.find('?');
  while (at != std::string::npos) {
    const std::size_t end = std::min(url.find('&', at + 1), url.size());
    const std::string parameter = url.substr(at + 1, end - at - 1);
    if (holds_any(parameter.substr(0, parameter.find('=')), kSecrets)) return true;
    at = end < url.size() ? end : std::string::npos;
  }
  return false;
}

std::string with_path(const std::string& url, std::string_view wanted) {
  const std::size_t query = std::min(url.find('?'), url.size());
  std::string path = url.substr(0, query);
  while (path.ends_with('/')) path.pop_back();
  for (const std::string_view known : {kCompletions, kEmbeddings}) {
    if (path.ends_with(known)) path.resize(path.size() - known.size());
  }
  path += wanted;
  return path + url.substr(query);
}

}  // namespace

std::string completions_url(const std::string& url) { return with_path(url, kCompletions); }

std::string embeddings_url(const std::string& url) { return with_path(url, kEmbeddings); }

Result<void> check(const Endpoint& endpoint) {
  const std::string scheme = ascii_lowered(endpoint.url.substr(0, endpoint.url.find("://")));
  if ((scheme != "http" && scheme != "https") || scheme.size() + 3 >= endpoint.url.size()) {
    return fail(ErrorKind::kUsage,
                "the address of the endpoint must begin with http:// or https://");
  }
  if (has_control(endpoint.url) || endpoint.url.find(' ') != std::string::npos ||
      endpoint.url.find('#') != std::string::npos) {
    return fail(ErrorKind::kUsage,
                "the address of the endpoint has characters that do not belong there");
  }
  const std::size_t host = scheme.size() + 3;
  if (endpoint.url.substr(host, endpoint.url.find_first_of("/?", host) - host).find('@') !=
      std::string::npos) {
    return fail(ErrorKind::kUsage, "the address of the endpoint holds a user name or password",
                "give keys through an environment variable or a file");
  }
  if (query_names_a_secret(endpoint.url)) {
    return fail(ErrorKind::kUsage, "the address of the endpoint seems to hold a key",
                "give keys through an environment variable or a file");
  }
  for (const HttpHeader& header : endpoint.headers) {
    if (!is_token(header.name) || has_control(header.value.reveal())) {
      return fail(ErrorKind::kUsage, fmt::format("the header \"{}\" cannot be sent",
                                                 elided(printable(header.name), 40)));
    }
  }
  return {};
}

std::string shown_url(const std::string& url) { return url.substr(0, url.find('?')); }

std::vector<HttpHeader> request_headers(const Endpoint& endpoint) {
  std::vector<HttpHeader> headers = {{"Content-Type", Secret("application/json")},
                                     {"Accept", Secret("application/json")}};
  const bool replaced =
      std::any_of(endpoint.headers.begin(), endpoint.headers.end(), names_authorization);
  if (!endpoint.key.empty() && !replaced) {
    headers.push_back({"Authorization", Secret(fmt::format("Bearer {}", endpoint.key.reveal()))});
  }
  headers.insert(headers.end(), endpoint.headers.begin(), endpoint.headers.end());
  return headers;
}

Redactor make_redactor(const Endpoint& endpoint) {
  std::vector<Secret> secrets = {endpoint.key};
  for (const HttpHeader& header : endpoint.headers) {
    // "Bearer abc": the last word alone is the secret.
    const std::string_view value = header.value.reveal();
    const std::string_view word = value.substr(value.rfind(' ') + 1);
    if (word.size() >= kMinSecretHeader) secrets.emplace_back(word);
  }
  return Redactor(std::move(secrets));
}

std::string host_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  std::string host = ascii_lowered(url.substr(begin, url.find_first_of("/?#", begin) - begin));
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

bool is_loopback(const std::string& host) {
  const bool numeric = host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host == "::1" || (numeric && host.starts_with("127."));
}

bool exposes_key(const Endpoint& endpoint) {
  const bool plain = ascii_lowered(endpoint.url).starts_with("http://");
  const bool secret = !endpoint.key.empty() || !endpoint.headers.empty();
  return plain && secret && !is_loopback(host_of(endpoint.url));
}

}  // namespace agentecho::llm
