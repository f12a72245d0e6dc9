#include "agentecho/readers/record_scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agentecho/base/random.h"
#include "support/sources.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = ScanProblem::Kind;

struct Record {
  std::string text;
  std::uint64_t number = 0;
  std::uint64_t byte = 0;
  bool operator==(const Record&) const = default;
};

struct Scanned {
  ContainerShape shape = ContainerShape::kEmpty;
  std::vector<Record> records;
  std::vector<ScanProblem> problems;
  std::string info;
  std::string index;

  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const Record& record : records) all.push_back(record.text);
    return all;
  }
  std::vector<Kind> kinds() const {
    std::vector<Kind> all;
    for (const ScanProblem& problem : problems) all.push_back(problem.kind);
    return all;
  }
};

Scanned scan(std::unique_ptr<ByteSource> source, ScanOptions options) {
  RecordScanner scanner(std::move(source), options);
  scanner.open();
  Scanned all;
  RecordBlock block;
  while (scanner.next(block, all.problems)) {
    EXPECT_FALSE(block.records.empty());
    for (const RecordSpan& span : block.records) {
      const std::string_view bytes = block.bytes_of(span);
      if (span.unfinished) continue;  // handed out for what may still stand in it
      all.records.push_back({std::string(bytes), span.number, span.byte});
      // The padding is readable.
      volatile char last = bytes.data()[bytes.size() + RecordBlock::kPadding - 1];
      (void)last;
    }
  }
  EXPECT_FALSE(scanner.next(block, all.problems));  // the end stays the end
  all.shape = scanner.shape();
  all.info = scanner.info_member();
  all.index = scanner.index_member();
  return all;
}

Scanned scan(std::string_view text, std::size_t piece = 1 << 20, ScanOptions options = {}) {
  return scan(memory_source(text, piece), options);
}

TEST(RecordScanner, ReadsTheElementsOfAnArray) {
  const Scanned all = scan("\n [ {\"a\":1} , {\"b\":[{}]},\n{}]\n");
  EXPECT_EQ(all.shape, ContainerShape::kArray);
  EXPECT_THAT(all.records, ElementsAre(Record{"{\"a\":1}", 0, 4}, Record{"{\"b\":[{}]}", 1, 14},
                                       Record{"{}", 2, 26}));
  EXPECT_THAT(all.problems, IsEmpty());
}

TEST(RecordScanner, ReadsResultsAndSimulationsInsideAnObject) {
  const Scanned results = scan(R"({"metrics":{"results":[1]},"results":[{"a":1},{}],"more":[{}]})");
  EXPECT_EQ(results.shape, ContainerShape::kResults);
  EXPECT_THAT(results.texts(), ElementsAre("{\"a\":1}", "{}"));
  EXPECT_THAT(results.problems, IsEmpty());

  for (const auto text : {R"({"info":{"x":[1]},"tasks":[{"messages":1}],"simulations":[{"a":1}]})",
                          R"({"tasks":[{}],"simulations":[{"a":1}],"info":{"x":[1]}})"}) {
    const Scanned simulations = scan(text, 3);
    EXPECT_EQ(simulations.shape, ContainerShape::kSimulations);
    EXPECT_THAT(simulations.texts(), ElementsAre("{\"a\":1}"));
    EXPECT_EQ(simulations.info, "{\"x\":[1]}");
    EXPECT_THAT(simulations.problems, IsEmpty());
  }
}

TEST(RecordScanner, AListOfOtherThingsIsNoListOfRecords) {
  EXPECT_EQ(scan(R"({"results":[1,2],"messages":[]})").shape, ContainerShape::kObjects);
  EXPECT_EQ(scan(R"({"results":{},"messages":[]})").shape, ContainerShape::kObjects);
  // A trajectory that has "results" behind its messages is one record.
  EXPECT_THAT(scan(R"({"messages":[],"results":[{}]})").texts(),
              ElementsAre(R"({"messages":[],"results":[{}]})"));
}

TEST(RecordScanner, ReadsTheIndexOfAFolder) {
  const Scanned all = scan(R"({"info":{},"simulation_index":[{"id":"x"}],"simulations":[]})");
  EXPECT_EQ(all.index, "[{\"id\":\"x\"}]");
  EXPECT_THAT(all.records, IsEmpty());
  EXPECT_THAT(all.problems, IsEmpty());
}

