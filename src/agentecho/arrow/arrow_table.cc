#include "agentecho/arrow/arrow_table.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <cstring>
#include <nanoarrow/nanoarrow.hpp>
#include <nanoarrow/nanoarrow_ipc.hpp>
#include <utility>

namespace agentecho::arrow {

namespace dom = simdjson::dom;

namespace {

// A batch is closed when it has so many rows, or its JSON so many bytes: offsets have 31 bits.
constexpr std::size_t kRowsOfBatch = 8192;
constexpr std::size_t kBytesOfBatch = std::size_t{64} << 20;

// Only memory can be short here.
void check(ArrowErrorCode code) {
  if (code != NANOARROW_OK) throw std::bad_alloc();
}

ArrowType type_of(Kind kind) {
  constexpr ArrowType kTypes[] = {NANOARROW_TYPE_STRING, NANOARROW_TYPE_INT64,
                                  NANOARROW_TYPE_DOUBLE, NANOARROW_TYPE_BOOL,
                                  NANOARROW_TYPE_LIST,   NANOARROW_TYPE_STRUCT};
  return kTypes[static_cast<std::size_t>(kind)];
}

// `schema` is initialised, without a type.
void describe(const Field& field, ArrowSchema* schema) {
  if (field.kind == Kind::kStruct) {
    check(ArrowSchemaSetTypeStruct(schema, static_cast<std::int64_t>(field.parts.size())));
    for (std::size_t i = 0; i < field.parts.size(); ++i) {
      describe(field.parts[i], schema->children[i]);
    }
  } else {
    check(ArrowSchemaSetType(schema, type_of(field.kind)));
    if (field.kind == Kind::kList) describe(field.parts.front(), schema->children[0]);
  }
  check(ArrowSchemaSetName(schema, field.name.c_str()));
}

nanoarrow::UniqueSchema make_schema(const Schema& schema) {
  nanoarrow::UniqueSchema made;
  ArrowSchemaInit(made.get());
  describe({"", Kind::kStruct, schema.columns}, made.get());
  if (!schema.version.empty()) {
    nanoarrow::UniqueBuffer metadata;
    check(ArrowMetadataBuilderInit(metadata.get(), nullptr));
    check(ArrowMetadataBuilderAppend(metadata.get(), ArrowCharView("schema_version"),
                                     ArrowCharView(schema.version.c_str())));
    check(ArrowSchemaSetMetadata(made.get(), reinterpret_cast<const char*>(metadata->data)));
  }
  return made;
}

// Throws simdjson::simdjson_error where the value is of another kind.
void append(const Field& field, const dom::element& value, ArrowArray* to);

void append_member(const Field& field, const dom::element& object, ArrowArray* to) {
  dom::element value;
  const simdjson::error_code error = object[field.name].get(value);
  if (error == simdjson::NO_SUCH_FIELD) {
    check(ArrowArrayAppendNull(to, 1));
    return;
  }
  if (error) throw simdjson::simdjson_error(error);
  append(field, value, to);
}

void append(const Field& field, const dom::element& value, ArrowArray* to) {
  if (value.is_null()) {
    check(ArrowArrayAppendNull(to, 1));
    return;
  }
  switch (field.kind) {
    case Kind::kText: {
      const std::string_view text = value.get_string();
      check(ArrowArrayAppendString(to, {text.data(), static_cast<std::int64_t>(text.size())}));
      break;
    }
    case Kind::kWhole:
      check(ArrowArrayAppendInt(to, value.get_int64()));
      break;
    case Kind::kNumber:
      check(ArrowArrayAppendDouble(to, value.get_double()));
      break;
    case Kind::kBool:
      check(ArrowArrayAppendInt(to, value.get_bool() ? 1 : 0));
      break;
    case Kind::kList:
      for (const dom::element element : value.get_array()) {
        append(field.parts.front(), element, to->children[0]);
      }
      check(ArrowArrayFinishElement(to));
      break;
    case Kind::kStruct:
      for (std::size_t i = 0; i < field.parts.size(); ++i) {
        append_member(field.parts[i], value, to->children[i]);
      }
      check(ArrowArrayFinishElement(to));
      break;
  }
}

// A column whose value in the object is of another kind; empty when there is none.
std::string wrong_column(const Schema& schema, const dom::element& row) {
  for (const Field& column : schema.columns) {
    try {
      Schema one{{column}, {}};
      nanoarrow::UniqueArray array;
      check(ArrowArrayInitFromSchema(array.get(), make_schema(one).get(), nullptr));
      check(ArrowArrayStartAppending(array.get()));
      append_member(column, row, array->children[0]);
    } catch (const simdjson::simdjson_error&) {
      return column.name;
    }
  }
  return {};
}

}  // namespace

struct Batches {
  Schema schema;
  nanoarrow::UniqueSchema described;
  std::vector<nanoarrow::UniqueArray> arrays;
  std::size_t rows = 0;
};

namespace {

// An array that looks into another one, which `owner` keeps.
struct Shared {
  std::shared_ptr<const Batches> owner;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
};

void release_shared(ArrowArray* array) {
  auto* const shared = static_cast<Shared*>(array->private_data);
  for (ArrowArray* child : shared->pointers) {
    if (child->release != nullptr) child->release(child);
  }
  delete shared;
  array->release = nullptr;
}

void share(const ArrowArray& from, const std::shared_ptr<const Batches>& owner, ArrowArray* to) {
  auto* const shared = new Shared{owner, {}, {}};
  const auto n = static_cast<std::size_t>(from.n_children);
  shared->children.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    share(*from.children[i], owner, &shared->children[i]);
    shared->pointers.push_back(&shared->children[i]);
  }
  *to = from;
  to->children = n == 0 ? nullptr : shared->pointers.data();
  to->private_data = shared;
  to->release = &release_shared;
}

struct SharedStream {
  std::shared_ptr<const Batches> batches;
  std::size_t next = 0;
};

int schema_of_stream(ArrowArrayStream* stream, ArrowSchema* out) {
  const auto* const shared = static_cast<const SharedStream*>(stream->private_data);
  return ArrowSchemaDeepCopy(shared->batches->described.get(), out);
}

int next_of_stream(ArrowArrayStream* stream, ArrowArray* out) {
  auto* const shared = static_cast<SharedStream*>(stream->private_data);
  if (shared->next == shared->batches->arrays.size()) {
    std::memset(out, 0, sizeof *out);
    return 0;
  }
  share(*shared->batches->arrays[shared->next++].get(), shared->batches, out);
  return 0;
}

}  // namespace

