#include "agentecho/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "agentecho/corpus/names.h"

namespace agentecho::cli {

namespace {

const CLI::App& parsed_command(const CLI::App& app) {
  const auto subcommands = app.get_subcommands();
  return subcommands.empty() ? app : parsed_command(*subcommands.front());
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  std::vector<const CLI::App*> commands;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (!command->get_group().empty()) commands.push_back(command);
  }
  return commands;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string spelled(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name();
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back(fmt::format("-{}", name));
  for (const std::string& name : option.get_lnames()) names.push_back(fmt::format("--{}", name));
  std::string text = fmt::format("{}", fmt::join(names, ", "));
  if (option.get_expected_max() > 0 && !option.get_type_name().empty()) {
    text += " " + option.get_type_name();
  }
  return text;
}

std::string escaped_for_markdown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

// "agentecho experiment families"
std::string path_of(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : path_of(*parent) + " " + command.get_name();
}

void append_command(std::string& out, const CLI::App& command) {
  out += fmt::format("\n## {}\n\n{}\n\n| option | meaning | default |\n| --- | --- | --- |\n",
                     path_of(command), command.get_description());
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    out += fmt::format("| `{}` | {} | {} |\n", escaped_for_markdown(spelled(*option)),
                       escaped_for_markdown(option->get_description()),
                       escaped_for_markdown(option->get_default_str()));
  }
  if (!command.get_footer().empty()) out += fmt::format("\n```\n{}\n```\n", command.get_footer());
  for (const CLI::App* subcommand : commands_of(command)) append_command(out, *subcommand);
}

std::string first_sentence(const std::string& text) {
  std::string sentence = text.substr(0, text.find(". "));
  std::replace(sentence.begin(), sentence.end(), '\n', ' ');
  std::replace(sentence.begin(), sentence.end(), '\'', ' ');
  return sentence;
}

std::string bash_completion(const CLI::App& app) {
  std::string out = "_agentecho() {\n  local cur=${COMP_WORDS[COMP_CWORD]}\n  COMPREPLY=()\n";
  std::vector<std::string> names;
  for (const CLI::App* command : commands_of(app)) names.push_back(command->get_name());
  out += fmt::format(
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W \"{} --help\" -- "
      "\"$cur\"))\n    return\n  fi\n",
      fmt::join(names, " "));
  out += "  case \"$cur\" in\n    -*)\n      case \"${COMP_WORDS[1]}\" in\n";
  for (const CLI::App* command : commands_of(app)) {
    out += fmt::format("        {}) COMPREPLY=($(compgen -W \"{}\" -- \"$cur\"));;\n",
                       command->get_name(), fmt::join(option_names(*command), " "));
  }
  out += "      esac;;\n    *) COMPREPLY=($(compgen -f -- \"$cur\"));;\n  esac\n}\n";
  return out + "complete -o filenames -F _agentecho agentecho\n";
}

std::string zsh_completion(const CLI::App& app) {
  return "#compdef agentecho\nautoload -U +X bashcompinit && bashcompinit\n" + bash_completion(app);
}

std::string fish_completion(const CLI::App& app) {
  std::string out;
  for (const CLI::App* command : commands_of(app)) {
    out += fmt::format("complete -c agentecho -n __fish_use_subcommand -f -a {} -d '{}'\n",
                       command->get_name(), first_sentence(command->get_description()));
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) {
        out +=
            fmt::format("complete -c agentecho -n '__fish_seen_subcommand_from {}' -l {} -d '{}'\n",
                        command->get_name(), name, first_sentence(option->get_description()));
      }
    }
  }
  return out;
}

}  // namespace

std::shared_ptr<CLI::Formatter> make_help_formatter() {
  auto formatter = std::make_shared<CLI::Formatter>();
  formatter->column_width(34);
  return formatter;
}

std::string help_of(const CLI::App& app) {
  const CLI::App& command = parsed_command(app);
  return command.help(&command == &app ? "" : path_of(*command.get_parent()));
}

Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = parsed_command(app);
  std::string hint = fmt::format("see `{} --help`", path_of(command));
  std::string message = error.what();
  const auto extras = command.remaining(true);
  if (!extras.empty()) {
    std::vector<std::string> known = option_names(command);
    for (const CLI::App* subcommand : commands_of(command)) known.push_back(subcommand->get_name());
    const std::string& unknown = extras.front();
    const std::string nearest = nearest_name(unknown, known);
    const bool is_option = unknown.starts_with("-");
    message =
        fmt::format("unknown {} \"{}\"", is_option ? "option" : "command or argument", unknown);
    if (!nearest.empty()) hint = fmt::format("did you mean {}? {}", nearest, hint);
  }
  std::replace(message.begin(), message.end(), '\n', ' ');
  return {ErrorKind::kUsage, message, hint};
}

std::string markdown_reference(const CLI::App& app) {
  std::string out =
      "# Command line\n\n"
      "Made from the program's own option data by `agentecho reference`; a test keeps it true.\n\n";
  out += fmt::format("```\n{}\n```\n", app.get_footer());
  for (const CLI::App* command : commands_of(app)) append_command(out, *command);
  return out;
}

std::string completion_script(const CLI::App& app, const std::string& shell) {
  if (shell == "fish") return fish_completion(app);
  return shell == "zsh" ? zsh_completion(app) : bash_completion(app);
}

}  // namespace agentecho::cli
