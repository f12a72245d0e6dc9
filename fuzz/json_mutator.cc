#include "json_mutator.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "agentecho/base/ordered_json.h"
#include "agentecho/base/random.h"

namespace agentecho::fuzz {

namespace {

constexpr std::size_t kDeepest = 100;  // a document that nests deeper is left to the bytes

// A document of a text and what stands before and after it.
struct Document {
  std::string before;
  Json json;
  std::string after;

  std::string text() const {
    return before + json.dump(-1, ' ', false, Json::error_handler_t::replace) + after;
  }
};

std::optional<Json> parsed(std::string_view text) {
  bool too_deep = false;
  const auto shallow = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || static_cast<std::size_t>(depth) > kDeepest;
    return !too_deep;
  };
  Json json = Json::parse(text, shallow, false);
  if (too_deep || !json.is_structured()) return std::nullopt;
  return json;
}

std::optional<Document> document_of(std::string_view text, Rng& rng) {
  const std::size_t start = text.find_first_of("{[");
  if (start == std::string_view::npos) return std::nullopt;
  if (auto json = parsed(text.substr(start))) {
    return Document{std::string(text.substr(0, start)), std::move(*json), ""};
  }
  std::vector<std::pair<std::size_t, std::size_t>> lines;  // beginnings of documents, ends of lines
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::size_t brace = text.find_first_of("{[", at);
    if (brace < end) lines.emplace_back(brace, end);
    at = end + 1;
  }
  if (lines.empty()) return std::nullopt;
  const auto [from, to] = lines[rng.below(lines.size())];
  auto json = parsed(text.substr(from, to - from));
  if (!json) return std::nullopt;
  return Document{std::string(text.substr(0, from)), std::move(*json),
                  std::string(text.substr(to))};
}

// A place in a document: the array or object, and the position in it.
struct Place {
  Json* parent = nullptr;
  std::size_t at = 0;

  auto member() const {
    return parent->get_ref<Json::object_t&>().begin() + static_cast<std::ptrdiff_t>(at);
  }
  Json& value() const { return parent->is_array() ? (*parent)[at] : member()->second; }
};

void gather(Json& json, std::vector<Place>& places) {
  for (std::size_t i = 0; i < json.size(); ++i) {
    places.push_back({&json, i});
    Json& value = places.back().value();
    if (value.is_structured()) gather(value, places);
  }
}

std::optional<Place> any_place(Json& json, Rng& rng) {
  std::vector<Place> places;
  gather(json, places);
  if (places.empty()) return std::nullopt;
  return places[rng.below(places.size())];
}

Json any_value(Rng& rng) {
  switch (rng.below(14)) {
    case 0:
      return nullptr;
    case 1:
      return rng.chance(0.5);
    case 2:
      return 0;
    case 3:
      return -1;
    case 4:
      return rng.bits();
    case 5:
      return 1e300 * rng.normal();
    case 6:
      return rng.uniform();
    case 7:
      return "";
    case 8:
      return "{\"a\": [1, \"two\"]}";
    case 9:
      return "\xEF\xBB\xBF \xE2\x80\xAE <script>\x1B[2J";
    case 10:
      return std::string(1 + rng.below(300), 'x');
    case 11:
      return Json::array();
    case 12:
      return Json::object();
    default:
      return Json::array({Json::array(), nullptr, "text", 7});
  }
}

void remove(const Place& place) {
  if (place.parent->is_array()) {
    place.parent->erase(place.at);
  } else {
    place.parent->get_ref<Json::object_t&>().erase(place.member());
  }
}

// Appended, and in objects under a key that is there already.
void repeat(const Place& place) {
  Json value = place.value();
  if (place.parent->is_array()) {
    place.parent->push_back(std::move(value));
  } else {
    const std::string key = place.member()->first;
    place.parent->get_ref<Json::object_t&>().emplace_back(key, std::move(value));
  }
}

// The member comes last then, under the key of another one or none.
void rename(const Place& place, const Place& other, Rng& rng) {
  if (place.parent->is_array() || other.parent->is_array()) return;
  const std::string key = rng.chance(0.1) ? "" : other.member()->first;
  Json value = std::move(place.value());
  remove(place);
  place.parent->get_ref<Json::object_t&>().emplace_back(key, std::move(value));
}

void change(Document& document, Rng& rng, const MutateBytes& bytes) {
  const auto place = any_place(document.json, rng);
  if (!place) {  // empty
    document.json = Json::array({any_value(rng)});
    return;
  }
  Json& value = place->value();
  switch (rng.below(9)) {
    case 0:
      return remove(*place);
    case 1:
      return repeat(*place);
    case 2:
      value = any_value(rng);
      return;
    case 3:
      value = Json(any_place(document.json, rng)->value());
      return;
    case 4:
      return rename(*place, *any_place(document.json, rng), rng);
    case 5:
      value = Json::array({Json(value)});
      return;
    case 6:
      value = Json{{rng.chance(0.5) ? "content" : "data", Json(value)}};
      return;
    case 7:
      if (!value.is_string()) {
        value = value.dump(-1, ' ', false, Json::error_handler_t::replace);
      } else if (auto inner = parsed(value.get_ref<const std::string&>())) {
        value = std::move(*inner);
      }
      return;
    default:
      if (value.is_string()) {
        bytes(value.get_ref<std::string&>());
      } else {
        value = any_value(rng);
      }
  }
}

}  // namespace

std::string mutated_json(std::string_view text, std::uint64_t seed, const MutateBytes& bytes) {
  Rng rng(seed);
  auto document = document_of(text, rng);
  if (!document) return "";
  change(*document, rng, bytes);
  return document->text();
}

std::string crossed_json(std::string_view text, std::string_view other, std::uint64_t seed) {
  Rng rng(seed);
  auto document = document_of(text, rng);
  auto source = document_of(other, rng);
  if (!document || !source) return "";
  const auto to = any_place(document->json, rng);
  const auto from = any_place(source->json, rng);
  if (!to || !from) return "";
  to->value() = Json(from->value());
  return document->text();
}

}  // namespace agentecho::fuzz
