#include "agentecho/readers/metadata.h"

#include <utility>

#include "agentecho/base/text.h"
#include "agentecho/readers/record_scanner.h"

namespace agentecho {

namespace {

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash + 1);
}

std::shared_ptr<const Metadata> parse_metadata(std::string_view name, std::string_view content,
                                               const RecordDefaults& defaults) {
  content = trimmed(content);
  if (!content.starts_with('{') || !content.ends_with('}')) return nullptr;
  auto metadata = std::make_shared<Metadata>();
  metadata->name = name;
  metadata->members = trimmed(content.substr(1, content.size() - 2));
  if (metadata->members.empty()) return nullptr;
  std::string record =
      "{" + metadata->members + ",\"messages\":[{\"role\":\"assistant\",\"content\":\"\"}]}";
  const std::size_t size = record.size();
  record.append(RecordBlock::kPadding, ' ');
  RecordParser parser;
  Trajectory t;
  const ParsedRecord parsed = parser.parse(std::string_view(record).substr(0, size), defaults, t);
  // A log of its own has messages itself.
  if (parsed.outcome != RecordOutcome::kParsed || t.messages.size() > 2) return nullptr;
  metadata->identity = parsed.identity;
  metadata->domain = t.domain;
  metadata->reward = t.reward;
  metadata->trial = t.trial;
  return metadata;
}

}  // namespace

std::shared_ptr<const Metadata> MetadataFinder::find(const Entry& entry,
                                                     const RecordDefaults& defaults) {
  const std::string folder(folder_of(entry.path));
  if (const auto known = by_folder_.find(folder); known != by_folder_.end()) return known->second;
  std::shared_ptr<const Metadata> found;
  for (const std::string_view name : {"meta.json", "metadata.json", "config.json", "info.json"}) {
    const std::string beside = std::string(folder_of(entry.name)) + std::string(name);
    if (beside == entry.name) continue;
    if (const auto content = entry.beside(beside)) found = parse_metadata(name, *content, defaults);
    if (found) break;
  }
  return by_folder_[folder] = std::move(found);
}

}  // namespace agentecho
