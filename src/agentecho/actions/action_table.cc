#include "agentecho/actions/action_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agentecho/actions/default_action_table_json.h"
#include "agentecho/base/folded_key.h"
#include "agentecho/trajectory/tool_catalog.h"

namespace agentecho {

namespace {

struct BadTable {
  std::string message;
};

[[noreturn]] void refuse(std::string message) { throw BadTable{std::move(message)}; }

const std::string& text_in(const nlohmann::json& json, std::string_view where) {
  if (!json.is_string()) refuse(fmt::format("\"{}\" is no text", where));
  return json.get_ref<const std::string&>();
}

const nlohmann::json& object_in(const nlohmann::json& json, std::string_view where) {
  if (!json.is_object()) refuse(fmt::format("\"{}\" is no object", where));
  return json;
}

const nlohmann::json* member(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  return found == json.end() ? nullptr : &*found;
}

std::vector<std::string> texts_in(const nlohmann::json& json, std::string_view where) {
  if (!json.is_array()) refuse(fmt::format("\"{}\" is no list", where));
  std::vector<std::string> texts;
  for (const nlohmann::json& text : json) texts.push_back(text_in(text, where));
  return texts;
}

// Names of arguments, folded, each once.
std::vector<std::string> keys_in(const nlohmann::json& json, std::string_view where) {
  std::vector<std::string> keys;
  for (const std::string& text : texts_in(json, where)) {
    const FoldedKey key(text);
    if (key.view().empty()) refuse(fmt::format("\"{}\": \"{}\" is no argument", where, text));
    const bool is_new = std::find(keys.begin(), keys.end(), key.view()) == keys.end();
    if (is_new) keys.emplace_back(key.view());
  }
  return keys;
}

// A nesting that people write; the parser of JSON has no limit of its own.
constexpr int kDeepestRule = 16;

}  // namespace

class ActionTableReader {
 public:
  explicit ActionTableReader(ActionTable& table) : table_(table) {}

  void read(const nlohmann::json& json) {
    for (const auto& [key, value] : object_in(json, "the table").items()) {
      if (key != "schema_version" && key != "extends" && key != "classes" && key != "unknown" &&
          key != "own_script" && key != "written" && key != "shells" && key != "tools" &&
          key != "path_arguments" && key != "patch_arguments" && key != "no_work" &&
          key != "filters" && key != "programs") {
        refuse(fmt::format("there is no member \"{}\" in such a table", key));
      }
    }
    if (const nlohmann::json* version = member(json, "schema_version"); !version || *version != 1) {
      refuse("\"schema_version\" is not 1");
    }
    const nlohmann::json* extends = member(json, "extends");
    if (extends) {
      if (*extends != "default") refuse("only \"default\" can be extended");
      table_ = default_action_table();
    }
    if (const nlohmann::json* classes = member(json, "classes"); classes || !extends) {
      read_classes(needed(json, "classes"));
    }
    for (const auto& [key, name] :
         {std::pair{"unknown", &table_.unknown_}, std::pair{"own_script", &table_.own_script_}}) {
      if (!extends || member(json, key)) *name = action(needed(json, key), key);
    }
    if (const nlohmann::json* written = member(json, "written")) {
      for (const auto& [from, to] : object_in(*written, "written").items()) {
        table_.written_[from] = action(to, "written");
      }
    }
    if (const nlohmann::json* shells = member(json, "shells")) {
      object_in(*shells, "shells");
      for (std::string& name : texts_in(needed(*shells, "tools"), "shells.tools")) {
        table_.shells_.insert(plain_tool_name(name));
      }
      if (!extends || member(*shells, "arguments")) {
        table_.command_arguments_ = keys_in(needed(*shells, "arguments"), "shells.arguments");
      }
      if (const nlohmann::json* lines = member(*shells, "lines")) {
        for (std::string& key : keys_in(*lines, "shells.lines")) {
          table_.line_arguments_.insert(std::move(key));
        }
      }
    }
    if (const nlohmann::json* tools = member(json, "tools")) read_tools(*tools);
    if (const nlohmann::json* names = member(json, "path_arguments")) {
      table_.path_arguments_ = keys_in(*names, "path_arguments");
    }
    if (const nlohmann::json* names = member(json, "patch_arguments")) {
      table_.patch_arguments_ = keys_in(*names, "patch_arguments");
    }
    if (const nlohmann::json* names = member(json, "no_work")) {
      for (std::string& name : texts_in(*names, "no_work")) table_.no_work_.insert(std::move(name));
    }
    if (const nlohmann::json* names = member(json, "filters")) {
      for (std::string& name : texts_in(*names, "filters")) table_.filters_.insert(std::move(name));
    }
    if (const nlohmann::json* programs = member(json, "programs")) {
      for (const auto& [name, rule] : object_in(*programs, "programs").items()) {
        table_.programs_[name] = rule_in(rule, name, 0);
      }
    }
    table_.block_programs_.clear();
    for (const auto& [name, rule] : table_.programs_) {
      check_alias(rule, name);
      if (!rule.until.empty()) table_.block_programs_.push_back(name);
    }
  }