TEST(RecordScanner, ReadsObjectsOnLinesOfTheirOwnOrNot) {
  for (const auto text : {"{\"a\":1}\n{\"b\":2}\n", "{\"a\":1}\r\n\r\n{\"b\":2}",
                          "{\"a\":1}{\"b\":2}", "{\"a\":1} {\"b\":2}", "{\"a\":1},\n{\"b\":2}"}) {
    const Scanned all = scan(text);
    EXPECT_EQ(all.shape, ContainerShape::kObjects);
    EXPECT_THAT(all.texts(), ElementsAre("{\"a\":1}", "{\"b\":2}")) << text;
    EXPECT_THAT(all.problems, IsEmpty()) << text;
  }
  EXPECT_THAT(scan("{\n \"a\": 1\n}\n{\n \"b\": 2\n}").texts(),
              ElementsAre("{\n \"a\": 1\n}", "{\n \"b\": 2\n}"));
}

TEST(RecordScanner, SkipsAByteOrderMark) {
  for (const auto text : {"\xEF\xBB\xBF[{}]", "\xEF\xBB\xBF{}", "\xEF\xBB\xBF {}\n{}"}) {
    const Scanned all = scan(text, 1);
    ASSERT_FALSE(all.records.empty());
    EXPECT_EQ(all.records[0].text, "{}");
  }
  EXPECT_EQ(scan("\xEF\xBB\xBF[{}]").records[0].byte, 4u);
}

TEST(RecordScanner, OfNothingGivesNothing) {
  for (const auto text : {"", " \n\t ", "\xEF\xBB\xBF"}) {
    EXPECT_EQ(scan(text).shape, ContainerShape::kEmpty);
    EXPECT_THAT(scan(text).problems, IsEmpty());
  }
  EXPECT_EQ(scan("hello").shape, ContainerShape::kNotJson);
  EXPECT_EQ(scan("\"text\"").shape, ContainerShape::kNotJson);
  EXPECT_EQ(scan("[]").shape, ContainerShape::kArray);
  EXPECT_THAT(scan("[]").problems, IsEmpty());
}

TEST(RecordScanner, ADamagedLineCostsOnlyItself) {
  const Scanned all = scan("{\"a\":1}\n{\"b\":[}}}\n[1]\n{\"c\":\"\n{\"d\":1}\n");
  EXPECT_THAT(all.texts(), ElementsAre("{\"a\":1}", "{\"b\":[}}}", "{\"c\":\"", "{\"d\":1}"));
  EXPECT_THAT(all.kinds(), ElementsAre(Kind::kUnexpectedBytes));
  EXPECT_EQ(all.problems[0].record, 2u);
  EXPECT_EQ(all.problems[0].byte, 18u);
  EXPECT_EQ(all.records[3].number, 4u);
}

TEST(RecordScanner, ReportsWhatStandsBetweenRecords) {
  const Scanned all = scan(R"([{"a":1}, 17, "text", [{}], {"b":2}])");
  EXPECT_THAT(all.texts(), ElementsAre("{\"a\":1}", "{\"b\":2}"));
  EXPECT_THAT(all.kinds(),
              ElementsAre(Kind::kUnexpectedBytes, Kind::kUnexpectedBytes, Kind::kUnexpectedBytes));
  EXPECT_EQ(all.problems[1].record, 2u);
  EXPECT_EQ(all.problems[1].byte, 14u);
  EXPECT_EQ(all.records[1].number, 4u);
}

TEST(RecordScanner, ReportsWhatStandsBehindTheDocument) {
  const Scanned all = scan("[{}] trailing");
  EXPECT_THAT(all.texts(), ElementsAre("{}"));
  EXPECT_THAT(all.kinds(), ElementsAre(Kind::kUnexpectedBytes));
  EXPECT_EQ(all.problems[0].byte, 5u);
}

TEST(RecordScanner, ReadsListsOneAfterTheOther) {
  for (const std::size_t piece : {1, 3, 1 << 20}) {
    const Scanned all = scan("[{\"a\":1},{\"b\":2}]\n[{\"messages\":3}]\n[]", piece);
    EXPECT_THAT(all.texts(), ElementsAre("{\"a\":1}", "{\"b\":2}", "{\"messages\":3}"));
    EXPECT_THAT(all.problems, IsEmpty());
    EXPECT_EQ(all.records[2].number, 2u);
    // A list of something else is none of them.
    EXPECT_THAT(scan("[{\"a\":1}]\n[{\"c\":3},{}]", piece).problems[0].count, 2u);
  }
}

