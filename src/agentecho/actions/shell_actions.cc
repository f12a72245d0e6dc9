#include "agentecho/actions/shell_actions.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "agentecho/base/text.h"

namespace agentecho {

namespace {

constexpr std::size_t kDeepestScript = 4;  // bash -c "bash -c ..."
constexpr int kDeepestProgram = 16;        // sudo env timeout 5 ...
constexpr std::size_t kLongestName = 40;
constexpr std::string_view kScript = "script";
constexpr std::string_view kVariable = "variable";
constexpr std::string_view kUnparsed = "unparsed";
constexpr std::string_view kRedirect = "redirect";
constexpr std::string_view kUnchanged = "cat";  // gives what it reads, as it is

using Words = std::span<const ShellWord>;

bool is_option(const ShellWord& word) { return word.text.size() > 1 && word.text[0] == '-'; }

bool contains(const std::vector<std::string>& texts, std::string_view text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

// Does `word` give the option, alone, with its value (--output=x), or among others (-ni)?
bool gives(const ProgramRule& rule, const std::string& word, std::string_view option) {
  if (word == option) return true;
  if (option.starts_with("--")) {
    return word.size() > option.size() && word.starts_with(option) && word[option.size()] == '=';
  }
  if (option.size() != 2 || option[0] != '-' || word.starts_with("--")) return false;
  for (std::size_t i = 1; i < word.size() && is_ascii_alpha(word[i]); ++i) {
    if (word[i] == option[1]) return true;
    if (contains(rule.value_options, {std::string{'-', word[i]}})) return false;  // its value
  }
  return false;
}

// Is the value of one of the options the next word? Of a cluster (-nA) it is the last one's.
bool takes_next(const ProgramRule& rule, const std::string& word) {
  if (contains(rule.value_options, word)) return true;
  if (word.size() < 3 || word[0] != '-' || word[1] == '-') return false;
  const auto has_value = [&](char c) { return contains(rule.value_options, std::string{'-', c}); };
  return std::all_of(word.begin() + 1, word.end(), is_ascii_alpha) &&
         std::find_if(word.begin() + 1, word.end(), has_value) == word.end() - 1;
}

bool gives_any(const ProgramRule& rule, Words words, const std::vector<std::string>& options) {
  for (const ShellWord& word : words) {
    if (word.text == "--") break;
    const auto given = [&](const std::string& option) { return gives(rule, word.text, option); };
    if (is_option(word) && std::any_of(options.begin(), options.end(), given)) return true;
  }
  return false;
}

// Do `words` begin with the option, or with "option value": -i inplace, --include=inplace?
bool begin_with(const ProgramRule& rule, Words words, std::string_view option) {
  const std::size_t blank = option.find(' ');
  const std::string& first = words.front().text;
  if (blank == std::string_view::npos) return gives(rule, first, option);
  const std::string_view value = option.substr(blank + 1);
  option = option.substr(0, blank);
  if (first == option) return words.size() > 1 && words[1].text == value;
  const std::string_view joint = option.starts_with("--") ? "=" : "";
  return first == std::string(option).append(joint).append(value);
}

std::string_view file_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_assignment(const ShellWord& word) {
  const std::size_t equals = word.text.find('=');
  if (equals == std::string::npos || equals == 0 || is_ascii_digit(word.text[0])) return false;
  return std::all_of(word.text.begin(), word.text.begin() + static_cast<std::ptrdiff_t>(equals),
                     [](char c) { return is_ascii_alpha(c) || is_ascii_digit(c) || c == '_'; });
}

// Names stand on screens and in files: a program with another one is some program.
std::string plain_name(std::string_view name) {
  const bool plain = !name.empty() && name.size() <= kLongestName &&
                     std::all_of(name.begin(), name.end(), [](char c) {
                       return is_ascii_alpha(c) || is_ascii_digit(c) || c == '_' || c == '-' ||
                              c == '.' || c == '+';
                     });
  return plain ? std::string(name) : std::string("unnamed");
}

const ProgramRule* sub_command(const ProgramRule& rule, std::string_view word) {
  const ProgramRule* best = nullptr;
  for (const ProgramRule& candidate : rule.words) {
    std::string_view pattern = candidate.word;
    if (pattern == word) return &candidate;
    if (!pattern.ends_with('*')) continue;
    pattern.remove_suffix(1);
    if (word.starts_with(pattern) && (!best || candidate.word.size() > best->word.size())) {
      best = &candidate;
    }
  }
  return best;
}

std::string joined(Words words) {
  std::string text;
  for (const ShellWord& word : words) text += (text.empty() ? "" : " ") + word.text;
  return text;
}

// One script, and what its scripts inside are asked for.
class Reader {
 public:
  Reader(const ActionTable& table, ShellParser& parser, std::string& open_file,
         ScriptActions& found)
      : table_(table), parser_(parser), open_file_(open_file), found_(found) {}

  void whole(std::string_view text) {
    bytes_left_ = (kDeepestScript + 1) * text.size();
    script(text, 0);
  }

  void whole(const SimpleCommand& command) {
    bytes_left_ = (kDeepestScript + 1) * command.source.size();
    simple(command, 0);
  }

 private:
  struct Rule {
    const ProgramRule* rule = nullptr;
    std::string name;
  };

  // `edit 12:20`, lines of text, `end_of_edit`: a command whose text is no shell. Of a script what
  // stands before and behind such blocks is parsed.
  struct Block {
    std::size_t begin = std::string_view::npos;
    std::string_view first_line;
    std::string_view body;
    std::size_t end = 0;  // behind it
  };

  Block next_block(std::string_view text) const {
    Block first;
    for (const std::string& program : table_.block_programs()) {
      const std::string& until = table_.program(program)->until;
      for (std::size_t line = 0; line < text.size();) {
        const std::size_t end = std::min(text.find('\n', line), text.size());
        const std::string_view said = trimmed(text.substr(line, end - line));
        const bool named = said.starts_with(program) && said.size() > program.size() &&
                           is_ascii_space(said[program.size()]);
        const std::size_t close = named ? line_of(text, end, until) : std::string_view::npos;
        if (named && close == std::string_view::npos) break;  // none of the later ones is closed
        if (named) {
          if (line < first.begin) {
            const std::size_t body = std::min(end + 1, close);
            first = {line, said, text.substr(body, close - body),
                     std::min(text.find('\n', close), text.size())};
          }
          break;
        }
        line = end + 1;
      }
    }
    return first;
  }

  // Where the line begins that holds only `word`, from `from` on.
  static std::size_t line_of(std::string_view text, std::size_t from, std::string_view word) {
    for (std::size_t at = text.find(word, from); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
      const std::size_t begin = text.rfind('\n', at) + 1;
      const std::size_t end = std::min(text.find('\n', at), text.size());
      if (begin >= from && trimmed(text.substr(begin, end - begin)) == word) return begin;
    }
    return std::string_view::npos;
  }

  void script(std::string_view text, std::size_t depth) {
    for (Block block = next_block(text); block.begin != std::string_view::npos;
         block = next_block(text)) {
      if (const auto before = trimmed(text.substr(0, block.begin)); !before.empty()) {
        commands(before, depth);
      }
      SimpleCommand command;
      const std::string source(trimmed(text.substr(block.begin, block.end - block.begin)));
      command.source = source;
      command.here_text = block.body;
      std::string_view words = block.first_line;
      while (!words.empty()) {
        const std::size_t end = std::min(words.find_first_of(" \t"), words.size());
        command.words.push_back({std::string(words.substr(0, end)), true});
        words = trimmed(words.substr(end));
      }
      simple(command, depth);
      text.remove_prefix(block.end);
      if (trimmed(text).empty()) return;
    }
    commands(text, depth);
  }

  void commands(std::string_view text, std::size_t depth) {
    const bool nested = depth > kDeepestScript || text.size() > bytes_left_;
    Result<std::vector<SimpleCommand>> commands =
        nested ? fail(ErrorKind::kInput, "a script in too many scripts") : parser_.parse(text);
    if (!nested) bytes_left_ -= text.size();
    if (!commands) {
      if (found_.unparsed++ == 0) {
        found_.first_unparsed = text;
        found_.first_problem = commands.error().message;
      }
      ShellAction& action = found_.actions.emplace_back();
      action.action = table_.unknown();
      action.program = kUnparsed;
      action.source = trimmed(text);
      return;
    }
    for (const SimpleCommand& command : *commands) simple(command, depth);
  }

  void simple(const SimpleCommand& command, std::size_t script_depth) {
    const std::string_view piped_text = std::exchange(piped_text_, {});
    script_depth_ = script_depth;
    if (!command.piped) pipe_begin_ = found_.actions.size();
    std::optional<SimpleCommand> with_text;
    if (command.piped && command.here_text.empty() && !piped_text.empty()) {
      with_text = command;
      with_text->here_text = piped_text;
    }
    command_ = with_text ? &*with_text : &command;
    program(command_->words, 0);
  }

  // The rule of a program by its name, without a version behind it, through aliases.
  Rule rule_of(std::string_view name) const {
    const ProgramRule* rule = table_.program(name);
    std::string_view known = name;
    for (const std::string_view ending : {"0123456789.", "-"}) {
      if (rule != nullptr) break;
      while (!known.empty() && ending.find(known.back()) != std::string_view::npos) {
        known.remove_suffix(1);
      }
      rule = table_.program(known);
    }
    if (rule == nullptr) return {nullptr, std::string(name)};
    if (rule->alias.empty()) return {rule, std::string(known)};
    return {table_.program(rule->alias), rule->alias};
  }

  void program(Words words, int depth) {
    if (words.empty() || depth > kDeepestProgram) {
      if (command_->output_to_file) add(table_.written(kNoWork), kRedirect, {}, nullptr);
      return;
    }
    const ShellWord& first = words.front();
    const std::string_view name = file_name(first.text);
    const bool by_path = name.size() != first.text.size();
    const Words arguments = words.subspan(1);
    if (!first.literal && (!by_path || name.find('$') != std::string_view::npos || name.empty())) {
      return add(table_.unknown(), kVariable, arguments, nullptr);
    }
    const Rule known = rule_of(name);
    if (known.rule != nullptr) return by_rule(*known.rule, known.name, arguments, depth);
    const bool is_own = by_path && first.text[0] != '/';  // ./test is a program of the project
    if (table_.does_no_work(name) && !is_own) {
      if (name == "cd" && !arguments.empty()) change_folder(arguments);
      const bool has_name = is_ascii_alpha(name.front());  // not ":"
      if (command_->output_to_file) {
        add(table_.written(kNoWork), has_name ? name : kRedirect, arguments, nullptr);
      }
      return;
    }
    if (by_path) return add(table_.own_script(), kScript, words, nullptr);
    add(table_.unknown(), name, arguments, nullptr);
  }

  void change_folder(Words arguments) {
    const ShellWord& last = arguments.back();
    folder_ = last.literal && last.text != "-" && !is_option(last) ? joined_path(folder_, last.text)
                                                                   : std::string();
  }

  // `arguments`: what stands behind the program or the sub-command of the rule.
  void by_rule(const ProgramRule& rule, std::string_view name, Words arguments, int depth) {
    const bool first_word_counts =
        !rule.words.empty() || rule.wraps || rule.shell || !rule.module_option.empty();
    std::size_t word = arguments.size();  // the first that is no option
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const ShellWord& argument = arguments[i];
      if (!is_option(argument)) {
        if (rule.wraps && is_assignment(argument)) continue;
        if (word == arguments.size()) word = i;
        if (first_word_counts) break;
        continue;
      }
      if (argument.text == "--") {
        if (word == arguments.size()) word = i + 1;
        break;
      }
      if (rule.module_option == argument.text && i + 1 < arguments.size()) {
        return module(rule, name, arguments.subspan(i + 1), depth);
      }
      if (rule.shell && gives(rule, argument.text, "-c")) {
        return script_option(name, arguments.subspan(i + 1));
      }
      for (const auto& [option, action] : rule.options) {
        if (begin_with(rule, arguments.subspan(i), option)) {
          return add(action, name, arguments, &rule);
        }
      }
      if (contains(rule.value_options, argument.text)) ++i;
    }
    word = std::min(word, arguments.size());
    if (rule.wraps) {
      const std::size_t inner = word + rule.wrapped_operands;
      if (inner < arguments.size()) return wrapped(rule, name, arguments.subspan(inner), depth);
      return add(rule.action.empty() ? kNoWork : std::string_view(rule.action), name, {}, &rule);
    }
    if (rule.joins) return joined_script(name, arguments);
    if (rule.shell && word == arguments.size() && !command_->here_text.empty()) {
      return inner_script(command_->here_text);
    }
    if (word < arguments.size() && !rule.words.empty()) {
      const ShellWord& said = arguments[word];
      if (const ProgramRule* sub = sub_command(rule, file_name(said.text))) {
        const Words rest = arguments.subspan(word + 1);
        return by_sub_command(*sub, name, rest, depth);
      }
    }
    if (!rule.exec_options.empty()) return with_executed(rule, name, arguments, depth);
    add(rule.action.empty() ? std::string_view(table_.unknown()) : std::string_view(rule.action),
        name, arguments, &rule);
  }

  // What a wrapper runs: a program of the table, else what the wrapper itself knows by that name
  // (`poetry run test`), else some program.
  void wrapped(const ProgramRule& rule, std::string_view name, Words words, int depth) {
    const std::string_view said = words.front().text;
    const bool is_known = rule_of(file_name(said)).rule != nullptr;
    const ProgramRule* const own = is_known ? nullptr : sub_command(rule, said);
    if (own == nullptr) return program(words, depth + 1);
    by_sub_command(*own, name, words.subspan(1), depth + 1);
  }

  void by_sub_command(const ProgramRule& rule, std::string_view name, Words words, int depth) {
    if (rule.alias.empty()) return by_rule(rule, name, words, depth);
    by_rule(*table_.program(rule.alias), rule.alias, words, depth);
  }

  // python -m pytest tests: pytest tests; where nobody knows the module, the program itself.
  void module(const ProgramRule& rule, std::string_view name, Words words, int depth) {
    const Rule known = rule_of(words.front().text);
    if (known.rule != nullptr && depth < kDeepestProgram) {
      return by_rule(*known.rule, known.name, words.subspan(1), depth + 1);
    }
    add(rule.action.empty() ? std::string_view(table_.unknown()) : std::string_view(rule.action),
        name, words.subspan(1), nullptr);
  }

  void script_option(std::string_view name, Words words) {
    const auto text = std::find_if_not(words.begin(), words.end(), is_option);
    if (text != words.end() && text->literal) return inner_script(text->text);
    add(table_.unknown(), name, words, nullptr);
  }

  void joined_script(std::string_view name, Words words) {
    const auto is_literal = [](const ShellWord& word) { return word.literal; };
    if (!std::all_of(words.begin(), words.end(), is_literal)) {
      return add(table_.unknown(), name, words, nullptr);
    }
    inner_script(joined(words));
  }

  void inner_script(std::string_view text) {
    const std::string own(text);
    const SimpleCommand* const outer = command_;
    const std::size_t depth = script_depth_;
    const std::size_t first = found_.actions.size();
    script(own, depth + 1);
    piped_text_ = {};  // it may be of `own`
    command_ = outer;
    script_depth_ = depth;
    if (found_.actions.size() > first) note_redirects(found_.actions.back());
  }

  // find … -exec COMMAND {} \;
  void with_executed(const ProgramRule& rule, std::string_view name, Words arguments, int depth) {
    std::size_t own = arguments.size();
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (contains(rule.exec_options, arguments[i].text)) {
        own = i;
        break;
      }
    }
    add(rule.action, name, arguments.first(own), &rule);
    while (own < arguments.size()) {
      std::size_t end = own + 1;
      while (end < arguments.size() && arguments[end].text != ";" && arguments[end].text != "+") {
        ++end;
      }
      std::vector<ShellWord> inner(arguments.begin() + static_cast<std::ptrdiff_t>(own) + 1,
                                   arguments.begin() + static_cast<std::ptrdiff_t>(end));
      for (ShellWord& word : inner) word.literal = word.literal && word.text != "{}";
      if (!inner.empty()) executed(inner, depth);
      own = end;
      while (own < arguments.size() && !contains(rule.exec_options, arguments[own].text)) ++own;
    }
  }

