#include "agentecho/actions/shell_commands.h"

#include <fmt/format.h>
#include <tree_sitter/api.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <unordered_set>
#include <utility>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"

extern "C" const TSLanguage* tree_sitter_bash(void);

namespace agentecho {

namespace {

constexpr std::size_t kDeepest = 200;
// Steps of the parser (lexing, shifting, reducing): text of people takes 1 to 16 a byte; recovery
// from errors may take any number.
constexpr std::size_t kStepsPerByte = 40;
constexpr std::size_t kSpareSteps = 4000;
// What the parser writes in its log when no reading of the script is left without an error.
// Recovery copies all that it has skipped at each step, so it is cut short: by now the script is no
// bash, unless a reading of the whole had been found before.
constexpr std::string_view kRecovery = "resume version";
constexpr std::size_t kStepsOfRecovery = 2000;
// `time { time { … } }`: for each level a script is parsed once more.
constexpr int kMostKeywords = 3;

std::string_view type_of(TSNode node) { return ts_node_type(node); }

class Walker {
 public:
  explicit Walker(std::string_view script) : script_(script) {}

  bool walk(TSNode root) {
    statement(root, false, 0);
    leave_out_functions();
    return !too_deep_;
  }
  std::vector<SimpleCommand> take() { return std::move(commands_); }
  // From where to where keywords stand behind which the grammar takes others for programs or their
  // arguments: `time {`, `! for`.
  const std::vector<std::pair<std::size_t, std::size_t>>& keywords() const { return keywords_; }

 private:
  std::string_view text(TSNode node) const { return between(begin(node), end(node)); }
  static std::size_t begin(TSNode node) { return ts_node_start_byte(node); }
  static std::size_t end(TSNode node) { return ts_node_end_byte(node); }
  std::string_view between(std::size_t first, std::size_t last) const {
    first = std::min(first, script_.size());
    return script_.substr(first, std::max(first, last) - first);
  }

  // Calls take(child, field name or "") for every child, named or not.
  template <class Take>
  static void each_child(TSNode node, Take take) {
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    if (ts_tree_cursor_goto_first_child(&cursor)) {
      do {
        const char* field = ts_tree_cursor_current_field_name(&cursor);
        take(ts_tree_cursor_current_node(&cursor), std::string_view(field ? field : ""));
      } while (ts_tree_cursor_goto_next_sibling(&cursor));
    }
    ts_tree_cursor_delete(&cursor);
  }

  // A function is its body, where it is defined.
  void leave_out_functions() {
    if (functions_.empty()) return;
    for (SimpleCommand& command : commands_) {
      if (!command.words.empty() && functions_.contains(command.words.front().text)) {
        command.words.clear();
      }
    }
    std::erase_if(commands_, [](const SimpleCommand& command) {
      return command.words.empty() && command.files.empty();
    });
  }

  // Whatever may hold commands. `piped`: its standard input is a pipe.
  void statement(TSNode node, bool piped, std::size_t depth) {
    if (++depth > kDeepest) {
      too_deep_ = true;
      return;
    }
    const std::string_view type = type_of(node);
    if (type == "command") {
      command(node, piped, depth);
    } else if (type == "list") {
      list(node, depth);
    } else if (type == "redirected_statement") {
      redirected(node, piped, depth);
    } else if (type == "pipeline") {
      bool first = true;
      each_child(node, [&](TSNode child, std::string_view) {
        if (!ts_node_is_named(child)) return;
        statement(child, piped || !first, depth);
        first = false;
      });
    } else if (type == "negated_command") {
      each_child(node, [&](TSNode child, std::string_view) {
        note_negation(node, child);
        statement(child, piped, depth);
      });
    } else {
      if (type == "function_definition") {
        functions_.insert(std::string(text(ts_node_child_by_field_name(node, "name", 4))));
      }
      each_child(node, [&](TSNode child, std::string_view) { statement(child, false, depth); });
    }
  }

  // a && b || c: the grammar nests to the left, however long the list is.
  void list(TSNode node, std::size_t depth) {
    std::vector<TSNode> parts;
    while (type_of(node) == "list") {
      const std::uint32_t n = ts_node_named_child_count(node);
      for (std::uint32_t i = n; i-- > 1;) parts.push_back(ts_node_named_child(node, i));
      if (n == 0) break;
      node = ts_node_named_child(node, 0);
    }
    parts.push_back(node);
    std::for_each(parts.rbegin(), parts.rend(),
                  [&](TSNode part) { statement(part, false, depth); });
  }

