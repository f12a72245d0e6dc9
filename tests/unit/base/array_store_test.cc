#include "agentecho/base/array_store.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "agentecho/base/random.h"

namespace agentecho {
namespace {

std::vector<std::uint32_t> numbers(std::uint64_t seed) {
  Rng rng(seed);
  std::vector<std::uint32_t> values(rng.below(3000));
  for (std::uint32_t& value : values) value = static_cast<std::uint32_t>(rng.bits() >> 32);
  return values;
}

// Puts arrays until about 30 MB are there, and reads all again, twice.
void expect_kept(const std::shared_ptr<ArrayStore>& store) {
  constexpr std::uint64_t kArrays = 5000;
  std::vector<KeptArray<std::uint32_t>> kept;
  for (std::uint64_t i = 0; i < kArrays; ++i) kept.push_back(keep(numbers(i), store.get()));
  for (int round = 0; round < 2; ++round) {
    for (std::uint64_t i = 0; i < kArrays; ++i) {
      const std::vector<std::uint32_t> expected = numbers(i);
      ASSERT_TRUE(std::equal(expected.begin(), expected.end(), kept[i].values().begin(),
                             kept[i].values().end()));
    }
    if (store) store->let_go();
  }
}

TEST(ArrayStore, KeepsArraysInMemoryWithinItsBudget) {
  const auto store = ArrayStore::make();
  expect_kept(store);
  EXPECT_EQ(store->moved(), 0u);
  expect_kept(nullptr);
}

TEST(ArrayStore, MovesWhatGoesBeyondItsBudgetToAFile) {
  const auto store = ArrayStore::make(8 << 20);
  expect_kept(store);
  EXPECT_GT(store->moved(), 12u << 20);
}

TEST(ArrayStore, KeepsAllInMemoryWhereNoFileCanBeWritten) {
  const char* const before = std::getenv("TMPDIR");
  const std::string folder = before != nullptr ? before : "";
  ::setenv("TMPDIR", "/nowhere/at/all", 1);
  const auto store = ArrayStore::make(8 << 20);
  expect_kept(store);
  EXPECT_EQ(store->moved(), 0u);
  if (before != nullptr) {
    ::setenv("TMPDIR", folder.c_str(), 1);
  } else {
    ::unsetenv("TMPDIR");
  }
}

TEST(ArrayStore, TakesArraysThatAreLargerThanItsChunks) {
  const auto store = ArrayStore::make(8 << 20);
  const std::vector<std::uint64_t> large(3'000'000, 5);
  const auto a = keep(large, store.get());
  const auto b = keep(large, store.get());
  EXPECT_EQ(a, b);
  EXPECT_EQ(a.values().size(), large.size());
  EXPECT_EQ(a.values().back(), 5u);
}

TEST(ArrayStore, ArraysOutliveWhoeverMadeIt) {
  auto store = ArrayStore::make(0);
  const auto kept = keep(numbers(1), store.get());
  store.reset();
  const std::vector<std::uint32_t> expected = numbers(1);
  EXPECT_TRUE(
      std::equal(expected.begin(), expected.end(), kept.values().begin(), kept.values().end()));
}

TEST(ArrayStore, MayBeUsedFromSeveralThreads) {
  const auto store = ArrayStore::make(8 << 20);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { expect_kept(store); });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace agentecho
