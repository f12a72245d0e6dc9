#include "agentecho/report/verdict_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/report/text_lines.h"

namespace agentecho {

std::string render_verdict(const VerdictParagraph& verdict, const TableView& view) {
  if (verdict.empty()) return {};
  const std::string paragraph = printable(paragraph_of(verdict));
  const std::string next = printable(shell_line(verdict.next));
  std::string out;
  switch (view.style) {
    case TableStyle::kText:
      out = wrapped_text(paragraph, std::min(view.width, kWidestParagraph));
      if (!next.empty()) out += fmt::format("Next: {}\n", next);
      break;
    case TableStyle::kMarkdown:
      out = markup_of(paragraph, view.style) + "\n";
      if (!next.empty()) out += fmt::format("\nNext: `{}`\n", next);
      break;
    case TableStyle::kLatex:
      out = markup_of(paragraph, view.style) + "\n";
      if (!next.empty()) out += fmt::format("% Next: {}\n", next);
      break;
  }
  return out + "\n";
}

void add_verdict(const VerdictParagraph& verdict, nlohmann::ordered_json& document) {
  document["verdict"] = paragraph_of(verdict);
  document["next"] = verdict.next.empty() ? nlohmann::ordered_json(nullptr)
                                          : nlohmann::ordered_json(shell_line(verdict.next));
}

}  // namespace agentecho
