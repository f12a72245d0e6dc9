#include "agentecho/readers/byte_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/compress.h"
#include "support/sources.h"
#include "support/temp_folder.h"

namespace agentecho {
namespace {

using testing::gzipped;
using ::testing::HasSubstr;
using testing::read_all;
using testing::zstd_compressed;

Result<std::string> content_of(std::string_view stored, std::size_t piece = 1 << 20,
                               Hasher* hasher = nullptr) {
  auto bytes = memory_source(stored, piece);
  if (hasher != nullptr) bytes = hashed(std::move(bytes), *hasher);
  auto source = decompressed(std::move(bytes));
  if (!source) return Unexpected(source.error());
  return read_all(**source, 777);
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 8000; ++i) text += std::to_string(i * 7919) + ' ';
  return text;
}

TEST(Decompressed, GivesPlainBytesAsTheyAre) {
  for (const std::string text : {"", "a", "abc", "abcd", "[1, 2]", "\x1f", "\x28\xb5\x2f"}) {
    EXPECT_EQ(content_of(text).value(), text);
    EXPECT_EQ(content_of(text, 1).value(), text);
  }
}

TEST(Decompressed, ReadsGzipAndZstdInPiecesOfAnySize) {
  const std::string text = long_text();
  for (const std::size_t piece : {1, 2, 3, 97, 1 << 20}) {
    EXPECT_EQ(content_of(gzipped(text), piece).value(), text) << piece;
    EXPECT_EQ(content_of(zstd_compressed(text), piece).value(), text) << piece;
  }
  EXPECT_EQ(content_of(gzipped("")).value(), "");
  EXPECT_EQ(content_of(zstd_compressed("")).value(), "");
}

TEST(Decompressed, ReadsSeveralMembersAndFrames) {
  EXPECT_EQ(content_of(gzipped("one ") + gzipped("two"), 5).value(), "one two");
  EXPECT_EQ(content_of(zstd_compressed("one ") + zstd_compressed("two"), 5).value(), "one two");
}

// "one " and "two" as bzip2 and xz write them.
using namespace std::string_literals;
const std::string kBzip2One =
    "\102\132\150\071\061\101\131\046\123\131\317\272\240\264\000\000\001\221\000\100\000\002\001\240\000\041\232\150\063\115\014\274\135\311\024\341\102\103\076\352\202\320"s;
const std::string kBzip2Two =
    "\102\132\150\071\061\101\131\046\123\131\315\334\215\232\000\000\000\201\200\000\000\204\200\040\000\041\230\031\204\141\167\044\123\205\011\014\335\310\331\240"s;
const std::string kXzOne =
    "\375\067\172\130\132\000\000\004\346\326\264\106\002\000\041\001\026\000\000\000\164\057\345\243\001\000\003\157\156\145\040\000\132\214\203\243\061\065\357\176\000\001\034\004\157\054\234\301\037\266\363\175\001\000\000\000\000\004\131\132"s;
const std::string kXzTwo =
    "\375\067\172\130\132\000\000\004\346\326\264\106\002\000\041\001\026\000\000\000\164\057\345\243\001\000\002\164\167\157\000\000\135\323\171\051\165\050\122\003\000\001\033\003\013\057\271\020\037\266\363\175\001\000\000\000\000\004\131\132"s;

TEST(Decompressed, ReadsSeveralStreamsOfBzip2AndXz) {
  EXPECT_EQ(content_of(kBzip2One).value(), "one ");
  EXPECT_EQ(content_of(kBzip2One + kBzip2Two, 5).value(), "one two");
  EXPECT_EQ(content_of(kXzOne + kXzTwo, 5).value(), "one two");
}

// libarchive ends at the first bytes that begin no stream, and says nothing of them.
TEST(Decompressed, BytesBehindTheLastStreamAreAnError) {
  std::string damaged = kBzip2One + kBzip2Two;
  damaged[kBzip2One.size()] = 'X';
  for (const std::string& stored :
       {damaged, kBzip2One + "\0\0\0\0"s + kBzip2Two, kXzOne + "more"}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 20}) {
      const auto content = content_of(stored, piece);
      ASSERT_FALSE(content) << piece;
      EXPECT_EQ(content.error().kind, ErrorKind::kInput);
      EXPECT_THAT(content.error().message, HasSubstr("the compressed data")) << piece;
    }
  }
}