  // A command of its own: what the whole line reads and writes is `find`'s.
  void executed(const std::vector<ShellWord>& words, int depth) {
    SimpleCommand own;
    const std::string source = joined(words);
    own.source = source;
    const SimpleCommand* const outer = std::exchange(command_, &own);
    program(words, depth + 1);
    command_ = outer;
  }

  bool writes(std::string_view action) const {
    const ToolKind* kind = table_.kind_of(action);
    return kind != nullptr && *kind == ToolKind::kWrite;
  }

  // `… | tee FILE` is a redirect of what stands before, where that is more than text to be written.
  bool is_redirect_of_last(std::string_view name) const {
    return name == "tee" && command_->piped && found_.actions.size() > pipe_begin_ &&
           table_.written(found_.actions.back().action) == found_.actions.back().action;
  }

  // Does the command only pass on what comes before in the pipe, or what the script itself says?
  bool only_filters(std::string_view action, std::string_view name,
                    const std::vector<std::string>& operands) const {
    if (writes(action) || !table_.is_filter(name)) return false;
    return command_->piped || (!command_->here_text.empty() && operands.empty());
  }

  void add(std::string_view action, std::string_view name, Words arguments,
           const ProgramRule* rule) {
    const bool output_option = rule != nullptr && gives_any(*rule, arguments, rule->writes_options);
    if (command_->output_to_file || output_option) action = table_.written(action);
    if (action == kNoWork) return;
    ShellAction made;
    made.action = action;
    made.program = plain_name(name);
    made.source = command_->source;
    const std::vector<std::string> operands = note_arguments(arguments, rule, made);
    if (only_filters(action, name, operands)) {
      if (name == kUnchanged && operands.empty()) piped_text_ = command_->here_text;
      return;
    }
    if (rule != nullptr) note_open_file(*rule, operands, made);
    if (rule != nullptr && writes(action)) note_written(*rule, operands, made);
    note_redirects(made);
    if (!command_->here_text.empty()) made.values.emplace_back(trimmed(command_->here_text));
    if (is_redirect_of_last(name)) {
      ShellAction& last = found_.actions.back();
      std::move(made.written.begin(), made.written.end(), std::back_inserter(last.written));
      return;
    }
    found_.actions.push_back(std::move(made));
  }