// They may be of another model than the first's.
TEST(RecordScanner, CountsTheRecordsOfASecondDocument) {
  const std::string first = R"({"info":{"agent":"a"},"results":[{"messages":[]}]})";
  for (const std::size_t piece : {1, 3, 1 << 20}) {
    const Scanned all = scan(
        first + R"({"info":{"agent":"b"},"results":[{"messages":[1]},{"messages":[2]}]})", piece);
    EXPECT_THAT(all.texts(), ElementsAre(R"({"messages":[]})"));
    ASSERT_THAT(all.kinds(), ElementsAre(Kind::kUnexpectedBytes));
    EXPECT_EQ(all.problems[0].count, 2u);
    EXPECT_EQ(all.problems[0].byte, first.size());
    EXPECT_EQ(all.info, R"({"agent":"a"})");
    const Scanned three =
        scan(first + first + "[{\"x\":1},{\"x\":2}] {\"messages\":[]} " + first + "{", piece);
    ASSERT_THAT(three.kinds(), ElementsAre(Kind::kUnexpectedBytes));
    EXPECT_EQ(three.problems[0].count, 5u);
  }
}

TEST(RecordScanner, KeepsWhatCameBeforeTheCutAtEveryByte) {
  const std::string records[] = {R"({"a":"x\"}]y"})", R"({"b":[1,{"c":2}]})", R"({"d":{}})"};
  const std::string documents[] = {"[" + records[0] + ", " + records[1] + ", " + records[2] + "]",
                                   R"({"info":{"k":"v"},"simulations":[)" + records[0] + "," +
                                       records[1] + "," + records[2] + R"(],"more":{"x":[1]}})"};
  for (const std::string& whole : documents) {
    ASSERT_THAT(scan(whole).problems, IsEmpty());
    const std::size_t list = whole.find(records[0]);
    for (std::size_t cut = list; cut < whole.size(); ++cut) {
      for (const std::size_t piece : {std::size_t{1}, std::size_t{13}, whole.size()}) {
        const Scanned all = scan(std::string_view(whole).substr(0, cut), piece);
        std::size_t complete = 0;
        for (const std::string& record : records) {
          complete += whole.find(record) + record.size() <= cut ? 1 : 0;
        }
        ASSERT_EQ(all.records.size(), complete) << whole.substr(0, cut);
        ASSERT_THAT(all.kinds(), ElementsAre(Kind::kTruncated)) << whole.substr(0, cut);
        ASSERT_LE(all.problems[0].byte, cut);
        ASSERT_GE(all.problems[0].byte, cut == list ? 0 : list);
      }
    }
  }
}

TEST(RecordScanner, ACutInsideObjectsIsReported) {
  const std::string whole = "{\n\"a\":1}\n{\n\"b\":[2]}";
  for (std::size_t cut = 10; cut < whole.size(); ++cut) {
    const Scanned all = scan(std::string_view(whole).substr(0, cut));
    ASSERT_THAT(all.texts(), ElementsAre("{\n\"a\":1}"));
    ASSERT_THAT(all.kinds(), ElementsAre(Kind::kTruncated)) << cut;
    ASSERT_EQ(all.problems[0].record, 1u);
    ASSERT_EQ(all.problems[0].byte, 9u);
  }
}

TEST(RecordScanner, PassesOverRecordsAboveTheLimit) {
  const std::string large = "{\"x\":\"" + std::string(5000, 'y') + "\"}";
  const ScanOptions options{false, 100};
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{64}, std::size_t{97}, std::size_t{10000}}) {
    for (const std::string& text :
         {"[{\"a\":1}," + large + ",{\"b\":2}]", "{\n\"a\":1}" + large + "{\"b\":2}",
          "{\"a\":1}\n" + large + "\n{\"b\":2}\n"}) {
      const Scanned all = scan(text, piece, options);
      ASSERT_EQ(all.records.size(), 2u) << piece << text.substr(0, 20);
      EXPECT_EQ(all.records[1].text, "{\"b\":2}");
      EXPECT_EQ(all.records[1].number, 2u);
      EXPECT_EQ(all.records[1].byte, text.find("{\"b\""));
      EXPECT_THAT(all.kinds(), ElementsAre(Kind::kTooLarge));
      EXPECT_EQ(all.problems[0].record, 1u);
      EXPECT_EQ(all.problems[0].byte, text.find(large));
    }
  }
}

TEST(RecordScanner, ALargeRecordThatIsCutIsReportedOnceAsEach) {
  const std::string text = "[{\"x\":\"" + std::string(5000, 'y');
  const Scanned all = scan(text, 97, {false, 100});
  EXPECT_THAT(all.records, IsEmpty());
  EXPECT_THAT(all.kinds(), ElementsAre(Kind::kTooLarge, Kind::kTruncated));
}

