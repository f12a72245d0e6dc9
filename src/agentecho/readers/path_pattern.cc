#include "agentecho/readers/path_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"

namespace agentecho {

namespace {

constexpr std::string_view kFields[] = {"model", "task", "trial", "domain", "benchmark"};

}  // namespace

std::vector<std::string_view> path_components(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (!part.empty() && part != ".") parts.push_back(part);
  }
  return parts;
}

std::string path_text(std::string_view name) {
  if (is_valid_utf8(name)) return std::string(name);
  std::string text;
  while (!name.empty()) {
    // A few valid bytes at the front, else one that is not.
    std::size_t n = 0;
    for (std::size_t length = std::min<std::size_t>(4, name.size()); length > 0 && n == 0;
         --length) {
      if (is_valid_utf8(name.substr(0, length))) n = length;
    }
    if (n > 0) {
      text += name.substr(0, n);
    } else {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(name.front()));
      n = 1;
    }
    name.remove_prefix(n);
  }
  return text;
}

Result<PathPattern> PathPattern::parse(std::string_view pattern) {
  const auto wrong = [&](std::string message) {
    return fail(ErrorKind::kUsage, fmt::format("--path {}: {}", pattern, message),
                "for example --path 'runs/{model}/{task}/{trial}.json'");
  };
  PathPattern parsed;
  parsed.text_ = pattern;
  parsed.absolute_ = pattern.starts_with('/');
  std::set<std::string> seen;
  for (std::string_view part : path_components(pattern)) {
    Component& component = parsed.components_.emplace_back();
    if (part == "**") {
      component.any_depth = true;
      continue;
    }
    while (!part.empty()) {
      Piece piece;
      std::size_t used = part.find_first_of("{*");
      if (used == 0 && part.front() == '*') {
        piece.kind = Piece::Kind::kAny;
        used = 1;
      } else if (used == 0) {
        const std::size_t close = part.find('}');
        if (close == std::string_view::npos) return wrong("a brace is not closed");
        piece.kind = Piece::Kind::kField;
        piece.text = part.substr(1, close - 1);
        if (!is_in(kFields, piece.text)) {
          return wrong(fmt::format("unknown field {{{}}}; fields: {}", piece.text,
                                   fmt::join(kFields, ", ")));
        }
        if (!seen.insert(piece.text).second) {
          return wrong(fmt::format("{{{}}} stands there twice", piece.text));
        }
        used = close + 1;
      } else {
        piece.text = part.substr(0, used);
        used = piece.text.size();
      }
      if (piece.kind != Piece::Kind::kLiteral && !component.pieces.empty() &&
          component.pieces.back().kind != Piece::Kind::kLiteral) {
        return wrong("two fields side by side cannot be told apart");
      }
      component.pieces.push_back(std::move(piece));
      part.remove_prefix(used);
    }
  }
  if (seen.empty()) return wrong("it names no field");
  return parsed;
}

bool PathPattern::match_component(const Component& component, std::size_t piece,
                                  std::string_view name, Fields& fields) {
  if (piece == component.pieces.size()) return name.empty();
  const Piece& p = component.pieces[piece];
  if (p.kind == Piece::Kind::kLiteral) {
    return name.starts_with(p.text) &&
           match_component(component, piece + 1, name.substr(p.text.size()), fields);
  }
  const std::size_t least = p.kind == Piece::Kind::kField ? 1 : 0;
  for (std::size_t n = least; n <= name.size(); ++n) {
    if (!match_component(component, piece + 1, name.substr(n), fields)) continue;
    if (p.kind == Piece::Kind::kField) fields[p.text] = path_text(name.substr(0, n));
    return true;
  }
  return false;
}

bool PathPattern::match_from(std::size_t component, const std::vector<std::string_view>& names,
                             std::size_t name, Fields& fields) const {
  if (component == components_.size()) return name == names.size();
  const Component& c = components_[component];
  if (c.any_depth) {
    for (std::size_t n = name; n <= names.size(); ++n) {
      if (match_from(component + 1, names, n, fields)) return true;
    }
    return false;
  }
  if (name == names.size()) return false;
  Fields here = fields;
  if (!match_component(c, 0, names[name], here)) return false;
  if (!match_from(component + 1, names, name + 1, here)) return false;
  fields = std::move(here);
  return true;
}

std::optional<std::map<std::string, std::string>> PathPattern::match(std::string_view path) const {
  const std::vector<std::string_view> names = path_components(path);
  for (std::size_t start = 0; start < names.size(); ++start) {
    Fields fields;
    if (match_from(0, names, start, fields)) return fields;
    if (absolute_) break;
  }
  return std::nullopt;
}

}  // namespace agentecho