const Schema& Table::schema() const { return batches_->schema; }
std::size_t Table::rows() const { return batches_->rows; }

void Table::export_to(::ArrowArrayStream* out) const {
  out->private_data = new SharedStream{batches_};
  out->get_schema = &schema_of_stream;
  out->get_next = &next_of_stream;
  out->get_last_error = [](ArrowArrayStream*) -> const char* { return nullptr; };
  out->release = [](ArrowArrayStream* stream) {
    delete static_cast<SharedStream*>(stream->private_data);
    stream->release = nullptr;
  };
}

struct TableBuilder::Impl {
  std::shared_ptr<Batches> batches = std::make_shared<Batches>();
  dom::parser parser;
  nanoarrow::UniqueArray open;  // the batch at hand
  std::size_t open_rows = 0;
  std::size_t open_bytes = 0;

  void start() {
    check(ArrowArrayInitFromSchema(open.get(), batches->described.get(), nullptr));
    check(ArrowArrayStartAppending(open.get()));
    open_rows = open_bytes = 0;
  }

  Result<void> add(std::string_view json) {
    dom::element row;
    if (const auto error = parser.parse(json.data(), json.size()).get(row)) {
      return fail(ErrorKind::kInput, fmt::format("not a row: {}", simdjson::error_message(error)));
    }
    const Schema& schema = batches->schema;
    try {
      for (std::size_t c = 0; c < schema.columns.size(); ++c) {
        append_member(schema.columns[c], row, open->children[c]);
      }
    } catch (const simdjson::simdjson_error& error) {
      return fail(ErrorKind::kInput, fmt::format("not a row of this table: column \"{}\": {}",
                                                 wrong_column(schema, row), error.what()));
    }
    check(ArrowArrayFinishElement(open.get()));
    ++open_rows;
    open_bytes += json.size();
    return {};
  }

