#include "agentecho/completion.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>

#include "agentecho/base/text.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/option_data.h"
#include "agentecho/readers/inputs.h"

namespace agentecho::cli {

namespace {

constexpr std::uint64_t kMostLogBytes = 200'000'000;  // more would keep the reader waiting

const CLI::Option* find_option(const CLI::App& command, std::string_view name) {
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& known : names_of(*option)) {
      if (known == name) return option;
    }
  }
  return nullptr;
}

bool takes_value(const CLI::Option& option) { return option.get_expected_max() > 0; }

// Where on the line the word being typed stands.
struct Position {
  const CLI::App* command = nullptr;
  const CLI::Option* value_of = nullptr;    // the word is a value of this option
  int values_left = 0;                      // of it, with this one
  std::size_t arguments = 0;                // positional ones before it
  std::vector<std::string> arguments_read;  // and which
};

Position position_of(const CLI::App& app, const std::vector<std::string>& words) {
  Position at;
  at.command = &app;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string& word = words[i];
    if (at.value_of != nullptr) {
      if (--at.values_left == 0) at.value_of = nullptr;
      continue;
    }
    if (word.starts_with("-") && word.size() > 1) {
      const CLI::Option* option = find_option(*at.command, word);
      if (option != nullptr && takes_value(*option)) {
        at.value_of = option;
        at.values_left = std::max(option->get_items_expected_min(), 1);
      }
      continue;
    }
    if (at.command == &app && word == "help") continue;  // goes on with the name of a command
    const auto commands = commands_of(*at.command);
    const auto next = std::find_if(commands.begin(), commands.end(), [&](const CLI::App* command) {
      return command->get_name() == word;
    });
    if (next != commands.end()) {
      at.command = *next;
    } else {
      ++at.arguments;
      at.arguments_read.push_back(word);
    }
  }
  return at;
}

// The corpus of the logs among the words; nothing where there are none, too many bytes or errors.
std::optional<Corpus> logs_on_line(const std::vector<std::string>& words) {
  std::vector<InputSpec> specs;
  std::uint64_t bytes = 0;
  for (const std::string& word : words) {
    // NAME=PATH, too
    const std::size_t equals = word.find('=');
    const std::string path = equals == std::string::npos ? word : word.substr(equals + 1);
    std::error_code error;
    if (path.empty() || path == "-" || !std::filesystem::exists(path, error)) continue;
    specs.push_back({path, equals == std::string::npos ? "" : word.substr(0, equals)});
  }
  if (specs.empty()) return std::nullopt;
  auto inputs = resolve_inputs(specs);
  if (!inputs) return std::nullopt;
  CorpusOptions options;
  options.load.files = std::move(inputs->files);
  for (const InputFile& file : options.load.files) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file.path, error)) return std::nullopt;
    bytes += std::filesystem::file_size(file.path, error);
  }
  if (bytes > kMostLogBytes) return std::nullopt;
  auto loaded = load_corpus(options);
  if (!loaded) return std::nullopt;
  return std::move(loaded->corpus);
}

// Names that a value of this type is chosen from.
std::vector<std::string> names_in_logs(std::string_view type,
                                       const std::vector<std::string>& words) {
  const bool models = type.starts_with("MODEL") || type == "A B";
  const bool tasks = type.starts_with("TASK");
  const bool domains = type.starts_with("DOMAIN");
  const bool benchmarks = type.starts_with("BENCHMARK");
  if (!models && !tasks && !domains && !benchmarks) return {};
  const std::optional<Corpus> corpus = logs_on_line(words);
  if (!corpus) return {};
  if (models) return corpus->models();
  std::set<std::string> names;
  for (const TaskKey& task : corpus->tasks()) {
    names.insert(tasks ? task.task_id : domains ? task.domain : task.benchmark);
  }
  return {names.begin(), names.end()};
}

bool is_path(std::string_view type) {
  return type == "FILE" || type == "DIR" || type == "NAME=PATH" || type == "PATH";
}

// Those that begin with the word; of a list, with its last part, the parts before it kept.
void add_matching(const std::vector<std::string>& values, const std::string& word, bool list,
                  std::vector<std::string>& out) {
  const std::size_t comma = list ? word.rfind(',') : std::string::npos;
  const std::string before = comma == std::string::npos ? "" : word.substr(0, comma + 1);
  const std::string_view begun = std::string_view(word).substr(before.size());
  for (const std::string& value : values) {
    if (value.starts_with(begun)) out.push_back(before + value);
  }
}