  // Values and paths of the arguments. The operands that are no text.
  std::vector<std::string> note_arguments(Words arguments, const ProgramRule* rule,
                                          ShellAction& action) const {
    static const ProgramRule any;
    if (rule == nullptr) rule = &any;
    const bool text_is_operand = !gives_any(*rule, arguments, rule->text_options) &&
                                 !gives_any(*rule, arguments, rule->no_text);
    std::size_t text_operands = rule->text == ProgramRule::Text::kAll ? arguments.size()
                                : text_is_operand && rule->text == ProgramRule::Text::kFirst ? 1
                                                                                             : 0;
    std::vector<std::string> operands;
    bool options_end = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const ShellWord& word = arguments[i];
      if (!options_end && is_option(word)) {
        options_end = word.text == "--";
        i += note_option(*rule, arguments.subspan(i), action);
        continue;
      }
      const bool is_text = text_operands > 0;
      if (is_text) --text_operands;
      if (!word.literal) continue;
      if (is_text || rule->in_open_file) {  // a pattern; a line
        action.values.push_back(word.text);
        continue;
      }
      note_value(word.text, false, action);
      if (word.text != "-") operands.push_back(word.text);
    }
    return operands;
  }

  // The value of the option that `words` begin with. How many of the next words it is.
  std::size_t note_option(const ProgramRule& rule, Words words, ShellAction& action) const {
    const ShellWord& word = words.front();
    const std::size_t equals = word.text.find('=');
    const std::string option = word.text.substr(0, equals);
    const bool output = contains(rule.writes_options, option);
    const bool joined_value = equals != std::string::npos && word.literal;
    const bool next_value =
        equals == std::string::npos && (output || takes_next(rule, option)) && words.size() > 1;
    const ShellWord& holder = next_value ? words[1] : word;
    if (joined_value || (next_value && holder.literal)) {
      const std::string value = joined_value ? word.text.substr(equals + 1) : holder.text;
      if (rule.text == ProgramRule::Text::kAll ||
          gives_any(rule, words.first(1), rule.text_options)) {
        action.values.push_back(value);
      } else {
        note_value(value, output, action);
      }
    }
    return next_value ? 1 : 0;
  }

