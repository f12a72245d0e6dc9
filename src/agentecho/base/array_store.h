// Arrays that are written once, kept for long and read now and then, in memory that does not grow
// with them: what goes beyond a budget is moved to a temporary file without a name (in TMPDIR, else
// /tmp) and read from there where it is touched. Arrays keep their addresses.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace agentecho {

class ArrayStore;

// Plain numbers that never change; copies share them. They stand in an ArrayStore or for
// themselves.
template <class T>
class KeptArray {
 public:
  KeptArray() = default;
  explicit KeptArray(std::vector<T> values) {
    auto owner = std::make_shared<const std::vector<T>>(std::move(values));
    values_ = *owner;
    owner_ = std::move(owner);
  }
  KeptArray(std::span<const T> values, std::shared_ptr<const ArrayStore> store)
      : values_(values), store_(store.get()), owner_(std::move(store)) {}

  std::span<const T> values() const { return values_; }
  // Null: they stand for themselves.
  const ArrayStore* store() const { return store_; }
  bool operator==(const KeptArray& other) const {
    return std::equal(values_.begin(), values_.end(), other.values_.begin(), other.values_.end());
  }

 private:
  std::span<const T> values_;
  const ArrayStore* store_ = nullptr;
  std::shared_ptr<const void> owner_;
};

// May be used from several threads at once.
class ArrayStore : public std::enable_shared_from_this<ArrayStore> {
 public:
  static constexpr std::size_t kDefaultBudget = std::size_t{256} << 20;

  // Bytes that stay in memory.
  static std::shared_ptr<ArrayStore> make(std::size_t budget = kDefaultBudget) {
    return std::shared_ptr<ArrayStore>(new ArrayStore(budget));
  }
  ~ArrayStore();
  ArrayStore(const ArrayStore&) = delete;
  ArrayStore& operator=(const ArrayStore&) = delete;

  // A copy that lives as long as somebody has it. Where no file can be written, in memory.
  template <class T>
  KeptArray<T> put(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= kAlignment);
    void* const place = copied(values.data(), values.size_bytes());
    return {{static_cast<const T*>(place), values.size()}, shared_from_this()};
  }

  // Bytes that were moved to the file.
  std::size_t moved() const;
  // What is in the file and was read since leaves memory again.
  void let_go() const;

 private:
  static constexpr std::size_t kAlignment = 8;

  explicit ArrayStore(std::size_t budget) : budget_(budget) {}
  void* copied(const void* bytes, std::size_t size);
  void move_last_chunk();
  bool open_file();

  struct Chunk {
    std::byte* begin = nullptr;
    std::size_t size = 0;
    std::size_t used = 0;
    bool in_file = false;
  };

  const std::size_t budget_;
  mutable std::mutex mutex_;
  std::vector<Chunk> chunks_;  // the last one is being filled
  std::size_t in_memory_ = 0;
  std::size_t in_file_ = 0;
  int file_ = -1;
  bool file_failed_ = false;
};

// In `store`, if there is one.
template <class T>
KeptArray<T> keep(std::vector<T> values, ArrayStore* store) {
  if (store != nullptr) return store->put(std::span<const T>(values));
  values.shrink_to_fit();
  return KeptArray<T>(std::move(values));
}

}  // namespace agentecho
