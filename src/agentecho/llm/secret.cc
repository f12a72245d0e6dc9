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
  const std::string_view all(text.data(), static_cast<std::size_t>(file.gcount()));
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
    for (std::size_t at = text.find(value); at != std::string::npos;
         at = text.find(value, at + kMark.size())) {
      text.replace(at, value.size(), kMark);
    }
  }
  return text;
}

}  // namespace agentecho::llm
