// Where requests go, and what proves that they may.
#pragma once

#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/llm/http.h"
#include "agentecho/llm/secret.h"

namespace agentecho::llm {

struct Endpoint {
  std::string url;  // the base ("https://host/v1") or the full address of either path below
  Secret key;       // sent as "Authorization: Bearer ..."; may be empty
  std::vector<HttpHeader> headers;  // further ones; "Authorization" here replaces the key's
};

// Errors (kUsage): not http or https, user:password in the address, header names or values that
// could break out of their line.
Result<void> check(const Endpoint& endpoint);

// The addresses that requests are posted to: the base with the path "/chat/completions" or
// "/embeddings", whichever of them the given address ended in, if any.
std::string completions_url(const std::string& url);
std::string embeddings_url(const std::string& url);

// The address as it may be shown: without the part after '?'.
std::string shown_url(const std::string& url);

// What goes with every request: Content-Type, Accept, the key, the further headers.
std::vector<HttpHeader> request_headers(const Endpoint& endpoint);

// Knows the key and the longer values of the further headers.
Redactor make_redactor(const Endpoint& endpoint);

// True if the key would travel unencrypted to another machine.
bool exposes_key(const Endpoint& endpoint);

// The host of an address, without port and brackets, in lower case.
std::string host_of(const std::string& url);
bool is_loopback(const std::string& host);

}  // namespace agentecho::llm
