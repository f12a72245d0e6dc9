// Hashes of markers and of their parts; the same on every machine.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "agentecho/base/hash.h"
#include "agentecho/metrics/lineage/markers.h"

namespace agentecho::lineage {

inline std::uint64_t hash_of(std::string_view bytes) { return digest_of(bytes).low; }

// Finaliser of splitmix64 (S. Vigna): every bit of the result depends on every bit of the value.
constexpr std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31);
}

// Of a sequence: `next` after what `before` stands for.
constexpr std::uint64_t followed_by(std::uint64_t before, std::uint64_t next) {
  return mixed(before * 0x9E3779B97F4A7C15ULL + next);
}

// Ascending, each once.
inline void make_set(Markers& markers) {
  std::sort(markers.begin(), markers.end());
  markers.erase(std::unique(markers.begin(), markers.end()), markers.end());
}

// The 1-, 2- and 3-grams of a sequence whose members are added one by one.
class NGrams {
 public:
  explicit NGrams(Markers& out) : out_(out) {}

  void add(std::uint64_t token) {
    out_.push_back(token);
    if (length_ > 0) out_.push_back(followed_by(last_, token));
    if (length_ > 1) out_.push_back(followed_by(last_two_, token));
    last_two_ = followed_by(last_, token);
    last_ = token;
    ++length_;
  }
  void restart() { length_ = 0; }

 private:
  Markers& out_;
  std::uint64_t last_ = 0;
  std::uint64_t last_two_ = 0;  // of the last two tokens together
  std::uint64_t length_ = 0;
};

}  // namespace agentecho::lineage
