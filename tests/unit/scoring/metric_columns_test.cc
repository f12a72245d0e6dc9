#include "agentecho/scoring/metric_columns.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace agentecho {
namespace {

TEST(FamilySet, PutsFamiliesSideBySideInTheirOrder) {
  constexpr FamilySet families{Family::kGed, Family::kRps};
  EXPECT_FALSE(families.has(Family::kAgs));
  EXPECT_EQ(families.columns(), column_count(Family::kRps) + column_count(Family::kGed));
  EXPECT_EQ(families.first_column(Family::kRps), 0u);
  EXPECT_EQ(families.first_column(Family::kGed), column_count(Family::kRps));
  std::vector<double> row(families.columns(), 0.0);
  row[column_count(Family::kRps) + 1] = 0.25;
  EXPECT_EQ(families.at(row, Column::kGed), 0.25);
  EXPECT_EQ(families.at(row, Column::kSeq), 0.0);  // of a family that is not there
  EXPECT_EQ(FamilySet{Family::kRps}.with(Family::kGed), families);
  EXPECT_EQ(families.with(Family::kGed), families);
}

TEST(Scores, BelongToOneFamilyAndHaveNamesOfTheirOwnInIt) {
  std::set<std::pair<Family, std::string_view>> names;
  for (std::size_t s = 0; s < kScores; ++s) {
    const auto score = static_cast<Score>(s);
    names.emplace(family_of(score), name_of(score));
  }
  EXPECT_EQ(names.size(), kScores - 4);  // both profiles of AGS have the same four
  EXPECT_EQ(family_of(Score::kCalibratedAgs), Family::kAgs);
  EXPECT_EQ(family_of(Score::kCoverage), Family::kRps);
  EXPECT_EQ(family_of(Score::kGedAtMost), Family::kGed);
}

TEST(Scores, OfFamiliesThatAreNotThereAreUndefined) {
  const FamilySet families{Family::kAgs};
  const std::vector<double> sums(families.columns(), 2.0);
  EXPECT_EQ(derive(Score::kSSeq, families, sums), 1.0);
  for (const Score score :
       {Score::kOverall, Score::kPooled, Score::kCoverage, Score::kBigram, Score::kGed}) {
    EXPECT_EQ(derive(score, families, sums), std::nullopt);
    EXPECT_EQ(tasks_behind(score, families, sums), 0.0);
  }
}

}  // namespace
}  // namespace agentecho
