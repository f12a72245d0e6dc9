#include "agentecho/options/page_options.h"

#include "agentecho/console.h"
#include "agentecho/options/output_options.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/report/html.h"
#include "agentecho/report/page_data.h"

namespace agentecho::cli {

void add_page_options(CLI::App& command, HtmlOptions& options) {
  add_value(command, "--title", options.title, "Title of the page", "TEXT");
  command.add_flag("--with-transcripts", options.transcripts,
                   "Put messages, arguments and results into the page; it says so at its top");
  add_repeated(
      command, "--redact", options.redact,
      "Black out what matches in transcripts and phrases: a POSIX extended regular "
      "expression; may be repeated. One that repeats a repetition, like (a+)+b, may take hours",
      "REGEX");
}

void read_for_page(const HtmlOptions& options, CorpusOptions& corpus) {
  if (options.transcripts) corpus.keep = [](const Trajectory&) { return true; };
}

Result<void> write_page(const PreparedStudy& prepared, const Study& study,
                        const EvidenceResults& evidence, const LineageResults* lineage,
                        const std::optional<ModelPair>& named, const HtmlOptions& options) {
  PageOptions page;
  page.title = options.title.empty() ? "AgentEcho: how alike these agents behave" : options.title;
  page.command = command_line();
  page.transcripts = options.transcripts;
  page.redact = options.redact;
  const auto data = make_page_data({prepared.loaded, study, prepared.split, evidence, lineage,
                                    named, prepared.judged.metrics(), prepared.provenance},
                                   page);
  if (!data) return Unexpected(data.error());
  const auto html = make_page(*data, page.title);
  if (!html) return Unexpected(html.error());
  auto file = create_output(options.file);
  if (!file) return Unexpected(file.error());
  if (auto done = file->write(*html); !done) return done;
  return file->commit();
}

}  // namespace agentecho::cli
