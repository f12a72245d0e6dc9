#include "agentecho/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/corpus/names.h"
#include "agentecho/option_data.h"
#include "agentecho/options/section.h"
#include "agentecho/report/text_lines.h"

namespace agentecho::cli {

namespace {

constexpr std::size_t kWidth = 80;

const CLI::App& parsed_command(const CLI::App& app) {
  const auto subcommands = app.get_subcommands();
  return subcommands.empty() ? app : parsed_command(*subcommands.front());
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    const std::vector<std::string> own = names_of(*option);
    names.insert(names.end(), own.begin(), own.end());
  }
  return names;
}

std::string spelled(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name();
  std::string text = fmt::format("{}", fmt::join(names_of(option), ", "));
  if (option.get_expected_max() > 0 && !value_name(option).empty())
    text += " " + value_name(option);
  return text;
}

// The meaning, with the values that are allowed where it does not name them.
std::string meaning_of(const CLI::Option& option) {
  std::string text = option.get_description();
  const std::vector<std::string> values = values_of(option);
  const bool named = std::all_of(values.begin(), values.end(), [&](const std::string& value) {
    return text.find(value) != std::string::npos;
  });
  if (!named) text += fmt::format(" ({})", fmt::join(values, ", "));
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

std::string first_sentence(const std::string& text) {
  std::string sentence = text.substr(0, text.find(". "));
  std::replace(sentence.begin(), sentence.end(), '\n', ' ');
  return sentence;
}

// Examples: a command that is wider than the screen goes on in the next line, as a shell reads it.
std::string with_folded_commands(const std::string& examples) {
  constexpr std::string_view kGoesOn = " \\\n      ";
  std::string out;
  std::string_view rest = examples;
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const bool is_command = line.starts_with("  ");
    std::size_t room = kWidth;
    while (is_command && line.size() > room) {
      const std::size_t blank = line.rfind(' ', room - 2);
      if (blank == line.npos || line.find_first_not_of(' ') > blank) break;
      out += fmt::format("{}{}", line.substr(0, blank), kGoesOn);
      line.remove_prefix(blank + 1);
      room = kWidth - 6;
    }
    out += fmt::format("{}\n", line);
  }
  return out;
}

// The value that an option has where it is not given; empty where help says nothing of one. Of a
// list the parser gives "[a,b]".
std::string default_of(const CLI::Option& option) {
  const std::string& usual = option.get_default_str();
  if (usual == "\"\"" || option.get_expected_max() == 0) return {};
  const bool list = usual.starts_with('[') && usual.ends_with(']');
  return list ? usual.substr(1, usual.size() - 2) : usual;
}

// What is told of an option once for all commands that have it.
std::string entry_of(const CLI::Option& option) {
  return fmt::format("| `{}` | {} | {} |\n", escaped_for_markdown(spelled(option)),
                     escaped_for_markdown(meaning_of(option)),
                     escaped_for_markdown(default_of(option)));
}

constexpr const char* kTableHead = "| option | meaning | default |\n| --- | --- | --- |\n";

std::string anchor_of(const std::string& title) {
  std::string anchor;
  for (const char c : ascii_lowered(title)) anchor += c == ' ' ? '-' : c;
  return anchor;
}

// The sections of options that several commands have, and how many have each entry.
class SharedOptions {
 public:
  explicit SharedOptions(const CLI::App& app) {
    count(app);
    for (const std::string& section : sections_) {
      std::erase_if(entries_[section], [](const Entry& entry) { return entry.commands < kFewest; });
    }
  }

  bool has(const CLI::Option& option) const {
    const auto found = entries_.find(option.get_group());
    if (found == entries_.end()) return false;
    return std::any_of(
        found->second.begin(), found->second.end(),
        [text = entry_of(option)](const Entry& entry) { return entry.text == text; });
  }

  std::string tables() const {
    std::string out;
    for (const std::string& section : sections_) {
      const auto& entries = entries_.at(section);
      if (entries.empty()) continue;
      out += fmt::format("\n## Options: {}\n\n{}", section, kTableHead);
      for (const Entry& entry : entries) out += entry.text;
    }
    return out;
  }

 private:
  static constexpr std::size_t kFewest = 4;  // commands
  struct Entry {
    std::string text;
    std::size_t commands = 0;
  };

  void count(const CLI::App& command) {
    for (const CLI::Option* option : command.get_options()) {
      const std::string& section = option->get_group();
      if (section.empty()) continue;
      if (entries_.find(section) == entries_.end()) sections_.push_back(section);
      auto& entries = entries_[section];
      const std::string text = entry_of(*option);
      const auto known = std::find_if(entries.begin(), entries.end(),
                                      [&](const Entry& entry) { return entry.text == text; });
      if (known == entries.end()) {
        entries.push_back({text, 1});
      } else {
        ++known->commands;
      }
    }
    for (const CLI::App* subcommand : commands_of(command)) count(*subcommand);
  }