TEST(RecordScanner, AReadErrorIsReportedBehindTheRecordsBeforeIt) {
  const Scanned all = scan(std::make_unique<testing::FailingSource>("[{\"a\":1},{\"b\":"), {});
  EXPECT_THAT(all.texts(), ElementsAre("{\"a\":1}"));
  ASSERT_FALSE(all.problems.empty());
  EXPECT_EQ(all.problems[0].kind, Kind::kUnreadable);
  EXPECT_EQ(all.problems[0].message, "the disk is gone");
  EXPECT_EQ(all.problems[0].byte, 14u);
}

TEST(RecordScanner, HandsOutManyBlocks) {
  std::string text = "[";
  std::vector<std::string> expected;
  for (int i = 0; i < 400; ++i) {
    expected.push_back("{\"n\":" + std::to_string(i) + ",\"x\":\"" + std::string(9973, 'z') +
                       "\"}");
    text += i > 0 ? ", " : "";
    text += expected.back();
  }
  text += "]";
  for (const std::size_t piece : {std::size_t{4093}, std::size_t{1} << 20, text.size()}) {
    const Scanned all = scan(text, piece);
    ASSERT_EQ(all.texts(), expected);
    EXPECT_THAT(all.problems, IsEmpty());
    for (const Record& record : all.records) {
      ASSERT_EQ(text.compare(record.byte, record.text.size(), record.text), 0);
    }
  }
}

// Random bytes in every piece size: never a crash, always the same answer, every record in place.
// One input after the other in the memory of a block, as files are read.
TEST(RecordScanner, MayUseTheMemoryOfABlock) {
  RecordBlock block;
  for (const std::size_t size : {10, 300'000, 20, 2'000'000, 5'000'000, 30, 700'000, 40}) {
    std::string text = "[";
    for (int i = 0; i < 5; ++i) {
      if (i > 0) text += ",";
      text += "{\"text\":\"" + std::string(size, static_cast<char>('a' + i)) + "\"}";
    }
    text += "]";
    RecordScanner scanner(memory_source(text, 1 << 20), {}, block);
    scanner.open();
    std::vector<std::string> texts;
    std::vector<ScanProblem> problems;
    while (scanner.next(block, problems)) {
      for (const RecordSpan& span : block.records) texts.emplace_back(block.bytes_of(span));
    }
    EXPECT_EQ(texts, scan(text).texts()) << size;
    EXPECT_THAT(problems, IsEmpty());
    EXPECT_EQ(scanner.bytes_read(), text.size());
  }
}

TEST(RecordScanner, DoesNotDependOnThePieceSize) {
  static constexpr std::string_view kPieces[] = {"{",         "}",
                                                 "[",         "]",
                                                 "\"",        "\\",
                                                 ",",         ":",
                                                 "\n",        " ",
                                                 "{}",        "{}",
                                                 "\"a\"",     "\"results\"",
                                                 "\"info\"",  "[{",
                                                 "}]",        "1",
                                                 "\r\n",      "\\\"",
                                                 "x",         "\"simulations\":[",
                                                 "{\"a\":1}", "{\"b\":[{}]}",
                                                 "null"};
  Rng rng(5);
  for (int round = 0; round < 300; ++round) {
    std::string text = rng.chance(0.4) ? "[" : "{";
    for (std::uint64_t i = rng.below(40); i > 0; --i) {
      text += kPieces[rng.below(std::size(kPieces))];
      if (rng.chance(0.03)) text.append(rng.below(80), 'q');
    }
    const ScanOptions options{rng.chance(0.3), rng.chance(0.3) ? 30u : 1u << 30};
    const Scanned expected = scan(text, text.size(), options);
    for (const Record& record : expected.records) {
      ASSERT_EQ(text.compare(record.byte, record.text.size(), record.text), 0) << text;
      ASSERT_EQ(record.text.front(), '{') << text;
    }
    for (std::size_t piece = 1; piece <= 97; piece += 1 + rng.below(4)) {
      const Scanned found = scan(text, piece, options);
      ASSERT_EQ(found.records, expected.records) << piece << "\n" << text;
      ASSERT_EQ(found.kinds(), expected.kinds())
          << piece << (options.lines ? " lines " : " ") << options.max_record_bytes << "\n"
          << text;
      ASSERT_EQ(found.shape, expected.shape);
      ASSERT_EQ(found.info, expected.info);
    }
  }
}

}  // namespace
}  // namespace agentecho