  void command(TSNode node, bool piped, std::size_t depth) {
    SimpleCommand found;
    found.piped = piped;
    found.source = text(node);
    note_keyword(node);
    each_child(node, [&](TSNode child, std::string_view field) {
      const std::string_view type = type_of(child);
      if (field == "name" || field == "argument") {
        found.words.push_back(word(child, depth));
      } else if (type == "file_redirect") {
        redirect_file(child, found, depth);
      } else if (type == "herestring_redirect") {
        found.here_text = here_string(child);
        inner_commands(child, depth);
      } else if (type == "subshell") {
        statement(child, false, depth);  // time (...)
      } else if (ts_node_is_named(child)) {
        inner_commands(child, depth);  // X=$(...) in front
      }
    });
    if (found.words.empty() && found.files.empty()) return;
    commands_.push_back(std::move(found));
  }

  static bool opens_compound(std::string_view word) {
    constexpr std::string_view kOpening[] = {"{", "for", "while", "until", "if", "select", "!"};
    return is_in(kOpening, word);
  }

  // The grammar knows `time` and `coproc` before a program and `(`, not before other compounds.
  void note_keyword(TSNode command) {
    constexpr std::string_view kKeywords[] = {"time", "coproc"};
    std::size_t words = 0;
    bool before_compound = true;
    each_child(command, [&](TSNode child, std::string_view) {
      const std::string_view said = text(child);
      if (words++ == 0) {
        before_compound = is_in(kKeywords, said);
      } else if (before_compound && said != "-p" && said != "--") {
        before_compound = false;
        if (opens_compound(said)) keywords_.emplace_back(begin(command), begin(child));
      }
    });
  }

  // Nor does it know `!` there.
  void note_negation(TSNode negation, TSNode negated) {
    if (type_of(negated) == "command" && opens_compound(text(ts_node_child(negated, 0)))) {
      keywords_.emplace_back(begin(negation), begin(negated));
    }
  }

  // A body with redirects: they belong to the last command of the body.
  void redirected(TSNode node, bool piped, std::size_t depth) {
    const std::size_t first = commands_.size();
    SimpleCommand redirects;
    std::vector<TSNode> here_documents;
    bool body_is_command = false;
    each_child(node, [&](TSNode child, std::string_view field) {
      const std::string_view type = type_of(child);
      if (field == "body") {
        body_is_command = type == "command";
        statement(child, piped, depth);
      } else if (type == "file_redirect") {
        redirect_file(child, redirects, depth);
      } else if (type == "heredoc_redirect") {
        here_documents.push_back(child);
      } else if (type == "herestring_redirect") {
        redirects.here_text = here_string(child);
        inner_commands(child, depth);
      }
    });
    for (const TSNode& document : here_documents) here_document(document, redirects, depth);
    if (commands_.size() == first) {
      redirects.piped = piped;
      redirects.source = text(node);
      if (!redirects.files.empty()) commands_.push_back(std::move(redirects));
    } else {
      SimpleCommand& last = commands_.back();
      std::move(redirects.files.begin(), redirects.files.end(), std::back_inserter(last.files));
      if (!redirects.here_text.empty()) last.here_text = redirects.here_text;
      last.output_to_file = last.output_to_file || redirects.output_to_file;
      if (body_is_command) last.source = between(begin(node), end(node));
    }
    for (const TSNode& document : here_documents) after_here_document(document, depth);
  }

