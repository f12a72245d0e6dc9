#include "agentecho/base/hash.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

namespace agentecho {

struct Hasher::State {
  XXH3_state_t xxh;
};

Digest digest_of(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

std::string to_hex(const Digest& digest) {
  return fmt::format("{:016x}{:016x}", digest.high, digest.low);
}

Hasher::Hasher() : state_(make_hidden<State>()) { reset(); }

void Hasher::reset() {
  XXH3_128bits_reset(&state_->xxh);
  size_ = 0;
}

void Hasher::update(std::string_view bytes) {
  XXH3_128bits_update(&state_->xxh, bytes.data(), bytes.size());
  size_ += bytes.size();
}

void Hasher::update_field(std::string_view bytes) {
  const std::uint64_t size = bytes.size();
  update({reinterpret_cast<const char*>(&size), sizeof size});
  update(bytes);
}

Digest Hasher::digest() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(&state_->xxh);
  return {hash.high64, hash.low64};
}

}  // namespace agentecho
