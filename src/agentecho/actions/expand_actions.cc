#include "agentecho/actions/expand_actions.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/actions/action_table.h"
#include "agentecho/actions/shell_actions.h"
#include "agentecho/base/folded_key.h"
#include "agentecho/base/text.h"
#include "agentecho/trajectory/tool_catalog.h"

namespace agentecho {

namespace dom = simdjson::dom;

namespace {

constexpr std::size_t kShownCommand = 60;

constexpr std::pair<ActionNaming, std::string_view> kNamings[] = {
    {ActionNaming::kDefault, "default"},
    {ActionNaming::kName, "name"},
    {ActionNaming::kClass, "class"},
    {ActionNaming::kClassAndProgram, "class+program"}};

bool may_be_path(std::string_view text) {
  return !text.empty() && text.size() <= kLongestPath && text.find('\n') == std::string_view::npos;
}

// The members of this name in any spelling: file_path, filePath, FilePath.
std::vector<dom::element> members_named(const dom::object& object, std::string_view folded) {
  std::vector<dom::element> found;
  for (const auto& [key, value] : object) {
    if (FoldedKey(key).view() == folded) found.push_back(value);
  }
  return found;
}

std::optional<std::string_view> as_text(const dom::element& value) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

// ["ls -l", "pytest"] under any argument, and under one for lines all that has no option as a word
// of its own, which no line begins with.
bool are_lines(const std::vector<std::string>& texts, bool under_lines) {
  const auto is_option = [](std::string_view text) {
    return text.size() > 1 && text[0] == '-' && text.find(' ') == std::string_view::npos;
  };
  if (std::any_of(texts.begin(), texts.end(), is_option)) return false;
  return under_lines || trimmed(texts.front()).find(' ') != std::string_view::npos;
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string script;
  for (const std::string& line : lines) script.append(line).append("\n");
  return script;
}

std::string command_json(std::string_view command) {
  return nlohmann::json{{"command", std::string(command)}}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string_view name_of(ActionNaming naming) {
  for (const auto& [known, name] : kNamings) {
    if (known == naming) return name;
  }
  return "default";
}

Result<ActionNaming> parse_action_naming(std::string_view text) {
  for (const auto& [naming, name] : kNamings) {
    if (name == text) return naming;
  }
  return fail(ErrorKind::kUsage, fmt::format("actions cannot be named by \"{}\"", text),
              "one of default, name, class, class+program; see docs/shell.md");
}

ActionTally& ActionTally::operator+=(const ActionTally& other) {
  shell_calls += other.shell_calls;
  nodes += other.nodes;
  unparsed += other.unparsed;
  tool_calls += other.tool_calls;
  if (first_unparsed.empty()) first_unparsed = other.first_unparsed;
  return *this;
}

struct ActionExpander::Impl {
  enum class Tool : std::uint8_t { kOther, kShell, kListed };

  const ActionTable& table;
  ActionNaming naming;
  ShellActions shell;
  dom::parser parser;
  std::map<std::string, Tool, std::less<>> known;  // by the name in the log

  Impl(const ActionTable& actions, ActionNaming how) : table(actions), naming(how), shell(table) {}

  Tool tool_named(const std::string& plain_name) const {
    if (table.is_shell(plain_name)) return Tool::kShell;
    return table.tool(plain_name) != nullptr ? Tool::kListed : Tool::kOther;
  }

  // Of a run's many calls most are of a few tools.
  Tool tool_of(const ToolCall& call) {
    constexpr std::size_t kMostKnown = 1024;
    constexpr std::size_t kLongestKnown = 128;
    if (call.requestor != Requestor::kAgent) return Tool::kOther;
    if (const auto found = known.find(call.name); found != known.end()) return found->second;
    const Tool tool = tool_named(plain_tool_name(call.name));
    if (known.size() < kMostKnown && call.name.size() <= kLongestKnown) {
      known.emplace(call.name, tool);
    }
    return tool;
  }

  // The arguments as JSON; nothing where there are none, or no JSON object. Lives until the next
  // call.
  std::optional<dom::object> arguments_of(const ToolCall& call) {
    dom::element element;
    dom::object object;
    if (call.malformed_arguments || call.arguments.empty()) return std::nullopt;
    if (parser.parse(call.arguments.data(), call.arguments.size(), true).get(element) !=
            simdjson::SUCCESS ||
        element.get_object().get(object) != simdjson::SUCCESS) {
      return std::nullopt;
    }
    return object;
  }

  struct Script {
    ScriptActions actions;
    std::vector<std::string> texts;  // leaves of the call that are the script
    bool found = false;
  };

  Script script_of(const ToolCall& call) {
    Script script;
    const auto arguments = arguments_of(call);
    if (!arguments) {
      if (!call.malformed_arguments) return script;
      script.found = true;
      script.texts.emplace_back(call.arguments);
      script.actions = shell.of_script(call.arguments);
      return script;
    }
    for (const std::string& key : table.command_arguments()) {
      for (const dom::element value : members_named(*arguments, key)) {
        dom::array list;
        if (const auto text = as_text(value)) {
          script.found = true;
          script.texts.emplace_back(*text);
          script.actions = shell.of_script(script.texts.front());
          return script;
        }
        if (value.get_array().get(list) == simdjson::SUCCESS) return script_in(list, key);
      }
    }
    return script;
  }

  // The words of a command, or the lines of a script, each a text or an object that holds one.
  Script script_in(const dom::array& list, std::string_view key) {
    Script script;
    bool has_objects = false;
    for (const dom::element one : list) {
      auto text = as_text(one);
      if (!text) {
        text = command_in(one);
        has_objects = true;
      }
      if (!text) return {};
      script.texts.emplace_back(*text);
    }
    if (script.texts.empty()) return script;
    script.found = true;
    script.actions = has_objects || are_lines(script.texts, table.holds_lines(key))
                         ? shell.of_script(joined_lines(script.texts))
                         : shell.of_arguments(script.texts);
    return script;
  }

  // Of {"command": "ls"}.
  std::optional<std::string_view> command_in(const dom::element& element) const {
    dom::object object;
    if (element.get_object().get(object) != simdjson::SUCCESS) return std::nullopt;
    for (const std::string& key : table.command_arguments()) {
      for (const dom::element value : members_named(object, key)) {
        if (const auto text = as_text(value)) return text;
      }
    }
    return std::nullopt;
  }

  std::string_view listed_class(const ToolRule& rule, const ToolCall& call) {
    if (rule.argument.empty()) return rule.action;
    const auto arguments = arguments_of(call);
    if (!arguments) return rule.action;
    for (const dom::element value : members_named(*arguments, rule.argument)) {
      const auto said = as_text(value);
      const auto found = said ? rule.values.find(*said) : rule.values.end();
      if (found != rule.values.end()) return found->second;
    }
    return rule.action;
  }

  // Of the calls as they are: each call of a shell is a node.
  ActionTally tally_of(const Trajectory& trajectory) {
    ActionTally tally;
    for (const ToolCall& call : trajectory.calls) {
      const Tool tool = tool_of(call);
      tally.shell_calls += tool == Tool::kShell ? 1 : 0;
      tally.tool_calls += tool == Tool::kListed ? 1 : 0;
    }
    tally.nodes = tally.shell_calls;
    return tally;
  }

  class Expansion;

  std::string node_name(std::string_view action, std::string_view program) const {
    return naming == ActionNaming::kClass ? std::string(action)
                                          : fmt::format("{}:{}", action, program);
  }
};

ActionExpander::ActionExpander(const ActionTable& table, ActionNaming naming)
    : impl_(std::make_unique<Impl>(table, naming)) {}
ActionExpander::~ActionExpander() = default;

bool ActionExpander::concerns(const Trajectory& trajectory) const {
  return std::any_of(trajectory.calls.begin(), trajectory.calls.end(), [&](const ToolCall& call) {
    return impl_->tool_of(call) != Impl::Tool::kOther;
  });
}

namespace {

// The calls, leaves and uses of files that replace those of a trajectory.
class Rebuilt {
 public:
  explicit Rebuilt(Trajectory& trajectory) : trajectory_(trajectory) {}

  ToolCall& add(const ToolCall& like) {
    ToolCall& call = calls_.emplace_back(like);
    call.result_message = kNone;
    call.first_leaf = static_cast<std::uint32_t>(leaves_.size());
    call.n_leaves = 0;
    return call;
  }
  void leaf(std::string_view text) {
    leaves_.push_back(text);
    ++calls_.back().n_leaves;
  }
  void file(std::string_view path, bool written) {
    uses_.push_back({static_cast<std::uint32_t>(calls_.size() - 1), path, written});
  }
  std::size_t size() const { return calls_.size(); }
  std::string_view own(std::string_view text) { return trajectory_.arena.copy(text); }

  // `first`: of every old call, where its calls begin here; one more entry at the end.
  void settle(const std::vector<std::uint32_t>& first) {
    for (Message& message : trajectory_.messages) {
      const std::uint32_t begin = first[message.first_call];
      const std::uint32_t end = first[message.first_call + message.n_calls];
      message.first_call = begin;
      message.n_calls = end - begin;
    }
    for (std::size_t m = 0; m < trajectory_.messages.size(); ++m) {
      Message& message = trajectory_.messages[m];
      if (message.answers == kNone) continue;
      const auto old = static_cast<std::size_t>(message.answers);
      const bool answered = trajectory_.calls[old].result_message == static_cast<std::int32_t>(m);
      message.answers =
          first[old] == first[old + 1] ? kNone : static_cast<std::int32_t>(first[old + 1]) - 1;
      if (answered && message.answers != kNone) {
        calls_[static_cast<std::size_t>(message.answers)].result_message =
            static_cast<std::int32_t>(m);
      }
    }
    trajectory_.calls = std::move(calls_);
    trajectory_.leaves = std::move(leaves_);
    trajectory_.file_uses = std::move(uses_);
  }

 private:
  Trajectory& trajectory_;
  std::vector<ToolCall> calls_;
  std::vector<std::string_view> leaves_;
  std::vector<FileUse> uses_;
};

}  // namespace

// One trajectory on its way to actions, call by call.
class ActionExpander::Impl::Expansion {
 public:
  Expansion(Impl& impl, Trajectory& trajectory)
      : impl_(impl), table_(impl.table), trajectory_(trajectory), rebuilt_(trajectory) {
    impl_.shell.forget_open_file();
  }

  ActionTally run() {
    std::vector<std::uint32_t> first;
    first.reserve(trajectory_.calls.size() + 1);
    for (const ToolCall& call : trajectory_.calls) {
      first.push_back(static_cast<std::uint32_t>(rebuilt_.size()));
      add(call);
    }
    first.push_back(static_cast<std::uint32_t>(rebuilt_.size()));
    rebuilt_.settle(first);
    return std::move(tally_);
  }

 private:
  void add(const ToolCall& call) {
    switch (impl_.tool_of(call)) {
      case Tool::kShell:
        return add_shell_call(call);
      case Tool::kListed:
        return add_listed_call(call, *table_.tool(plain_tool_name(call.name)));
      case Tool::kOther:
        return add_other_call(call);
    }
  }

  ToolCall& add_as_it_is(const ToolCall& call) {
    ToolCall& made = rebuilt_.add(call);
    for (const std::string_view leaf : trajectory_.leaves_of(call)) rebuilt_.leaf(leaf);
    return made;
  }

  void add_shell_call(const ToolCall& call) {
    ++tally_.shell_calls;
    const Script script = impl_.script_of(call);
    if (!script.found) {
      ToolCall& made = add_as_it_is(call);
      made.kind = *table_.kind_of(table_.unknown());
      made.name = rebuilt_.own(impl_.node_name(table_.unknown(), "input"));
      ++tally_.nodes;
      return;
    }
    if (script.actions.unparsed > 0 && tally_.unparsed == 0) {
      tally_.first_unparsed = fmt::format("{}: {}", script.actions.first_problem,
                                          elided(script.actions.first_unparsed, kShownCommand));
    }
    tally_.unparsed += script.actions.unparsed;
    tally_.nodes += script.actions.actions.size();
    for (const ShellAction& action : script.actions.actions) add_action(call, action);
    if (script.actions.actions.empty()) return;
    for (const std::string_view leaf : trajectory_.leaves_of(call)) {
      const auto is_leaf = [&](const std::string& text) { return text == leaf; };
      if (std::none_of(script.texts.begin(), script.texts.end(), is_leaf)) rebuilt_.leaf(leaf);
    }
  }

  void add_action(const ToolCall& call, const ShellAction& action) {
    ToolCall& made = rebuilt_.add(call);
    made.kind = *table_.kind_of(action.action);
    made.malformed_arguments = false;
    made.name = rebuilt_.own(impl_.node_name(action.action, action.program));
    made.arguments = rebuilt_.own(command_json(action.source));
    for (const std::string& value : action.values) rebuilt_.leaf(rebuilt_.own(value));
    for (const std::string& path : action.paths) rebuilt_.file(rebuilt_.own(path), false);
    for (const std::string& path : action.written) rebuilt_.file(rebuilt_.own(path), true);
  }

  void add_listed_call(const ToolCall& call, const ToolRule& rule) {
    ++tally_.tool_calls;
    const std::string action(impl_.listed_class(rule, call));
    ToolCall& made = add_as_it_is(call);
    made.kind = *table_.kind_of(action);
    const bool writes = made.kind == ToolKind::kWrite;
    if (impl_.naming != ActionNaming::kDefault) {
      made.name = rebuilt_.own(impl_.node_name(action, call.name));
    }
    const ProgramRule* const editor = table_.program(plain_tool_name(call.name));
    bool names_file = false;
    const auto note_path = [&](std::string_view path) {
      if (!may_be_path(path)) return;
      names_file = true;
      rebuilt_.file(rebuilt_.own(joined_path({}, named_file(path))), writes);
      if (editor != nullptr && editor->opens) impl_.shell.open(path);
    };
    const auto note_patch = [&](std::string_view patch) {
      for (const std::string& path : paths_of_patch(patch)) note_path(path);
    };
    if (const auto arguments = impl_.arguments_of(call)) {
      for_texts(*arguments, table_.path_arguments(), note_path);
      for_texts(*arguments, table_.patch_arguments(), note_patch);
    }
    if (call.malformed_arguments) note_patch(call.arguments);
    const std::string& open_file = impl_.shell.open_file();
    if (!names_file && editor != nullptr && editor->in_open_file && !open_file.empty()) {
      rebuilt_.file(rebuilt_.own(open_file), writes);
    }
  }

  void add_other_call(const ToolCall& call) {
    add_as_it_is(call);
    if (call.requestor != Requestor::kAgent) return;
    for (const std::string_view leaf : trajectory_.leaves_of(call)) {
      if (may_be_path(leaf)) rebuilt_.file(rebuilt_.own(joined_path({}, named_file(leaf))), false);
    }
  }

  // The texts under these keys (folded), alone or in a list.
  template <class Note>
  static void for_texts(const dom::object& arguments, const std::vector<std::string>& keys,
                        const Note& note) {
    for (const std::string& key : keys) {
      for (const dom::element value : members_named(arguments, key)) {
        dom::array texts;
        if (const auto text = as_text(value)) note(*text);
        if (value.get_array().get(texts) != simdjson::SUCCESS) continue;
        for (const dom::element one : texts) {
          if (const auto text = as_text(one)) note(*text);
        }
      }
    }
  }

  Impl& impl_;
  const ActionTable& table_;
  Trajectory& trajectory_;
  Rebuilt rebuilt_;
  ActionTally tally_;
};

ActionTally ActionExpander::expand(Trajectory& trajectory) {
  if (impl_->naming == ActionNaming::kName) return impl_->tally_of(trajectory);
  return concerns(trajectory) ? Impl::Expansion(*impl_, trajectory).run() : ActionTally{};
}

}  // namespace agentecho
