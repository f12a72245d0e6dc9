#include "agentecho/graph/value_finder.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <utility>

namespace agentecho {

namespace {

bool equal_when_lowered(const char* text, std::string_view canonical) {
  for (std::size_t i = 0; i < canonical.size(); ++i) {
    if (ascii_lower(text[i]) != canonical[i]) return false;
  }
  return true;
}

}  // namespace

ValueFinder::ValueFinder() { buckets_.fill(kEnd); }

void ValueFinder::clear() {
  for (const Group& group : groups_) {
    if (group.first == kEnd) continue;
    buckets_[bucket_of(text_.data() + values_[static_cast<std::size_t>(group.first)].begin)] = kEnd;
  }
  groups_.clear();
  values_.clear();
  text_.clear();
  n_active_ = 0;
  std::fill(slots_.begin(), slots_.end(), kEnd);
}

std::uint64_t ValueFinder::hash_of(std::string_view canonical) {
  return XXH3_64bits(canonical.data(), canonical.size());
}

std::int32_t ValueFinder::find_by_hash(std::string_view canonical, std::uint64_t hash) const {
  if (slots_.empty()) return kEnd;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask; slots_[at] != kEnd; at = (at + 1) & mask) {
    const Value& value = values_[static_cast<std::size_t>(slots_[at])];
    if (value.hash == hash && text_of(value) == canonical) return slots_[at];
  }
  return kEnd;
}

void ValueFinder::insert_slot(ValueId id) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = values_[id].hash & mask;
  while (slots_[at] != kEnd) at = (at + 1) & mask;
  slots_[at] = static_cast<std::int32_t>(id);
}

ValueFinder::ValueId ValueFinder::add(std::string_view canonical) {
  const std::uint64_t hash = hash_of(canonical);
  if (const std::int32_t known = find_by_hash(canonical, hash); known != kEnd) {
    return static_cast<ValueId>(known);
  }
  const auto id = static_cast<ValueId>(values_.size());
  Value value;
  value.begin = text_.size();
  value.size = static_cast<std::uint32_t>(canonical.size());
  value.hash = hash;
  text_ += canonical;

  std::int32_t& head = buckets_[bucket_of(canonical.data())];
  std::int32_t g = head;
  while (g != kEnd && groups_[static_cast<std::size_t>(g)].length != value.size) {
    g = groups_[static_cast<std::size_t>(g)].next;
  }
  if (g == kEnd) {
    g = static_cast<std::int32_t>(groups_.size());
    groups_.push_back({value.size, kEnd, 0, head});
    head = g;
  }
  Group& group = groups_[static_cast<std::size_t>(g)];
  value.next = group.first;
  group.first = static_cast<std::int32_t>(id);
  ++group.count;
  values_.push_back(value);
  ++n_active_;

  if (slots_.size() < 2 * values_.size()) {
    slots_.assign(std::max<std::size_t>(64, slots_.size() * 2), kEnd);
    for (ValueId i = 0; i < values_.size(); ++i) insert_slot(i);
  } else {
    insert_slot(id);
  }
  return id;
}

std::int32_t ValueFinder::match(const Group& group, std::string_view text, std::size_t at) const {
  const std::size_t end = at + group.length;
  if (end > text.size() || (end < text.size() && is_ascii_alphanumeric(text[end]))) return kEnd;
  if (group.count > kLongChain) {
    scratch_.assign(text.substr(at, group.length));
    std::transform(scratch_.begin(), scratch_.end(), scratch_.begin(), ascii_lower);
    const std::int32_t id = find_by_hash(scratch_, hash_of(scratch_));
    return id != kEnd && values_[static_cast<std::size_t>(id)].active ? id : kEnd;
  }
  for (std::int32_t id = group.first; id != kEnd;) {
    const Value& value = values_[static_cast<std::size_t>(id)];
    if (value.active && equal_when_lowered(text.data() + at, text_of(value))) return id;
    id = value.next;
  }
  return kEnd;
}

}  // namespace agentecho
