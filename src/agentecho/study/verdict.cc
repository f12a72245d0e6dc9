#include "agentecho/study/verdict.h"

namespace agentecho {

std::string paragraph_of(const VerdictParagraph& verdict) {
  std::string text;
  for (const std::string* part :
       {&verdict.found, &verdict.sureness, &verdict.basis, &verdict.elsewhere}) {
    if (part->empty()) continue;
    if (!text.empty()) text += ' ';
    text += *part;
  }
  return text;
}

void name_logs(VerdictParagraph& verdict, const std::vector<std::string>& logs) {
  if (logs.empty()) return;
  std::vector<std::string> words;
  for (const std::string& word : verdict.next) {
    if (word == "PATHS") {
      words.insert(words.end(), logs.begin(), logs.end());
    } else {
      words.push_back(word);
    }
  }
  verdict.next = std::move(words);
}

}  // namespace agentecho
