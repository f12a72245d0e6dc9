// Tables in Apache Arrow's layout, made of JSON objects: columns have the names and types that a
// schema says. They are handed to other libraries of the same process through Arrow's C stream
// interface (https://arrow.apache.org/docs/format/CStreamInterface.html), without a copy, and
// written as Arrow IPC files (https://arrow.apache.org/docs/format/Columnar.html).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"

struct ArrowArrayStream;  // as the C stream interface defines it

namespace agentecho::arrow {

enum class Kind : std::uint8_t {
  kText,    // UTF-8
  kWhole,   // 64 bits, signed
  kNumber,  // double precision; null where undefined
  kBool,
  kList,    // parts: one, the element
  kStruct,  // parts: its members
};

struct Field {
  std::string name;
  Kind kind = Kind::kText;
  std::vector<Field> parts = {};
};

struct Schema {
  std::vector<Field> columns;
  std::string version;  // metadata "schema_version"; empty: none
};

struct Batches;

class Table {
 public:
  explicit Table(std::shared_ptr<const Batches> batches) : batches_(std::move(batches)) {}

  const Schema& schema() const;
  std::size_t rows() const;
  // Writes a stream of all rows to `*out`, which the receiver releases. The table may be exported
  // again and may go before the stream does; nothing is copied.
  void export_to(::ArrowArrayStream* out) const;

 private:
  std::shared_ptr<const Batches> batches_;
};

// Rows come one by one. Memory: that of the rows.
class TableBuilder {
 public:
  explicit TableBuilder(Schema schema);
  ~TableBuilder();
  TableBuilder(TableBuilder&&) noexcept;

  // A JSON object; a member that is missing or null is null, members without a column are left out.
  // Error (kInput): a member of another kind than its column; the table is of no use then.
  Result<void> add(std::string_view json);
  Table finish() &&;

 private:
  friend class FileWriter;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Rows to an Arrow IPC file, a batch at a time, so that memory stays bounded.
class FileWriter {
 public:
  using Sink = std::function<Result<void>(std::string_view)>;
  FileWriter(Schema schema, Sink sink);
  ~FileWriter();

  // Errors: TableBuilder::add()'s, the sink's.
  Result<void> add(std::string_view json);
  Result<void> finish();  // to be called once, at the end

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace agentecho::arrow