  // `cat <<EOF > f && next`: what else stands on the line of the mark is inside the redirect.
  void here_document(TSNode node, SimpleCommand& redirects, std::size_t depth) {
    each_child(node, [&](TSNode child, std::string_view field) {
      const std::string_view type = type_of(child);
      if (type == "heredoc_body") {
        redirects.here_text = text(child);
        inner_commands(child, depth);
      } else if (type == "file_redirect") {
        redirect_file(child, redirects, depth);
      } else if (field == "argument" && !commands_.empty()) {
        commands_.back().words.push_back(word(child, depth));
      }
    });
  }
  // <<< 'text': what stands between the quotes.
  std::string_view here_string(TSNode node) const {
    std::string_view said = text(node);
    said.remove_prefix(std::min(said.find_first_not_of("0123456789<"), said.size()));
    said = trimmed(said);
    const bool quoted = said.size() >= 2 && (said.front() == '\'' || said.front() == '"') &&
                        said.find(said.front(), 1) == said.size() - 1;
    return quoted ? said.substr(1, said.size() - 2) : said;
  }
  void after_here_document(TSNode node, std::size_t depth) {
    each_child(node, [&](TSNode child, std::string_view field) {
      const std::string_view type = type_of(child);
      if (type == "pipeline") {
        each_child(child, [&](TSNode stage, std::string_view) {
          if (ts_node_is_named(stage)) statement(stage, true, depth);
        });
      } else if (field == "right") {
        statement(child, false, depth);
      }
    });
  }

  void redirect_file(TSNode node, SimpleCommand& command, std::size_t depth) {
    std::string_view sign;
    bool standard_output = true;
    each_child(node, [&](TSNode child, std::string_view field) {
      if (type_of(child) == "file_descriptor") {
        standard_output = text(child) == "1";
      } else if (field == "destination") {
        const ShellWord path = word(child, depth);
        const bool descriptor = sign == ">&" || sign == "<&" || sign == ">&-" || sign == "<&-";
        if (path.text.starts_with("/dev/") || descriptor || path.text.empty()) return;
        const bool writes = sign.find('>') != std::string_view::npos;
        command.files.push_back({path, writes});
        if (writes && standard_output) command.output_to_file = true;
      } else if (!ts_node_is_named(child)) {
        sign = text(child);
      }
    });
  }

  // Commands in the substitutions below `node`.
  void inner_commands(TSNode node, std::size_t depth) {
    if (++depth > kDeepest) {
      too_deep_ = true;
      return;
    }
    const std::string_view type = type_of(node);
    const bool substitution = type == "command_substitution" || type == "process_substitution";
    each_child(node, [&](TSNode child, std::string_view) {
      if (!ts_node_is_named(child)) return;
      substitution ? statement(child, false, depth) : inner_commands(child, depth);
    });
  }

  // The word as the program gets it, as far as that is known without running anything; commands in
  // its substitutions are noted first.
  ShellWord word(TSNode node, std::size_t depth) {
    ShellWord found;
    append_word(node, found, depth);
    return found;
  }

  void append_word(TSNode node, ShellWord& found, std::size_t depth) {
    if (++depth > kDeepest) {
      too_deep_ = true;
      return;
    }
    const std::string_view type = type_of(node);
    const std::string_view source = text(node);
    if (type == "command_name" || type == "concatenation") {
      append_parts(node, begin(node), end(node), found, depth, &Walker::append_unescaped);
    } else if (type == "string" || type == "translated_string") {
      const std::size_t opening = source.find('"');
      const std::size_t first = begin(node) + (opening == std::string_view::npos ? 0 : opening + 1);
      append_parts(node, first, end(node) - (source.ends_with('"') ? 1 : 0), found, depth,
                   &Walker::append_quoted);
    } else if (type == "raw_string") {
      found.text += source.size() >= 2 ? source.substr(1, source.size() - 2) : source;
    } else if (type == "ansi_c_string") {
      found.text += source.size() >= 3 ? source.substr(2, source.size() - 3) : source;
    } else if (type == "word" || type == "number" || type == "extglob_pattern" ||
               type == "test_operator" || type == "regex" || type == "special_character") {
      append_unescaped(source, found);
    } else if (type == "brace_expression") {
      found.text += source;
    } else {
      found.literal = false;
      found.text += source;
      inner_commands(node, depth - 1);
    }
  }

  using AppendText = void (*)(std::string_view, ShellWord&);

  // The children of `node` between `first` and `last`, and the text between them.
  void append_parts(TSNode node, std::size_t first, std::size_t last, ShellWord& found,
                    std::size_t depth, AppendText append) {
    std::size_t at = first;
    each_child(node, [&](TSNode child, std::string_view) {
      if (!ts_node_is_named(child) || type_of(child) == "string_content") return;
      if (begin(child) < at || end(child) > last) return;
      append(between(at, begin(child)), found);
      append_word(child, found, depth);
      at = end(child);
    });
    append(between(at, last), found);
  }

