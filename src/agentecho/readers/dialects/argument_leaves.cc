#include "agentecho/readers/dialects/argument_leaves.h"

#include <simdjson.h>

#include <utility>

#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/json_text.h"

namespace agentecho {

namespace {
constexpr int kDeepestArgument = 512;

bool is_number(std::string_view token) {
  return !token.empty() && (token.front() == '-' || is_ascii_digit(token.front()));
}
}  // namespace

struct ArgumentLeaves::Impl {
  simdjson::ondemand::parser parser;

  // One walk over one arguments text.
  struct Walk {
    simdjson::ondemand::parser& parser;
    const char* end;
    TextArena& arena;
    std::vector<std::string_view>& leaves;

    bool add_string(simdjson::ondemand::raw_json_string raw) {
      std::string_view text;
      if (!json_text::unescape(parser, raw, end, arena, text)) return false;
      leaves.push_back(text);
      return true;
    }

    // Number, true, false or null: `Value` is a document or a value.
    template <class Value>
    bool add_scalar(Value& value, std::string_view token) {
      token = trimmed(token);
      if (is_number(token)) {
        double number = 0;
        if (value.get_double().get(number) != simdjson::SUCCESS) return false;
        leaves.push_back(arena.copy(json_text::canonical_number(token)));
        return true;
      }
      // Taken from the parser, so that the end is where the value ends.
      if (token == "null") {
        bool null = false;
        return value.is_null().get(null) == simdjson::SUCCESS && null;
      }
      bool truth = false;
      return (token == "true" || token == "false") &&
             value.get_bool().get(truth) == simdjson::SUCCESS;
    }

    template <class Value>
    bool add(Value& value, int depth) {
      using Type = simdjson::ondemand::json_type;
      Type type;
      if (depth > kDeepestArgument || value.type().get(type) != simdjson::SUCCESS) return false;
      if (type == Type::string) {
        simdjson::ondemand::raw_json_string raw;
        return value.get_raw_json_string().get(raw) == simdjson::SUCCESS && add_string(raw);
      }
      if (type == Type::object) {
        simdjson::ondemand::object object;
        if (value.get_object().get(object) != simdjson::SUCCESS) return false;
        for (auto field : object) {
          simdjson::ondemand::value member;
          if (field.error() != simdjson::SUCCESS) return false;
          if (field.value().get(member) != simdjson::SUCCESS || !add(member, depth + 1))
            return false;
        }
        return true;
      }
      if (type == Type::array) {
        simdjson::ondemand::array array;
        if (value.get_array().get(array) != simdjson::SUCCESS) return false;
        for (auto element : array) {
          simdjson::ondemand::value item;
          if (element.get(item) != simdjson::SUCCESS || !add(item, depth + 1)) return false;
        }
        return true;
      }
      std::string_view token;
      if constexpr (requires { value.raw_json_token().error(); }) {
        if (value.raw_json_token().get(token) != simdjson::SUCCESS) return false;
      } else {
        token = value.raw_json_token();
      }
      return add_scalar(value, token);
    }
  };
};

ArgumentLeaves::ArgumentLeaves() : impl_(make_hidden<Impl>()) {}

bool ArgumentLeaves::append(std::string_view arguments, TextArena& arena,
                            std::vector<std::string_view>& leaves) {
  const std::size_t before = leaves.size();
  arguments = trimmed(arguments);
  simdjson::ondemand::document document;
  const simdjson::error_code error = impl_->parser
                                         .iterate(arguments.data(), arguments.size(),
                                                  arguments.size() + simdjson::SIMDJSON_PADDING)
                                         .get(document);
  Impl::Walk walk{impl_->parser, arguments.data() + arguments.size(), arena, leaves};
  if (error == simdjson::SUCCESS && walk.add(document, 0) &&
      document.current_location().error() == simdjson::OUT_OF_BOUNDS) {  // nothing behind the value
    return true;
  }
  leaves.resize(before);
  return false;
}

}  // namespace agentecho
