// The options of everything that a command gives: on the screen, as one JSON document, as files.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/atomic_file.h"
#include "agentecho/base/error.h"
#include "agentecho/report/table.h"

namespace agentecho::cli {

struct Output {
  std::string folder;  // empty: no files
  std::string html;    // empty: no page
  std::string format = "text";
  bool json = false;
  bool all = false;       // every row of every table
  std::size_t width = 0;  // 0: that of the terminal; elsewhere as wide as the tables need

  // How tables are shown on standard output.
  TableView view() const;
  TableStyle style() const { return view().style; }
};

// What --out writes of a report.
inline constexpr const char* kReportFiles =
    "the report, its tables as NAME-TABLE.csv and one NAME.json";

// --format, --all, --json and --width; with `files`, what --out writes, also --out.
void add_output_options(CLI::App& command, Output& output, const std::string& files = {});
// Or one by one.
void add_output_folder(CLI::App& command, Output& output, const std::string& files);
void add_table_options(CLI::App& command, Output& output);
void add_json_option(CLI::App& command, Output& output);
// --features-format
void add_features_format_option(CLI::App& command, std::string& format);
// --html, of commands that put a page into their answer
void add_html_option(CLI::App& command, Output& output);
// All that a command has which answers with a report: add_output_options() and --html.
void add_report_options(CLI::App& command, Output& output);

// Refuses results of a command that was told to compute none (--dry-run, --batch-out).
void refuse_files_without_figures(CLI::App& command);

// Errors (kUsage): an unknown style, those of check_page_file().
Result<void> check_output(const Output& output);
// Error (kUsage): "-", which elsewhere is standard output.
Result<void> check_page_file(const std::string& file);
// The same for a page that is all of a command's output, before anything is read; also an input.
Result<void> spare_page_file(const std::string& file);

// One file of the folder --out.
struct OutputFile {
  OutputFile(std::string file_name, std::string content);
  OutputFile(std::string file_name, std::function<Result<void>(AtomicFile&)> write_to);

  std::string name;
  std::function<Result<void>(AtomicFile&)> write;
};

// Writes all files or none: the folder is made, each file is written beside its place, and all are
// renamed at the end. Errors: a file that is an input (kUsage), what cannot be written (kFailed).
Result<void> publish(const Output& output, const std::vector<OutputFile>& files);

// A folder for files. Where it, or folders above it, were not there before, and keep() is not
// called, they are removed again unless something is in them.
class MadeFolder {
 public:
  // Errors (kFailed): what the system says.
  static Result<MadeFolder> make(const std::string& path);
  ~MadeFolder();
  MadeFolder(MadeFolder&& other) noexcept;
  MadeFolder& operator=(MadeFolder&&) = delete;
  void keep();

 private:
  MadeFolder() = default;
  std::vector<std::filesystem::path> paths_;  // those that were made, the innermost first
};

// A single output file, which is no input and no other output of this run; commit() puts it there.
// Error (kUsage): one of these, or "-".
Result<AtomicFile> create_output(const std::string& path);
// All of it at once.
Result<void> write_output(const std::string& path, std::string_view bytes);

// What this run reads, so that nothing is written onto it: files, folders in which files were
// searched, and "-", standard input.
void note_input(const std::string& path);
// A log: what stands beside it or above it and says of it who ran what is read as well.
void note_log(const std::string& path);
// A reply cache, with the files that SQLite keeps beside it and removes.
void note_cache(const std::string& path);

// Error (kUsage): `path` is an input, is read with one, or lies in a folder that was named as
// input, so that the next run would read it.
Result<void> spare_inputs(const std::string& path);
Result<void> spare_inputs(const Output& output);
// The same of standard output, where it goes to a file.
Result<void> spare_standard_output();

}  // namespace agentecho::cli
