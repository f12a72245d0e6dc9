// Patterns that must not leave the house: what they match is replaced by "[redacted]". An empty
// match hides nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"

namespace agentecho {

class Redaction {
 public:
  // POSIX extended regular expressions. Errors (ErrorKind::kUsage) name the pattern.
  static Result<Redaction> make(const std::vector<std::string>& patterns);

  // The text with every match of every pattern, in the order of the patterns, replaced.
  std::string apply(std::string_view text);
  std::uint64_t count() const { return count_; }  // places replaced so far

 private:
  struct Pattern;
  std::vector<std::shared_ptr<Pattern>> patterns_;
  std::uint64_t count_ = 0;
};

}  // namespace agentecho
