#include "agentecho/readers/written/result_marks.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agentecho/base/text.h"
#include "agentecho/readers/written/labels.h"

namespace agentecho::written {

namespace {

// How results are marked that come back as a user's message. A mark with an end encloses the
// result.
constexpr std::string_view kExitCode = "exitcode: ";  // AutoGen
struct ResultMark {
  std::string_view begin;
  std::string_view end = {};
};
constexpr ResultMark kResultMarks[] = {
    {"<tool_response>", "</tool_response>"},
    {"<tool_result>", "</tool_result>"},
    {"<tool_output>", "</tool_output>"},
    {"<function_results>", "</function_results>"},
    {"<function_result>", "</function_result>"},
    {"<function_response>", "</function_response>"},
    {"<observation>", "</observation>"},
    {"<execute_result>", "</execute_result>"},
    {"<execution_result>", "</execution_result>"},
    {"<returncode>"},
    {"<output>"},
    {"<result>", "</result>"},
    {"<\uff5ctool\u2581output\u2581begin\uff5c>", "<\uff5ctool\u2581output\u2581end\uff5c>"},
    {"```tool_output", "```"},
    {"```output", "```"},
    {"API output:"},
    {"Observation:"},
    {"Observations:"},
    {"Tool output:"},
    {"Tool result:"},
    {"Tool response:"},
    {"Tool call result:"},
    {"Function output:"},
    {"Function result:"},
    {"Function response:"},
    {"TOOL_RESULT:"},
    {"TOOL_OUTPUT:"},
    {"TOOL_RESPONSE:"},
    {"FUNCTION_RESULT:"},
    {"FUNCTION_RESPONSE:"},
    {"<|START_TOOL_RESULT|>", "<|END_TOOL_RESULT|>"},  // Cohere
    {"Command output:"},
    {"Execution result:"},
    {"Execution output:"},
    {"Execution results:"},
    {"Execution logs:"},
    {"Environment output:"},
    {"The output of the OS:"},
    {"Output:"},
    {"Result:"},
    {"EXECUTION RESULT of"},
    {kExitCode},
    {"[Tool Result]"},
    {"[TOOL_RESULTS]", "[/TOOL_RESULTS]"},
};

// Whether some mark begins with this character, in whatever case: most texts begin with another.
constexpr std::array<bool, 256> kBeginsAMark = [] {
  std::array<bool, 256> begins{};
  for (const ResultMark& mark : kResultMarks) {
    const char first = ascii_lower(mark.begin[0]);
    begins[static_cast<unsigned char>(first)] = true;
    if (is_ascii_lower(first)) begins[static_cast<unsigned char>(first - 'a' + 'A')] = true;
  }
  return begins;
}();

// Whatever the case of the letters.
bool begins_with(std::string_view text, std::string_view mark) {
  return text.size() >= mark.size() &&
         std::equal(mark.begin(), mark.end(), text.begin(),
                    [](char a, char b) { return ascii_lower(a) == ascii_lower(b); });
}

// "Observation 2: …", the form of the first ReAct prompts.
std::optional<std::string_view> numbered_observation(std::string_view text) {
  text = without_emphasis(text);
  const std::size_t size = label_size(text, kObservation);
  if (size == 0) return std::nullopt;
  return without_emphasis(text.substr(size));
}

// "[read_file for 'a.txt'] Result:\n…", with what the editor shows of itself behind it.
std::optional<std::string_view> bracketed_result(std::string_view text) {
  if (!text.starts_with('[')) return std::nullopt;
  constexpr std::string_view kMark = "] Result:";
  const std::size_t at = text.substr(0, text.find('\n')).find(kMark);
  if (at == kNowhere) return std::nullopt;
  text.remove_prefix(at + kMark.size());
  return trimmed(text.substr(0, text.find("<environment_details>")));
}

// Without the marks around all results of a turn (DeepSeek).
std::string_view without_results_wrapper(std::string_view text) {
  constexpr std::string_view kBegin = "<\uff5ctool\u2581outputs\u2581begin\uff5c>";
  constexpr std::string_view kEnd = "<\uff5ctool\u2581outputs\u2581end\uff5c>";
  text = trimmed(text);
  if (text.starts_with(kBegin)) text = trimmed(text.substr(kBegin.size()));
  if (text.ends_with(kEnd)) text = trimmed(text.substr(0, text.size() - kEnd.size()));
  return text;
}

// Where a mark begins, whatever the case of its letters.
std::size_t find_mark(std::string_view text, std::string_view mark) {
  const auto at = std::search(text.begin(), text.end(), mark.begin(), mark.end(),
                              [](char a, char b) { return ascii_lower(a) == ascii_lower(b); });
  return at == text.end() ? kNowhere : static_cast<std::size_t>(at - text.begin());
}

// What stands within each pair of the mark's begin and end that the text begins with.
std::vector<std::string_view> elements_of(std::string_view text, const ResultMark& mark) {
  std::vector<std::string_view> elements;
  while (begins_with(text, mark.begin)) {
    text.remove_prefix(mark.begin.size());
    const std::size_t end = find_mark(text, mark.end);
    elements.push_back(trimmed(text.substr(0, end)));
    text = end == kNowhere ? std::string_view{} : trimmed(text.substr(end + mark.end.size()));
  }
  return elements;
}

// What stands behind each "Observation:" of a text that begins with one.
std::vector<std::string> observations(std::string_view text) {
  std::vector<std::string> all;
  Label one = find_label(text, kObservation);
  if (!one || !trimmed(text.substr(0, one.at)).empty()) return all;
  for (Label next; one; one = next) {
    next = find_label(text, kObservation, one.end());
    all.emplace_back(without_emphasis(text.substr(one.end(), next.at - one.end())));
  }
  return all;
}

}  // namespace

std::optional<std::string> marked_result(std::string_view message) {
  const std::string_view text = without_results_wrapper(message);
  if (const auto inside = numbered_observation(text)) return std::string(*inside);
  if (const auto inside = bracketed_result(text)) return std::string(*inside);
  if (text.ends_with(kShellPrompt)) return std::string(text);
  if (text.empty() || !kBeginsAMark[static_cast<unsigned char>(text[0])]) return std::nullopt;
  for (const ResultMark& mark : kResultMarks) {
    if (!begins_with(text, mark.begin)) continue;
    std::string_view inside = text.substr(mark.begin.size());
    if (mark.end.empty()) {
      return std::string(mark.begin.ends_with(":") ? trimmed(inside) : text);
    }
    std::string all;
    for (const std::string_view element : elements_of(text, mark)) {
      if (!all.empty()) all += '\n';
      all += element;
    }
    return all;
  }
  return std::nullopt;
}

bool asks_about_result(std::string_view message) {
  return trimmed(message).starts_with("Analyze the tool result.");
}

bool says_exit_code_of_failure(std::string_view message) {
  message = trimmed(message);
  return begins_with(message, kExitCode) && !message.substr(kExitCode.size()).starts_with("0 ");
}

std::vector<std::string> marked_results(std::string_view message, std::size_t wanted) {
  const std::string_view text = without_results_wrapper(message);
  if (wanted > 1) {
    std::vector<std::string> observed = observations(text);
    if (observed.size() == wanted) return observed;
  }
  for (const ResultMark& mark : kResultMarks) {
    if (mark.end.empty() || wanted < 2 || !begins_with(text, mark.begin)) continue;
    const auto elements = elements_of(text, mark);
    if (elements.size() == wanted) return {elements.begin(), elements.end()};
  }
  if (auto one = marked_result(message)) return {std::move(*one)};
  return {};
}

}  // namespace agentecho::written