void complete_value(const CLI::Option& option, const std::string& word,
                    const std::vector<std::string>& words, Completions& out) {
  const std::string type = value_name(option);
  const bool list = type.find(",...") != std::string::npos;
  add_matching(values_of(option), word, list, out.words);
  if (out.words.empty()) add_matching(names_in_logs(type, words), word, list, out.words);
  out.files = out.words.empty() && is_path(type);
}

}  // namespace

Completions complete(const CLI::App& app, const std::vector<std::string>& words) {
  Completions out;
  if (words.empty()) return out;
  const Position at = position_of(app, words);
  const std::string& word = words.back();
  if (at.value_of != nullptr) {
    complete_value(*at.value_of, word, words, out);
    return out;
  }
  if (word.starts_with("-") && word.size() > 1) {
    const std::size_t equals = word.find('=');
    const CLI::Option* option =
        equals == std::string::npos ? nullptr : find_option(*at.command, word.substr(0, equals));
    if (option != nullptr) {
      complete_value(*option, word.substr(equals + 1), words, out);
      for (std::string& value : out.words) value.insert(0, word.substr(0, equals + 1));
      return out;
    }
    std::vector<std::string> names;
    for (const OptionGroup& group : groups_of(*at.command)) {
      for (const CLI::Option* known : group.options) {
        if (!known->get_positional()) names.push_back(longest_name(*known));
      }
    }
    add_matching(names, word, false, out.words);
    return out;
  }
  std::vector<std::string> commands;
  for (const CLI::App* command : commands_of(*at.command)) commands.push_back(command->get_name());
  add_matching(commands, word, false, out.words);
  if (!commands.empty()) return out;
  // Which argument it is: all but the last take one word.
  std::vector<const CLI::Option*> arguments;
  for (const CLI::Option* option : at.command->get_options()) {
    if (option->get_positional()) arguments.push_back(option);
  }
  if (arguments.empty()) return out;
  const CLI::Option& argument = *arguments[std::min(at.arguments, arguments.size() - 1)];
  add_matching(values_of(argument), word, false, out.words);
  // Models may be named before or behind the logs: both are offered.
  if (value_name(argument) == "MODEL") {
    add_matching(names_in_logs("MODEL", words), word, false, out.words);
  }
  out.files = values_of(argument).empty();
  return out;
}

std::string completions_text(const CLI::App& app, const std::vector<std::string>& words) {
  const Completions completions = complete(app, words);
  std::string out = completions.files ? ":files\n" : "";
  // A name with characters that would turn the line around, or that nobody sees, is not offered.
  for (const std::string& word : completions.words) {
    if (printable(word) == word) out += word + "\n";
  }
  return out;
}

std::string completion_script(const std::string& shell) {
  if (shell == "fish") {
    return R"(function __agentecho_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (agentecho __complete $words[2..-1] 2>/dev/null)
  if test "$found[1]" = ":files"
    __fish_complete_path (commandline -ct)
    set -e found[1]
  end
  string join \n -- $found
end
complete -c agentecho -f -a '(__agentecho_complete)'
)";
  }
  const std::string bash = R"SH(_agentecho() {
  local IFS=$'\n' line words found
  # The line up to the cursor, so that the shell's own word breaks (= and :) do not matter.
  line=${COMP_LINE:0:COMP_POINT}
  IFS=$' \t\n' read -r -a words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  local typed=${words[${#words[@]}-1]} current=${COMP_WORDS[COMP_CWORD]}
  found=($(agentecho __complete "${words[@]:1}" 2>/dev/null))
  COMPREPLY=()
  if [[ ${found[0]} == ":files" ]]; then
    found=("${found[@]:1}")
    COMPREPLY=($(compgen -f -- "$current"))
    compopt -o filenames 2>/dev/null
  fi
  # What stands before the current word in the shell's eyes is not to be repeated.
  [[ $current == "=" || $current == ":" ]] && current=
  local shared=${typed%"$current"} word
  for word in "${found[@]}"; do
    COMPREPLY+=("$(printf '%q' "${word#"$shared"}")")
  done
}
complete -F _agentecho agentecho
)SH";
  return shell == "zsh" ? "#compdef agentecho\nautoload -U +X bashcompinit && bashcompinit\n" + bash
                        : bash;
}

}  // namespace agentecho::cli