  static void append_unescaped(std::string_view source, ShellWord& found) {
    for (std::size_t i = 0; i < source.size(); ++i) {
      if (source[i] == '\\' && i + 1 < source.size()) {
        ++i;
        if (source[i] == '\n') continue;
      }
      found.text += source[i];
    }
  }
  static void append_quoted(std::string_view source, ShellWord& found) {
    for (std::size_t i = 0; i < source.size(); ++i) {
      if (source[i] == '\\' && i + 1 < source.size()) {
        const char next = source[i + 1];
        if (next == '\n') {
          ++i;
          continue;
        }
        if (next == '"' || next == '\\' || next == '$' || next == '`') ++i;
      }
      found.text += source[i];
    }
  }

  std::string_view script_;
  std::vector<SimpleCommand> commands_;
  std::unordered_set<std::string> functions_;
  std::vector<std::pair<std::size_t, std::size_t>> keywords_;
  bool too_deep_ = false;
};

}  // namespace

struct ShellParser::Impl {
  TSParser* const parser = ts_parser_new();
  std::size_t steps = 0;
  bool recovers = false;  // there is an error
  std::size_t stop = 0;   // looked at by the parser; not 0: it stops

  Impl() {
    ts_parser_set_language(parser, tree_sitter_bash());
    ts_parser_set_cancellation_flag(parser, &stop);
    // The log is how steps are counted: a clock would make results depend on the machine.
    ts_parser_set_logger(parser, {this, [](void* self, TSLogType, const char* message) {
                                    static_cast<Impl*>(self)->step(message);
                                  }});
  }

  using Tree = std::unique_ptr<TSTree, void (*)(TSTree*)>;

  // Errors as of ShellParser::parse().
  Result<Tree> tree_of(std::string_view script) {
    steps = kSpareSteps + kStepsPerByte * script.size();
    stop = 0;
    recovers = false;
    ts_parser_reset(parser);
    Tree tree(ts_parser_parse_string(parser, nullptr, script.data(),
                                     static_cast<std::uint32_t>(script.size())),
              &ts_tree_delete);
    if (!tree) {
      return fail(ErrorKind::kInput, recovers ? "no bash" : "more than the parser can take");
    }
    if (ts_node_has_error(ts_tree_root_node(tree.get()))) return fail(ErrorKind::kInput, "no bash");
    return tree;
  }

  void step(std::string_view message) {
    if (message.starts_with(kRecovery)) {
      recovers = true;
      steps = std::min(steps, kStepsOfRecovery);
    }
    if (steps == 0) {
      stop = 1;
    } else {
      --steps;
    }
  }
  ~Impl() { ts_parser_delete(parser); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
};

ShellParser::ShellParser() = default;
ShellParser::~ShellParser() = default;
ShellParser::ShellParser(ShellParser&&) noexcept = default;
ShellParser& ShellParser::operator=(ShellParser&&) noexcept = default;

Result<std::vector<SimpleCommand>> ShellParser::parse(std::string_view script) {
  if (script.size() > kLongestScript) {
    return fail(ErrorKind::kInput, fmt::format("longer than {} KiB", kLongestScript >> 10));
  }
  if (!impl_) impl_ = std::make_unique<Impl>();
  std::string without_keywords;
  std::string_view parsed = script;
  for (int time = 0;; ++time) {
    const auto tree = impl_->tree_of(parsed);
    if (!tree) return Unexpected(tree.error());
    Walker walker(script);
    if (!walker.walk(ts_tree_root_node(tree->get()))) {
      return fail(ErrorKind::kInput, fmt::format("nested deeper than {}", kDeepest));
    }
    if (walker.keywords().empty() || time == kMostKeywords) return walker.take();
    without_keywords = parsed;
    for (const auto& [first, last] : walker.keywords()) {
      std::fill(without_keywords.begin() + static_cast<std::ptrdiff_t>(first),
                without_keywords.begin() + static_cast<std::ptrdiff_t>(last), ' ');
    }
    parsed = without_keywords;
  }
}

}  // namespace agentecho
