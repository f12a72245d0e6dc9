// A JSON value that may not be there: what a format says about a log reads as a path into it, and
// a member that is missing, null or of another type is simply nothing. Only included by .cc files.
#pragma once

#include <simdjson.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace agentecho::formats {

class Json {
 public:
  Json() = default;
  explicit Json(simdjson::dom::element value) : value_(value), here_(!value.is_null()) {}

  // The member of an object; nothing when there is no such member.
  Json operator[](std::string_view key) const {
    simdjson::dom::element value;
    if (!is_object() || value_.at_key(key).get(value)) return {};
    return Json(value);
  }
  // The first element of a list.
  Json first() const {
    simdjson::dom::element value;
    if (!is_list() || value_.at(0).get(value)) return {};
    return Json(value);
  }

  bool here() const { return here_; }
  bool is_object() const { return here_ && value_.is_object(); }
  bool is_list() const { return here_ && value_.is_array(); }
  bool is_string() const { return here_ && value_.is_string(); }
  bool has(std::string_view key) const { return (*this)[key].here(); }
  bool empty() const { return size() == 0; }
  // Of a list or an object.
  std::size_t size() const {
    simdjson::dom::array list;
    simdjson::dom::object object;
    if (is_list() && !value_.get_array().get(list)) return list.size();
    return is_object() && !value_.get_object().get(object) ? object.size() : 0;
  }

  std::string_view string() const {
    std::string_view text;
    return is_string() && !value_.get_string().get(text) ? text : std::string_view{};
  }
  bool is(std::string_view text) const { return is_string() && string() == text; }
  std::optional<double> number() const {
    double number = 0;
    if (!here_ || value_.get_double().get(number) || !std::isfinite(number)) return std::nullopt;
    return number;
  }
  std::optional<std::int64_t> integer() const {
    std::int64_t integer = 0;
    if (!here_ || value_.get_int64().get(integer)) return std::nullopt;
    return integer;
  }
  std::optional<bool> boolean() const {
    bool flag = false;
    if (!here_ || value_.get_bool().get(flag)) return std::nullopt;
    return flag;
  }
  bool is_true() const { return boolean().value_or(false); }
  // A number as it stands in names, a string as it is, other values as JSON text, nothing as "".
  std::string text() const {
    if (!here_) return {};
    return is_string() ? std::string(string()) : simdjson::minify(value_);
  }
  std::string json() const { return here_ ? simdjson::minify(value_) : "null"; }

  // Calls body(Json) for each element of a list; other values have none.
  template <class Body>
  void each(Body body) const {
    simdjson::dom::array list;
    if (!is_list() || value_.get_array().get(list)) return;
    for (const simdjson::dom::element value : list) body(Json(value));
  }
  // Calls body(key, Json) for each member of an object.
  template <class Body>
  void each_member(Body body) const {
    simdjson::dom::object object;
    if (!is_object() || value_.get_object().get(object)) return;
    for (const auto& [key, value] : object) body(key, Json(value));
  }

 private:
  simdjson::dom::element value_;
  bool here_ = false;
};

// The member `one`, or `other` where there is none: two spellings of one thing.
inline Json either(Json object, std::string_view one, std::string_view other) {
  const Json value = object[one];
  return value.here() ? value : object[other];
}

}  // namespace agentecho::formats
