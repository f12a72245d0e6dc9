#include "agentecho/readers/formats/texts.h"

#include "agentecho/readers/written/python_literal.h"

namespace agentecho::formats {

Json Texts::parsed(std::string_view json) {
  if (json.empty()) return {};
  auto parser = std::make_unique<simdjson::dom::parser>();
  simdjson::dom::element value;
  if (parser->parse(json.data(), json.size()).get(value)) return {};
  parsers_.push_back(std::move(parser));
  return Json(value);
}

Json Texts::opened(Json value) {
  const std::string_view text = value.string();
  if (!text.starts_with('{') && !text.starts_with('[')) return value;
  const Json inner = parsed(text);
  return inner.here() ? inner : value;
}

Json Texts::printed(Json value) {
  if (!value.is_string()) return value;
  const auto json = written::printed_object(value.string());
  const Json inner = json ? parsed(*json) : Json();
  return inner.is_object() || inner.is_list() ? inner : value;
}

}  // namespace agentecho::formats
