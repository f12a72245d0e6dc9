#include "agentecho/llm/secret.h"

#include <fmt/core.h>
#include <string.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "agentecho/base/text.h"

namespace agentecho::llm {

namespace {

constexpr std::size_t kMaxSecretBytes = 64 * 1024;
constexpr std::size_t kMinRedactedBytes = 4;

void wipe(std::string& text) { explicit_bzero(text.data(), text.size()); }

Result<Secret> checked(std::string_view raw, const std::string& source) {
  const std::string_view value = trimmed(raw);
  if (value.empty()) return fail(ErrorKind::kUsage, fmt::format("{} is empty", source));
  const bool control = std::any_of(value.begin(), value.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (control) {
    return fail(ErrorKind::kUsage, fmt::format("{} has control characters in it", source));
  }
  return Secret(value);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The length of the beginning of `text` that spells the byte `c`: itself, or as a JSON escape,
// whose backslash may be escaped again. 0: it does not.
std::size_t spelled_length(std::string_view text, char c) {
  if (text.empty()) return 0;
  if (text.front() != '\\') return text.front() == c ? 1 : 0;
  constexpr std::size_t kMostBackslashes = 16;
  const std::size_t at = std::min({text.find_first_not_of('\\'), text.size(), kMostBackslashes});
  if (at == text.size()) return c == '\\' ? at : 0;
  if (text[at] != 'u') return text[at] == c ? at + 1 : c == '\\' ? at : 0;
  if (text.size() < at + 5) return c == 'u' ? at + 1 : 0;
  int code = 0;
  for (std::size_t i = at + 1; i < at + 5; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return c == 'u' ? at + 1 : 0;
    code = code * 16 + digit;
  }
  return code == static_cast<unsigned char>(c) ? at + 5 : 0;
}

// Of white space at the beginning of `text`, also as an escape.
std::size_t space_length(std::string_view text) {
  std::size_t length = 0;
  for (;;) {
    const std::string_view rest = text.substr(length);
    if (rest.empty()) return length;
    if (static_cast<unsigned char>(rest.front()) <= 0x20) {
      ++length;
    } else if (rest.starts_with("\\n") || rest.starts_with("\\r") || rest.starts_with("\\t")) {
      length += 2;
    } else {
      return length;
    }
  }
}

// The length of the beginning of `text` that spells `value`; 0: it does not.
std::size_t spelled_length(std::string_view text, std::string_view value) {
  std::size_t at = 0;
  for (const char c : value) {
    std::size_t length = spelled_length(text.substr(at), c);
    if (length == 0 && at > 0) {
      at += space_length(text.substr(at));
      length = spelled_length(text.substr(at), c);
    }
    if (length == 0) return 0;
    at += length;
  }
  return at;
}

}  // namespace

Secret::Secret(std::string_view value)
    : value_(new std::string(value), [](const std::string* owned) {
        wipe(const_cast<std::string&>(*owned));
        delete owned;
      }) {}

std::string_view Secret::reveal() const { return value_ ? *value_ : std::string_view{}; }

std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "[secret]"; }

Result<Secret> secret_from_environment(const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  if (value == nullptr) {
    return fail(ErrorKind::kUsage, fmt::format("the environment variable {} is not set", variable),
                "export it, or name a file that holds the key");
  }
  return checked(value, fmt::format("the environment variable {}", variable));
}

Result<Secret> secret_from_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorKind::kUsage, fmt::format("cannot read the key file {}", path));
  std::string text(kMaxSecretBytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  std::string_view all(text.data(), static_cast<std::size_t>(file.gcount()));
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (all.starts_with(kByteOrderMark)) all.remove_prefix(kByteOrderMark.size());
  auto secret = checked(all.substr(0, all.find('\n')),
                        fmt::format("the first line of the key file {}", path));
  wipe(text);
  return secret;
}

Redactor::Redactor(std::vector<Secret> secrets) : secrets_(std::move(secrets)) {
  std::erase_if(secrets_,
                [](const Secret& secret) { return secret.reveal().size() < kMinRedactedBytes; });
  std::stable_sort(secrets_.begin(), secrets_.end(), [](const Secret& a, const Secret& b) {
    return a.reveal().size() > b.reveal().size();
  });
}

std::string Redactor::redacted(std::string text) const {
  constexpr std::string_view kMark = "[secret]";
  for (const Secret& secret : secrets_) {
    const std::string_view value = secret.reveal();
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t length = spelled_length(std::string_view(text).substr(at), value);
      if (length == 0) {
        ++at;
        continue;
      }
      text.replace(at, length, kMark);
      at += kMark.size();
    }
  }
  return text;
}

}  // namespace agentecho::llm
