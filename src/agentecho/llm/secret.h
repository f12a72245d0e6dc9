// A secret value (an API key, an authorisation header) that does not print itself. It comes from
// the environment or a file, never from an argument; copies share one buffer, which is wiped when
// the last one goes. Everything that a server says passes through Redactor before it may reach a
// log, an error, the cache or a report, since servers quote keys back.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"

namespace agentecho::llm {

class Secret {
 public:
  Secret() = default;  // empty
  explicit Secret(std::string_view value);

  bool empty() const { return reveal().empty(); }

  // The value itself, for the one place that sends it.
  std::string_view reveal() const;

 private:
  std::shared_ptr<const std::string> value_;
};

// Prints "[secret]", whatever the value.
std::ostream& operator<<(std::ostream& out, const Secret& secret);

// The value of an environment variable, without surrounding white space. Errors (kUsage): unset,
// empty, or with control characters inside.
Result<Secret> secret_from_environment(const std::string& variable);

// The first line of a file, under the same rules; at most 64 KiB are read.
Result<Secret> secret_from_file(const std::string& path);

// Replaces every occurrence of known secrets in a text by "[secret]", however it is spelled there:
// a character as a JSON escape ("\u0073", "\/"), white space and line ends between two characters.
// Values shorter than four bytes are left alone: they would tear ordinary words apart and protect
// nothing.
class Redactor {
 public:
  Redactor() = default;
  explicit Redactor(std::vector<Secret> secrets);
  std::string redacted(std::string text) const;

 private:
  std::vector<Secret> secrets_;  // longest first
};

}  // namespace agentecho::llm
