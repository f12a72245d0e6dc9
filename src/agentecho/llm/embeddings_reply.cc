#include "agentecho/llm/embeddings_reply.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "agentecho/llm/base64.h"

namespace agentecho::llm {

namespace {

Unexpected wrong(std::string message) { return fail(ErrorKind::kInput, std::move(message)); }

Result<std::vector<float>> read_numbers(const Json& list) {
  std::vector<float> vector;
  vector.reserve(list.size());
  for (const Json& value : list) {
    if (!value.is_number()) return wrong("an embedding holds something that is no number");
    vector.push_back(static_cast<float>(value.get<double>()));
  }
  return vector;
}

// The text that an entry belongs to: its index, or its place where no entry has one.
std::optional<std::size_t> place_of(const Json& entry, std::size_t position, bool indexed) {
  if (!indexed) return position;
  const auto index = integer_member(entry, "index");
  return index && *index >= 0 ? std::optional(static_cast<std::size_t>(*index)) : std::nullopt;
}

}  // namespace

Result<std::vector<float>> read_vector(const Json& value) {
  Result<std::vector<float>> vector;
  if (value.is_array()) {
    vector = read_numbers(value);
    if (!vector) return vector;
  } else {
    auto decoded = value.is_string() ? floats_of_base64(value.get_ref<const std::string&>())
                                     : std::optional<std::vector<float>>();
    if (!decoded) return wrong("an embedding is neither a list of numbers nor base64 of floats");
    vector = std::move(*decoded);
  }
  if (vector->empty() || vector->size() > kMaxDimension) {
    return wrong(fmt::format("an embedding has {} dimensions", vector->size()));
  }
  if (!std::all_of(vector->begin(), vector->end(), [](float x) { return std::isfinite(x); })) {
    return wrong("an embedding holds a number that is not finite");
  }
  return vector;
}

Result<Embeddings> read_embeddings(const Json& body, std::size_t count) {
  const Json* data = member(body, "data");
  if (data == nullptr || !data->is_array()) return wrong("the reply has no list \"data\"");
  if (data->size() != count) {
    return wrong(fmt::format("the reply has {} embeddings for {} texts", data->size(), count));
  }
  const bool indexed = std::any_of(data->begin(), data->end(), [](const Json& entry) {
    return member(entry, "index") != nullptr;
  });
  Embeddings embeddings(count);
  for (std::size_t position = 0; position < count; ++position) {
    const Json& entry = (*data)[position];
    const auto place = place_of(entry, position, indexed);
    if (!place || *place >= count || !embeddings[*place].empty()) {
      return wrong("the indices of the embeddings are not those of the texts");
    }
    const Json* value = member(entry, "embedding");
    if (value == nullptr) return wrong("an entry of \"data\" has no embedding");
    auto vector = read_vector(*value);
    if (!vector) return tl::unexpected(vector.error());
    embeddings[*place] = std::move(*vector);
  }
  const bool same = std::all_of(embeddings.begin(), embeddings.end(), [&](const auto& vector) {
    return vector.size() == embeddings.front().size();
  });
  if (!same) return wrong("the embeddings differ in dimension");
  return embeddings;
}

}  // namespace agentecho::llm
