// Content digests: XXH3 with 128 bits (xxhash.com), fast enough to hash every input byte. Not
// cryptographic: it tells files apart, it does not protect against forgery.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

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
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void reset();
  void update(std::string_view bytes);
  // A piece and its length, so that ("ab","c") and ("a","bc") differ.
  void update_field(std::string_view bytes);
  Digest digest() const;
  // Bytes seen since reset().
  std::uint64_t size() const { return size_; }

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::uint64_t size_ = 0;
};

}  // namespace agentecho