  void note_value(const std::string& text, bool written, ShellAction& action) const {
    action.values.push_back(text);
    note_path(text, written, action);
  }

  void note_path(std::string_view text, bool written, ShellAction& action) const {
    if (text.empty() || text.size() > kLongestPath ||
        text.find_first_of("\n*?") != std::string_view::npos) {
      return;
    }
    (written ? action.written : action.paths).push_back(joined_path(folder_, named_file(text)));
  }

  void note_open_file(const ProgramRule& rule, const std::vector<std::string>& operands,
                      ShellAction& action) {
    if (rule.opens && !operands.empty()) open_file_ = joined_path(folder_, operands.front());
    if (!rule.in_open_file || open_file_.empty()) return;
    (writes(action.action) ? action.written : action.paths).push_back(open_file_);
  }

  void note_redirects(ShellAction& action) const {
    for (const ShellRedirect& redirect : command_->files) {
      if (!redirect.path.literal) continue;
      note_value(redirect.path.text, redirect.writes, action);
    }
  }

  void note_written(const ProgramRule& rule, const std::vector<std::string>& operands,
                    ShellAction& action) const {
    using Writes = ProgramRule::Writes;
    switch (rule.writes) {
      case Writes::kNothing:
        break;
      case Writes::kAll:
        for (const std::string& path : operands) note_path(path, true, action);
        break;
      case Writes::kLast:
        if (operands.size() < 2) break;
        note_path(operands.back(), true, action);
        for (std::size_t i = 0; i + 1 < operands.size(); ++i) {  // where the last is a folder
          note_path(operands.back() + "/" + std::string(file_name(operands[i])), true, action);
        }
        break;
      case Writes::kPatch:
        for (const std::string& path : paths_of_patch(command_->here_text)) {
          note_path(path, true, action);
        }
        for (const std::string& operand : operands) {
          for (const std::string& path : paths_of_patch(operand)) note_path(path, true, action);
        }
        break;
    }
  }

