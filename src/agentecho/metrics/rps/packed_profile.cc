#include "agentecho/metrics/rps/packed_profile.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

namespace agentecho::rps {

namespace {

constexpr std::size_t kAllCounts = kCounts + kProfileWords;
constexpr std::size_t kMaskWords = (kAllCounts + 31) / 32;
constexpr std::size_t kSizeWords = kSketches / 2;
constexpr std::uint32_t kWide = 1;

using AllCounts = std::array<float, kAllCounts>;

AllCounts all_counts(const StageSketch& sketch) {
  AllCounts counts;
  std::copy(sketch.profile.begin(), sketch.profile.end(),
            std::copy(sketch.counts.begin(), sketch.counts.end(), counts.begin()));
  return counts;
}

bool fits_a_half(float count) {
  return count >= 0 && count <= 65535 &&
         static_cast<float>(static_cast<std::int32_t>(count)) == count;
}

// Most counts are 0, but which is hard to foretell, so no branch depends on it.
void append_counts(const AllCounts& counts, bool wide, std::vector<std::uint32_t>& words) {
  std::array<std::uint32_t, kMaskWords> mask{};
  std::array<float, kAllCounts + 1> held;  // those that are not 0, and one more
  std::size_t n = 0;
  for (std::size_t i = 0; i < kAllCounts; ++i) {
    const bool some = counts[i] != 0;
    mask[i / 32] |= static_cast<std::uint32_t>(some) << i % 32;
    held[n] = counts[i];
    n += static_cast<std::size_t>(some);
  }
  words.insert(words.end(), mask.begin(), mask.end());
  if (wide) {
    for (std::size_t i = 0; i < n; ++i) words.push_back(std::bit_cast<std::uint32_t>(held[i]));
    return;
  }
  held[n] = 0;
  for (std::size_t i = 0; i < n; i += 2) {
    words.push_back(static_cast<std::uint32_t>(held[i]) | static_cast<std::uint32_t>(held[i + 1])
                                                              << 16);
  }
}

void append_stage(const StageSketch& sketch, std::vector<std::uint32_t>& words) {
  const auto sets = sketch.sketches();
  const AllCounts counts = all_counts(sketch);
  bool wide = false;
  for (const float count : counts) wide |= !fits_a_half(count);
  std::uint32_t flags = wide ? kWide : 0;
  for (std::size_t s = 0; s < kSketches; ++s) flags |= (sets[s]->full() ? 2u : 0u) << s;
  words.push_back(sketch.n_items);
  words.push_back(flags);
  for (std::size_t s = 0; s < kSketches; s += 2) {
    words.push_back(
        static_cast<std::uint32_t>(sets[s]->values().size() | sets[s + 1]->values().size() << 16));
  }
  append_counts(counts, wide, words);
  for (const BottomK* const set : sets) {
    words.insert(words.end(), set->values().begin(), set->values().end());
  }
}

}  // namespace

PackedProfile::PackedProfile(const StageProfile& profile, ArrayStore* store) {
  std::vector<std::uint32_t> words = {profile.unlabelled,
                                      static_cast<std::uint32_t>(profile.stages.size())};
  words.reserve(2048);
  words.resize(2 + profile.stages.size());
  for (std::size_t s = 0; s < profile.stages.size(); ++s) {
    if (profile.stages[s].n_items == 0) continue;
    words[2 + s] = static_cast<std::uint32_t>(words.size());
    append_stage(profile.stages[s], words);
  }
  words_ = keep(std::move(words), store);
}

StageSketchView PackedProfile::stage(StageId stage) const {
  const std::uint32_t* at = words_.values().data() + words_.values()[2 + stage];
  StageSketchView view;
  view.n_items = *at++;
  const std::uint32_t flags = *at++;
  const std::uint32_t* const sizes = at;
  const std::uint32_t* const mask = sizes + kSizeWords;
  at = mask + kMaskWords;
  std::size_t n = 0;
  for (std::size_t m = 0; m < kMaskWords; ++m) {
    for (std::uint32_t bits = mask[m]; bits != 0; bits &= bits - 1, ++n) {
      const std::size_t i = 32 * m + static_cast<std::size_t>(std::countr_zero(bits));
      const float count = (flags & kWide) != 0
                              ? std::bit_cast<float>(at[n])
                              : static_cast<float>(at[n / 2] >> (n % 2 * 16) & 0xFFFF);
      (i < kCounts ? view.counts[i] : view.profile[i - kCounts]) = count;
    }
  }
  at += (flags & kWide) != 0 ? n : (n + 1) / 2;
  for (std::size_t s = 0; s < kSketches; ++s) {
    const std::size_t size = sizes[s / 2] >> (s % 2 * 16) & 0xFFFF;
    view.sketches[s] = {std::span(at, size), (flags >> s & 2) != 0};
    at += size;
  }
  return view;
}

StageProfile PackedProfile::unpacked() const {
  StageProfile profile;
  profile.unlabelled = words_.values()[0];
  profile.stages.resize(stage_count());
  for (std::size_t s = 0; s < profile.stages.size(); ++s) {
    if (!has(static_cast<StageId>(s))) continue;
    const StageSketchView view = stage(static_cast<StageId>(s));
    StageSketch& sketch = profile.stages[s];
    sketch.n_items = view.n_items;
    sketch.counts = view.counts;
    sketch.profile = view.profile;
    const auto sets = sketch.sketches();
    for (std::size_t i = 0; i < kSketches; ++i) {
      const BottomKView& kept = view.sketches[i];
      *sets[i] =
          BottomK::from_parts(sets[i]->k(), kept.full, {kept.values.begin(), kept.values.end()});
    }
  }
  return profile;
}

}  // namespace agentecho::rps
