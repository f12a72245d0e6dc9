// How a user says which parts of a path are the model, the task and the trial:
// "runs/{model}/{task}/{trial}.json". "*" stands for anything within one folder or file name, "**"
// for any number of folders.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"

namespace agentecho {

class PathPattern {
 public:
  // Fields: model, task, trial, domain, benchmark; each once. Errors (ErrorKind::kUsage): an
  // unknown field, a field twice, none at all, a brace that is not closed, two fields side by side.
  static Result<PathPattern> parse(std::string_view pattern);

  // The fields' values when the path, or a tail of it that begins at a folder, has this form. A
  // field takes as little as it can and never crosses a "/".
  std::optional<std::map<std::string, std::string>> match(std::string_view path) const;

  const std::string& text() const { return text_; }

 private:
  // One folder or file name of the pattern: literal parts, "*" and fields; or "**".
  struct Piece {
    enum class Kind { kLiteral, kAny, kField };
    Kind kind = Kind::kLiteral;
    std::string text;
  };
  struct Component {
    bool any_depth = false;
    std::vector<Piece> pieces;
  };
  using Fields = std::map<std::string, std::string>;

  static bool match_component(const Component& component, std::size_t piece, std::string_view name,
                              Fields& fields);
  bool match_from(std::size_t component, const std::vector<std::string_view>& names,
                  std::size_t name, Fields& fields) const;

  std::string text_;
  bool absolute_ = false;
  std::vector<Component> components_;
};

// The parts of a path between "/", without empty ones and ".".
std::vector<std::string_view> path_components(std::string_view path);

// A name taken from a path, as text: bytes that are no UTF-8 as "\xff", so that names that differ
// stay different.
std::string path_text(std::string_view name);

}  // namespace agentecho