  bool full() const { return open_rows >= kRowsOfBatch || open_bytes >= kBytesOfBatch; }

  // The batch at hand, closed; the next one is begun.
  nanoarrow::UniqueArray close() {
    check(ArrowArrayFinishBuildingDefault(open.get(), nullptr));
    nanoarrow::UniqueArray closed(std::move(open));
    batches->rows += open_rows;
    start();
    return closed;
  }
};

TableBuilder::TableBuilder(Schema schema) : impl_(std::make_unique<Impl>()) {
  impl_->batches->described = make_schema(schema);
  impl_->batches->schema = std::move(schema);
  impl_->start();
}
TableBuilder::~TableBuilder() = default;
TableBuilder::TableBuilder(TableBuilder&&) noexcept = default;

Result<void> TableBuilder::add(std::string_view json) {
  if (auto added = impl_->add(json); !added) return added;
  if (impl_->full()) impl_->batches->arrays.push_back(impl_->close());
  return {};
}

Table TableBuilder::finish() && {
  if (impl_->open_rows > 0) impl_->batches->arrays.push_back(impl_->close());
  return Table(std::move(impl_->batches));
}

struct FileWriter::Impl {
  TableBuilder builder;
  Sink sink;
  nanoarrow::UniqueBuffer bytes;
  nanoarrow::ipc::UniqueWriter writer;
  bool started = false;

  Impl(Schema schema, Sink to) : builder(std::move(schema)), sink(std::move(to)) {}

  TableBuilder::Impl& rows() { return *builder.impl_; }

  Result<void> hand_on() {
    const std::string_view text(reinterpret_cast<const char*>(bytes->data),
                                static_cast<std::size_t>(bytes->size_bytes));
    auto written = text.empty() ? Result<void>{} : sink(text);
    bytes->size_bytes = 0;
    return written;
  }

  void start() {
    if (std::exchange(started, true)) return;
    ArrowBufferInit(bytes.get());
    nanoarrow::ipc::UniqueOutputStream out;
    check(ArrowIpcOutputStreamInitBuffer(out.get(), bytes.get()));
    check(ArrowIpcWriterInit(writer.get(), out.get()));
    check(ArrowIpcWriterStartFile(writer.get(), nullptr));
    check(ArrowIpcWriterWriteSchema(writer.get(), rows().batches->described.get(), nullptr));
  }

  Result<void> write_batch() {
    start();
    const nanoarrow::UniqueArray batch = rows().close();
    nanoarrow::UniqueArrayView view;
    check(ArrowArrayViewInitFromSchema(view.get(), rows().batches->described.get(), nullptr));
    check(ArrowArrayViewSetArray(view.get(), batch.get(), nullptr));
    check(ArrowIpcWriterWriteArrayView(writer.get(), view.get(), nullptr));
    return hand_on();
  }
};

FileWriter::FileWriter(Schema schema, Sink sink)
    : impl_(std::make_unique<Impl>(std::move(schema), std::move(sink))) {}
FileWriter::~FileWriter() = default;

Result<void> FileWriter::add(std::string_view json) {
  if (auto added = impl_->rows().add(json); !added) return added;
  return impl_->rows().full() ? impl_->write_batch() : Result<void>{};
}

Result<void> FileWriter::finish() {
  impl_->start();
  if (impl_->rows().open_rows > 0) {
    if (auto written = impl_->write_batch(); !written) return written;
  }
  check(ArrowIpcWriterWriteArrayView(impl_->writer.get(), nullptr, nullptr));
  check(ArrowIpcWriterFinalizeFile(impl_->writer.get(), nullptr));
  return impl_->hand_on();
}

}  // namespace agentecho::arrow