  const ActionTable& table_;
  ShellParser& parser_;
  std::string& open_file_;
  ScriptActions& found_;
  const SimpleCommand* command_ = nullptr;
  std::size_t script_depth_ = 0;
  std::size_t bytes_left_ = 0;   // to be parsed: scripts nest, so each byte a few times
  std::size_t pipe_begin_ = 0;   // the first action of the pipe
  std::string_view piped_text_;  // of a here-document, that the next command of the pipe reads
  std::string folder_;  // where `cd` has led, from where the script started; "": there, or unknown
};

}  // namespace

ScriptActions ShellActions::of_script(std::string_view script) {
  ScriptActions found;
  Reader(table_, parser_, open_file_, found).whole(script);
  return found;
}

ScriptActions ShellActions::of_arguments(const std::vector<std::string>& arguments) {
  SimpleCommand command;
  for (const std::string& argument : arguments) command.words.push_back({argument, true});
  const std::string source = joined(command.words);
  command.source = source;
  ScriptActions found;
  Reader(table_, parser_, open_file_, found).whole(command);
  return found;
}

void ShellActions::open(std::string_view path) { open_file_ = joined_path({}, path); }

std::vector<std::string> paths_of_patch(std::string_view patch) {
  constexpr std::string_view kOwnMarks[] = {
      "*** Add File: ", "*** Update File: ", "*** Delete File: ", "*** Move to: "};
  std::vector<std::string> paths;
  const auto note = [&](std::string_view path) {
    path = trimmed(path.substr(0, path.find('\t')));
    if (!path.empty() && path != "/dev/null") paths.emplace_back(path);
  };
  while (!patch.empty()) {
    const std::size_t end = patch.find('\n');
    const std::string_view line = patch.substr(0, end);
    patch = end == std::string_view::npos ? std::string_view{} : patch.substr(end + 1);
    for (const std::string_view mark : kOwnMarks) {
      if (line.starts_with(mark)) note(line.substr(mark.size()));
    }
    if (line.starts_with("+++ ")) {
      const std::string_view path = line.substr(4);
      note(path.starts_with("b/") ? path.substr(2) : path);
    }
  }
  return paths;
}

std::string_view named_file(std::string_view text) {
  const auto has_ending = [](std::string_view path) {
    return file_name(path).find('.') != std::string_view::npos;
  };
  if (const std::string_view file = text.substr(0, text.find("::")); has_ending(file)) text = file;
  for (int numbers = 0; numbers < 2; ++numbers) {  // line and column
    const std::size_t colon = text.find_last_not_of("0123456789");
    if (colon == std::string_view::npos || text[colon] != ':' || colon + 1 == text.size() ||
        !has_ending(text.substr(0, colon))) {
      break;
    }
    text = text.substr(0, colon);
  }
  return text;
}

std::string joined_path(std::string_view from, std::string_view path) {
  const bool own_root = path.starts_with('/') || path.starts_with('~');
  std::string whole;
  if (!own_root && !from.empty()) whole.append(from).append("/");
  whole.append(path);
  const bool absolute = whole.starts_with('/');
  std::vector<std::string_view> parts;
  std::string_view rest = whole;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part != ".." || !absolute) {
      parts.push_back(part);
    }
  }
  std::string clean = absolute ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) clean += '/';
    clean += parts[i];
  }
  return clean;
}

}  // namespace agentecho
