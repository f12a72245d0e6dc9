#include "agentecho/readers/dialects/vocabulary.h"

#include "agentecho/base/text.h"

namespace agentecho::dialects {

const Vocabulary& Vocabulary::get() {
  static const Vocabulary vocabulary;
  return vocabulary;
}

Vocabulary::Vocabulary() {
  for (const Dialect& dialect : known_dialects()) {
    for (const RoleWord& word : dialect.roles) roles_.add(word.name, word);
    for (const TypeWord& word : dialect.types) types_.add(word.name, word.kind);
    for (const MemberWord& word : dialect.in_items) in_items_.add(word.name, word.means);
    for (const MemberWord& word : dialect.in_calls) in_calls_.add(word.name, word.means);
  }
}

const RoleWord* Vocabulary::role(std::string_view name) const {
  constexpr std::size_t kLongest = 32;
  if (const RoleWord* found = roles_.find(name); found != nullptr) return found;
  if (name.size() > kLongest) return nullptr;
  char lower[kLongest];
  for (std::size_t i = 0; i < name.size(); ++i) lower[i] = ascii_lower(name[i]);
  return roles_.find({lower, name.size()});
}

ItemKind Vocabulary::type(std::string_view name) const {
  const ItemKind* found = types_.find(name);
  return found == nullptr ? ItemKind::kUnknown : *found;
}

}  // namespace agentecho::dialects