 private:
  static const nlohmann::json& needed(const nlohmann::json& json, const char* key) {
    const nlohmann::json* found = member(json, key);
    if (!found) refuse(fmt::format("\"{}\" is missing", key));
    return *found;
  }

  void read_classes(const nlohmann::json& json) {
    for (const auto& [name, kind] : object_in(json, "classes").items()) {
      const std::string& text = text_in(kind, "classes");
      if (name.empty() || name == kNoWork || name.find(':') != std::string::npos) {
        refuse(fmt::format("a class cannot be called \"{}\"", name));
      }
      if (text != "READ" && text != "WRITE" && text != "GENERIC") {
        refuse(fmt::format("the kind \"{}\" is none of READ, WRITE, GENERIC", text));
      }
      table_.classes_[name] = text == "READ"    ? ToolKind::kRead
                              : text == "WRITE" ? ToolKind::kWrite
                                                : ToolKind::kGeneric;
    }
    if (table_.classes_.empty()) refuse("\"classes\" is empty");
  }

  std::string action(const nlohmann::json& json, std::string_view where) const {
    const std::string& name = text_in(json, where);
    if (!table_.classes_.contains(name)) {
      refuse(fmt::format("\"{}\": \"{}\" is none of the classes", where, name));
    }
    return name;
  }
  std::string action_or_none(const nlohmann::json& json, std::string_view where) const {
    return json == std::string(kNoWork) ? std::string(kNoWork) : action(json, where);
  }

  void read_tools(const nlohmann::json& json) {
    for (const auto& [name, rule] : object_in(json, "tools").items()) {
      ToolRule& tool = table_.tools_[plain_tool_name(name)] = {};
      if (rule.is_string()) {
        tool.action = action(rule, name);
        continue;
      }
      object_in(rule, name);
      tool.argument = keys_in(nlohmann::json::array({needed(rule, "argument")}), name).front();
      tool.action = action(needed(rule, "else"), name);
      for (const auto& [value, of_value] : object_in(needed(rule, "values"), name).items()) {
        tool.values[value] = action(of_value, name);
      }
    }
  }

  ProgramRule rule_in(const nlohmann::json& json, const std::string& name, int depth) const {
    if (depth > kDeepestRule) refuse(fmt::format("\"{}\": nested too deep", name));
    ProgramRule rule;
    if (json.is_string()) {
      const std::string& text = json.get_ref<const std::string&>();
      if (text.starts_with('=')) {
        rule.alias = text.substr(1);
      } else {
        rule.action = action_or_none(json, name);
      }
      return rule;
    }
    for (const auto& [key, value] : object_in(json, name).items()) {
      if (key == "else") {
        rule.action = action_or_none(value, name);
      } else if (key == "options") {
        for (const auto& [option, of_option] : object_in(value, name).items()) {
          rule.options.emplace_back(option, action_or_none(of_option, name));
        }
      } else if (key == "words") {
        for (const auto& [word, of_word] : object_in(value, name).items()) {
          rule.words.push_back(rule_in(of_word, name + " " + word, depth + 1));
          rule.words.back().word = word;
        }
      } else if (key == "writes") {
        rule.writes = writes_in(value, name);
      } else if (key == "text") {
        rule.text = text_operands_in(value, name);
      } else if (key == "wraps") {
        read_wrapper(value, name, rule);
      } else if (!read_plain(key, value, name, rule)) {
        refuse(fmt::format("\"{}\": there is no member \"{}\" in a rule", name, key));
      }
    }
    return rule;
  }

