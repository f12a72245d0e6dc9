// Content digests: XXH3 with 128 bits (xxhash.com), fast enough to hash every input byte. Not
// cryptographic: it tells files apart, it does not protect against forgery.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "agentecho/base/hidden.h"

namespace agentecho {

struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const Digest&) const = default;
};

Digest digest_of(std::string_view bytes);

// 32 hexadecimal digits, as `xxhsum -H2` prints them.
std::string to_hex(const Digest& digest);

// A digest of bytes that arrive in pieces.
class Hasher {
 public:
  Hasher();

  void reset();
  void update(std::string_view bytes);
  // A piece and its length, so that ("ab","c") and ("a","bc") differ.
  void update_field(std::string_view bytes);
  Digest digest() const;
  // Bytes seen since reset().
  std::uint64_t size() const { return size_; }

 private:
  struct State;
  Hidden<State> state_;
  std::uint64_t size_ = 0;
};

}  // namespace agentecho