  std::vector<std::string> sections_;  // in order of appearance
  std::map<std::string, std::vector<Entry>> entries_;
};

void append_command(std::string& out, const CLI::App& command, const SharedOptions& shared) {
  out += fmt::format("\n## {}\n\n{}\n", path_of(command), command.get_description());
  std::string own;
  std::string common;
  for (const OptionGroup& group : groups_of(command)) {
    std::vector<std::string> names;
    for (const CLI::Option* option : group.options) {
      if (shared.has(*option)) {
        names.push_back(fmt::format(
            "`{}`", option->get_positional() ? option->get_name() : longest_name(*option)));
      } else {
        own += entry_of(*option);
      }
    }
    if (names.empty()) continue;
    common += fmt::format("- [{}](#{}): {}\n", group.title, anchor_of("options: " + group.title),
                          fmt::join(names, ", "));
  }
  if (!own.empty()) out += fmt::format("\n{}{}", kTableHead, own);
  if (!common.empty()) out += "\n" + common;
  if (!command.get_footer().empty()) out += fmt::format("\n```\n{}\n```\n", command.get_footer());
  for (const CLI::App* subcommand : commands_of(command)) {
    append_command(out, *subcommand, shared);
  }
}

// --- help ---

constexpr std::size_t kMeaningAt = 28;

std::string option_lines(const OptionGroup& group) {
  std::string out;
  for (const CLI::Option* option : group.options) {
    std::string meaning = meaning_of(*option);
    const std::string usual = default_of(*option);
    if (!usual.empty()) meaning += fmt::format(" [{}]", usual);
    if (option->get_required()) meaning += " (required)";
    out += two_columns(spelled(*option), meaning);
  }
  return out;
}

std::string help_text(const CLI::App& command, bool all) {
  std::string description = command.get_description();
  std::replace(description.begin(), description.end(), '\n', ' ');
  std::string out = wrapped_text(description, kWidth);
  std::string usage = "Usage: " + path_of(command) + " [OPTIONS]";
  const std::vector<OptionGroup> groups = groups_of(command);
  for (const OptionGroup& group : groups) {
    for (const CLI::Option* option : group.options) {
      if (!option->get_positional()) continue;
      const bool many = option->get_items_expected_max() > 1;
      const std::string name = option->get_name() + (many ? "..." : "");
      usage += option->get_required() ? " " + name : fmt::format(" [{}]", name);
    }
  }
  const auto subcommands = commands_of(command);
  if (!subcommands.empty()) usage += " COMMAND";
  out += "\n" + usage + "\n";
  if (!subcommands.empty()) {
    out += "\nCommands:\n";
    for (const CLI::App* subcommand : subcommands) {
      out += two_columns(subcommand->get_name(), first_sentence(subcommand->get_description()));
    }
  }
  std::size_t hidden = 0;
  for (const OptionGroup& group : groups) {
    if (group.title == kAskingGroup && !all) {
      hidden = group.options.size();
      continue;
    }
    out += fmt::format("\n{}:\n{}", group.title, option_lines(group));
  }
  if (hidden > 0) {
    out += "\n" + wrapped_text(fmt::format("{} ({}): `{} --help-all` shows them.", kAskingGroup,
                                           counted(hidden, "option", "options"), path_of(command)),
                               kWidth);
  }
  if (!command.get_footer().empty()) out += "\n" + with_folded_commands(command.get_footer());
  return out;
}

// --- manual page ---

std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += "\\&";
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

void append_manual(std::string& out, const CLI::App& command) {
  out += fmt::format(".SS \"{}\"\n{}\n", roff(path_of(command)), roff(command.get_description()));
  for (const OptionGroup& group : groups_of(command)) {
    if (commands_of(command).empty()) out += fmt::format(".PP\n.I {}\n", roff(group.title));
    for (const CLI::Option* option : group.options) {
      out += fmt::format(".TP\n.B {}\n{}\n", roff(spelled(*option)), roff(meaning_of(*option)));
    }
  }
  if (!command.get_footer().empty()) {
    out += fmt::format(".PP\n.EX\n{}\n.EE\n", roff(command.get_footer()));
  }
  for (const CLI::App* subcommand : commands_of(command)) append_manual(out, *subcommand);
}

}  // namespace

std::string two_columns(const std::string& left, const std::string& right) {
  std::string out = "  " + left;
  const std::string lines = wrapped_text(right, kWidth - kMeaningAt);
  bool first = true;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find('\n', at);
    const std::size_t used = display_width(out.substr(out.rfind('\n') + 1));
    if (!first || used + 2 > kMeaningAt) {
      out += '\n';
      out += std::string(kMeaningAt, ' ');
    } else {
      out += std::string(kMeaningAt - used, ' ');
    }
    out += lines.substr(at, end - at);
    first = false;
    at = end + 1;
  }
  return out + "\n";
}

std::string help_of(const CLI::App& app, bool all) { return help_text(parsed_command(app), all); }

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

Error out_of_memory(const CLI::App& app) {
  std::string hint = "use fewer --threads, or a smaller --max-record-mb";
  if (parsed_command(app).get_name() == "compare") {
    hint += "; --reference MODEL compares with one model only";
  }
  return {ErrorKind::kFailed, "out of memory", std::move(hint)};
}

std::string markdown_reference(const CLI::App& app) {
  const SharedOptions shared(app);
  std::string out =
      "# Command line\n\n"
      "Made from the program's own option data by `agentecho reference`; a test keeps it true. "
      "Options that four or more\ncommands have stand once, at the end.\n\n";
  out += fmt::format("```\n{}\n```\n", app.get_footer());
  for (const CLI::App* command : commands_of(app)) append_command(out, *command, shared);
  return out + shared.tables();
}

std::string manual_page(const CLI::App& app, std::string_view version) {
  std::string description = app.get_description();
  std::replace(description.begin(), description.end(), '\n', ' ');
  std::string out = fmt::format(
      ".TH AGENTECHO 1 \"\" \"agentecho {}\" \"User Commands\"\n.SH NAME\n"
      "agentecho \\- how alike LLM agents behave where the task leaves them a choice\n"
      ".SH SYNOPSIS\n.B agentecho\n.I COMMAND\n[OPTIONS] [PATHS...]\n"
      ".SH DESCRIPTION\n{}\n.PP\n.EX\n{}\n.EE\n.SH COMMANDS\n",
      version, roff(description), roff(app.get_footer()));
  for (const CLI::App* command : commands_of(app)) append_manual(out, *command);
  return out;
}

}  // namespace agentecho::cli