TEST(Decompressed, ATruncatedFileIsAnErrorAfterItsBytes) {
  const std::string text = long_text();
  for (const std::string& stored : {gzipped(text), zstd_compressed(text)}) {
    const auto content = content_of(stored.substr(0, stored.size() / 2));
    ASSERT_FALSE(content);
    EXPECT_EQ(content.error().kind, ErrorKind::kInput);
    EXPECT_THAT(content.error().message, HasSubstr("end early"));
    EXPECT_FALSE(content_of(stored.substr(0, stored.size() - 1)));
  }
}

TEST(Decompressed, ADamagedFileIsAnError) {
  for (std::string stored : {gzipped(long_text()), zstd_compressed(long_text())}) {
    for (std::size_t i = 10; i < 400; ++i) stored[i] = static_cast<char>(stored[i] ^ 0x55);
    EXPECT_FALSE(content_of(stored));
  }
}

TEST(Decompressed, ShowsEveryStoredByteToTheHasher) {
  for (const std::string& stored :
       {std::string("plain text"), gzipped(long_text()), zstd_compressed(long_text())}) {
    Hasher hasher;
    ASSERT_TRUE(content_of(stored, 1000, &hasher));
    EXPECT_EQ(hasher.digest(), digest_of(stored));
    EXPECT_EQ(hasher.size(), stored.size());
  }
}

TEST(Decompressed, NamesUtf16AndSaysHowToConvertIt) {
  using namespace std::string_view_literals;
  for (const std::string_view text : {"\xff\xfe{\0}\0"sv, "\xfe\xff\0{\0}"sv}) {
    const auto source = decompressed(memory_source(text));
    ASSERT_FALSE(source.has_value());
    EXPECT_NE(source.error().message.find("UTF-16"), std::string::npos);
    EXPECT_NE(source.error().hint.find("iconv"), std::string::npos);
  }
}

TEST(Decompressed, NamesUtf32) {
  for (const std::string& text :
       {"\xff\xfe\0\0{\0\0\0"s, "\0\0\xfe\xff\0\0\0{"s, "[\0\0\0"s, "\0\0\0["s}) {
    const auto source = decompressed(memory_source(text));
    ASSERT_FALSE(source.has_value());
    EXPECT_THAT(source.error().message, HasSubstr("UTF-32"));
  }
}

TEST(Decompressed, PassesErrorsOn) {
  for (const std::string& stored : {std::string("abcdefgh"), std::string("a")}) {
    auto source = decompressed(std::make_unique<testing::FailingSource>(stored));
    const auto content =
        source ? read_all(**source) : Result<std::string>(Unexpected(source.error()));
    ASSERT_FALSE(content);
    EXPECT_EQ(content.error().message, "the disk is gone");
  }
}

TEST(OpenFile, SaysWhichFileAndWhy) {
  const auto missing = open_file("/nonexistent/file");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("/nonexistent/file: cannot open: No such file"));
}

TEST(DigestOfFile, IsThatOfItsStoredBytes) {
  const testing::TempFolder folder;
  const auto digest = digest_of_file(folder.write("f", "some bytes"));
  ASSERT_TRUE(digest);
  EXPECT_EQ(digest->first, digest_of("some bytes"));
  EXPECT_EQ(digest->second, 10u);
  EXPECT_FALSE(digest_of_file(folder.path("missing")));
  EXPECT_FALSE(digest_of_file(folder.path()));  // a folder has no bytes
}

}  // namespace
}  // namespace agentecho