  // Members that are what they say. False: `key` is none of them.
  static bool read_plain(std::string_view key, const nlohmann::json& value, std::string_view where,
                         ProgramRule& rule) {
    using Texts = std::vector<std::string>;
    constexpr std::pair<std::string_view, bool ProgramRule::*> kFlags[] = {
        {"shell", &ProgramRule::shell},
        {"joins", &ProgramRule::joins},
        {"opens", &ProgramRule::opens},
        {"in_open_file", &ProgramRule::in_open_file}};
    constexpr std::pair<std::string_view, std::string ProgramRule::*> kTexts[] = {
        {"module", &ProgramRule::module_option}, {"until", &ProgramRule::until}};
    constexpr std::pair<std::string_view, Texts ProgramRule::*> kLists[] = {
        {"value_options", &ProgramRule::value_options},
        {"writes_options", &ProgramRule::writes_options},
        {"text_options", &ProgramRule::text_options},
        {"no_text", &ProgramRule::no_text},
        {"exec", &ProgramRule::exec_options}};
    const auto read = [&](const auto& members, const auto& parse) {
      for (const auto& [name, member] : members) {
        if (key != name) continue;
        rule.*member = parse(value, where);
        return true;
      }
      return false;
    };
    return read(kFlags, flag_in) || read(kTexts, text_in) || read(kLists, texts_in);
  }

  static bool flag_in(const nlohmann::json& json, std::string_view where) {
    if (!json.is_boolean()) refuse(fmt::format("\"{}\": neither true nor false", where));
    return json.get<bool>();
  }

  static void read_wrapper(const nlohmann::json& json, std::string_view where, ProgramRule& rule) {
    rule.wraps = true;
    for (const auto& [key, value] : object_in(json, where).items()) {
      if (key == "value_options") {
        rule.value_options = texts_in(value, where);
      } else if (key == "operands" && value.is_number_unsigned()) {
        rule.wrapped_operands = value.get<std::size_t>();
      } else {
        refuse(fmt::format("\"{}\": \"{}\" cannot stand in \"wraps\"", where, key));
      }
    }
  }

  static ProgramRule::Writes writes_in(const nlohmann::json& json, std::string_view where) {
    const std::string& text = text_in(json, where);
    if (text == "all") return ProgramRule::Writes::kAll;
    if (text == "last") return ProgramRule::Writes::kLast;
    if (text == "patch") return ProgramRule::Writes::kPatch;
    refuse(fmt::format("\"{}\": \"writes\" is none of all, last, patch", where));
  }

  static ProgramRule::Text text_operands_in(const nlohmann::json& json, std::string_view where) {
    const std::string& text = text_in(json, where);
    if (text == "first") return ProgramRule::Text::kFirst;
    if (text == "all") return ProgramRule::Text::kAll;
    refuse(fmt::format("\"{}\": \"text\" is none of first, all", where));
  }

  // An alias names a program with a rule of its own.
  void check_alias(const ProgramRule& rule, const std::string& name) const {
    if (!rule.alias.empty()) {
      const auto target = table_.programs_.find(rule.alias);
      if (target == table_.programs_.end() || !target->second.alias.empty()) {
        refuse(fmt::format("\"{}\": no program \"{}\" with a rule of its own", name, rule.alias));
      }
    }
    for (const ProgramRule& word : rule.words) check_alias(word, name + " " + word.word);
  }

  ActionTable& table_;
};

Result<ActionTable> ActionTable::parse(std::string_view json) {
  const nlohmann::json document = nlohmann::json::parse(json, nullptr, false);
  ActionTable table;
  try {
    ActionTableReader(table).read(document);
  } catch (const BadTable& bad) {
    return fail(ErrorKind::kInput, "the table of actions cannot be used: " + bad.message,
                "its form is that of the built-in one; see docs/shell.md");
  }
  return table;
}

const ToolKind* ActionTable::kind_of(std::string_view action) const {
  const auto found = classes_.find(action);
  return found == classes_.end() ? nullptr : &found->second;
}

bool ActionTable::is_shell(std::string_view plain_name) const {
  return shells_.contains(plain_name);
}

bool ActionTable::holds_lines(std::string_view folded_argument) const {
  return line_arguments_.contains(folded_argument);
}

const ToolRule* ActionTable::tool(std::string_view plain_name) const {
  const auto found = tools_.find(plain_name);
  return found == tools_.end() ? nullptr : &found->second;
}

const ProgramRule* ActionTable::program(std::string_view name) const {
  const auto found = programs_.find(name);
  return found == programs_.end() ? nullptr : &found->second;
}

std::string_view ActionTable::written(std::string_view action) const {
  const auto found = written_.find(action);
  return found == written_.end() ? action : std::string_view(found->second);
}

std::map<std::string, ToolKind, std::less<>> ActionTable::tool_kinds() const {
  std::map<std::string, ToolKind, std::less<>> kinds;
  for (const auto& [name, rule] : tools_) kinds[name] = *kind_of(rule.action);
  return kinds;
}

const ActionTable& default_action_table() {
  static const ActionTable table = ActionTable::parse(kDefaultActionTableJson).value();
  return table;
}

std::string_view default_action_table_json() { return kDefaultActionTableJson; }

}  // namespace agentecho
