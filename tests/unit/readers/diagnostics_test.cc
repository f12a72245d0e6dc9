#include "agentecho/readers/diagnostics.h"

#include <gtest/gtest.h>

#include <set>

namespace agentecho {
namespace {

Diagnostic of(DiagnosticKind kind, std::string message = "text") {
  return {kind, "file", 1, 2, std::move(message), {}};
}

TEST(Diagnostics, CountEverythingAndKeepTheFirstOfEachKind) {
  Diagnostics all;
  for (int i = 0; i < 150; ++i) {
    all.add(of(DiagnosticKind::kDuplicate, std::to_string(i)));
  }
  all.add(of(DiagnosticKind::kTruncated), 5);
  EXPECT_EQ(all.count(DiagnosticKind::kDuplicate), 150u);
  EXPECT_EQ(all.count(DiagnosticKind::kTruncated), 5u);
  EXPECT_EQ(all.kept().size(), Diagnostics::kKeptPerKind + 1);
  EXPECT_EQ(all.kept().front().message, "0");
  EXPECT_EQ(all.losses(), 5u);
}

TEST(Diagnostics, MergeInOrder) {
  Diagnostics all;
  all.add(of(DiagnosticKind::kDuplicate, "first"));
  Diagnostics more;
  for (int i = 0; i < 120; ++i) more.add(of(DiagnosticKind::kDuplicate, "later"));
  all.merge(std::move(more));
  EXPECT_EQ(all.count(DiagnosticKind::kDuplicate), 121u);
  EXPECT_EQ(all.kept().size(), Diagnostics::kKeptPerKind);
  EXPECT_EQ(all.kept().front().message, "first");
}

TEST(Diagnostic, SaysFileRecordByteAndHint) {
  EXPECT_EQ(to_string({DiagnosticKind::kMalformedRecord, "a.json", 17, 48213, "no name", ""}),
            "a.json: record 17, byte 48213: no name");
  EXPECT_EQ(to_string({DiagnosticKind::kTruncated, "a.json", {}, 5, "cut", "copy it again"}),
            "a.json: byte 5: cut (copy it again)");
  EXPECT_EQ(to_string({DiagnosticKind::kIndexMismatch, "a.json", {}, {}, "odd", ""}),
            "a.json: odd");
}

TEST(DiagnosticKind, EachHasASlugAndADescriptionOfItsOwn) {
  std::set<std::string_view> slugs;
  std::set<std::string_view> descriptions;
  for (std::size_t i = 0; i < kDiagnosticKinds; ++i) {
    slugs.insert(slug_of(static_cast<DiagnosticKind>(i)));
    descriptions.insert(description_of(static_cast<DiagnosticKind>(i)));
  }
  EXPECT_EQ(slugs.size(), kDiagnosticKinds);
  EXPECT_EQ(descriptions.size(), kDiagnosticKinds);
  EXPECT_FALSE(slugs.contains(""));
  EXPECT_EQ(slug_of(DiagnosticKind::kFormatNote), "format_note");
}

}  // namespace
}  // namespace agentecho
