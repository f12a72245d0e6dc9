#include "agentecho/options/output_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "agentecho/base/file_status.h"
#include "agentecho/console.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/options/section.h"
#include "agentecho/readers/inputs.h"

namespace agentecho::cli {

namespace {

namespace fs = std::filesystem;

struct NotedInput {
  std::string name;  // as the user gave it; "-" is standard input
  fs::path place;
  bool is_log = false;
};

std::vector<NotedInput>& noted_inputs() {
  static std::vector<NotedInput> inputs;
  return inputs;
}

std::vector<fs::path>& noted_outputs() {
  static std::vector<fs::path> paths;
  return paths;
}

// Without links and dots, also where the last part is not there yet.
fs::path place_of(const fs::path& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error);
  fs::path place = fs::weakly_canonical(whole, error);
  if (error) place = whole.lexically_normal();
  return place.has_filename() ? place : place.parent_path();
}

bool lies_in(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
         folder.end();
}

bool is_file_of(const FileStatus& file, const NotedInput& input) {
  const std::optional<FileStatus> read = status_of(input.name);
  return read && is_regular(*read) && file_id(*read) == file_id(file);
}

// Error (kUsage): something else of this run is written there.
Result<void> take_place(const std::string& path) {
  const fs::path place = place_of(path);
  std::error_code ignored;
  if (fs::exists(place, ignored) && !fs::is_regular_file(place, ignored)) return {};  // a device
  if (std::find(noted_outputs().begin(), noted_outputs().end(), place) != noted_outputs().end()) {
    return fail(ErrorKind::kUsage, fmt::format("{}: two outputs would be written there", path),
                "name a place of its own for each");
  }
  noted_outputs().push_back(place);
  return {};
}

}  // namespace

Result<MadeFolder> MadeFolder::make(const std::string& path) {
  std::error_code error;
  MadeFolder made;
  fs::path folder = fs::path(path).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();  // "a/b/"
  const auto is_missing = [&](const fs::path& at) {           // a link to nowhere is not
    return fs::symlink_status(at, error).type() == fs::file_type::not_found;
  };
  for (fs::path at = folder; !at.empty() && is_missing(at); at = at.parent_path()) {
    made.paths_.push_back(at);
  }
  fs::create_directories(folder, error);
  if (error) {
    return fail(ErrorKind::kFailed,
                fmt::format("{}: cannot make the folder: {}", path, error.message()));
  }
  return made;
}

MadeFolder::~MadeFolder() {
  std::error_code ignored;
  for (const fs::path& made : paths_) fs::remove(made, ignored);
}

MadeFolder::MadeFolder(MadeFolder&& other) noexcept : paths_(std::exchange(other.paths_, {})) {}

void MadeFolder::keep() { paths_.clear(); }

TableView Output::view() const {
  TableView view;
  view.style = parse_table_style(format).value_or(TableStyle::kText);
  view.width = width > 0 ? width : stdout_columns();
  // What another program or a file gets is searched for names, not looked at.
  view.whole_names = width == 0 && !stdout_is_terminal();
  view.all_rows = all;
  view.colour = stdout_takes_colour() && view.style == TableStyle::kText;
  return view;
}

void add_output_options(CLI::App& command, Output& output, const std::string& files) {
  if (!files.empty()) add_output_folder(command, output, files);
  add_table_options(command, output);
  add_json_option(command, output);
}

void add_output_folder(CLI::App& command, Output& output, const std::string& files) {
  const OptionSection section(command, kOutputSection);
  add_value(command, "--out", output.folder, fmt::format("Write {} to this folder", files), "DIR");
}

void add_table_options(CLI::App& command, Output& output) {
  const OptionSection section(command, kOutputSection);
  add_value(command, "--format", output.format, "Style of the tables: text, markdown or latex",
            "STYLE")
      ->check(CLI::Validator("{text,markdown,latex}"))
      ->capture_default_str();
  add_value(command, "--width", output.width,
            "Columns of the screen; without it, those of the terminal, elsewhere as many "
            "as whole names need",
            "COLUMNS")
      ->transform(whole_number(40, 100000));
  command.add_flag("--all", output.all, "Every row of every table; without it, the first ten");
}

void add_json_option(CLI::App& command, Output& output) {
  const OptionSection section(command, kOutputSection);
  command.add_flag("--json", output.json,
                   "One JSON document on standard output instead of the tables");
}

void add_features_format_option(CLI::App& command, std::string& format) {
  add_value(command, "--features-format", format,
            "How --out writes features: jsonl, or arrow (Arrow IPC files, docs/formats.md)",
            "FORMAT")
      ->check(CLI::IsMember({"jsonl", "arrow"}))
      ->capture_default_str();
}

void add_html_option(CLI::App& command, Output& output) {
  const OptionSection section(command, kOutputSection);
  add_value(command, "--html", output.html,
            "Write verdict and tables as one self-contained page as well", "FILE");
}

void add_report_options(CLI::App& command, Output& output) {
  add_output_options(command, output, kReportFiles);
  add_html_option(command, output);
}

void refuse_files_without_figures(CLI::App& command) {
  for (const char* without : {"--dry-run", "--batch-out"}) {
    CLI::Option* const option = command.get_option_no_throw(without);
    if (option == nullptr) continue;
    for (const char* files : {"--out", "--html"}) {
      if (auto* const written = command.get_option_no_throw(files)) option->excludes(written);
    }
  }
}

Result<void> check_output(const Output& output) {
  const auto style = parse_table_style(output.format);
  if (!style) return Unexpected(style.error());
  if (output.json && *style != TableStyle::kText) {
    return fail(ErrorKind::kUsage, "--json and --format exclude each other",
                "--json prints one document, --format says how tables look");
  }
  return check_page_file(output.html);
}

Result<void> check_page_file(const std::string& file) {
  if (file != "-") return {};
  return fail(ErrorKind::kUsage, "a page goes to a file, not to standard output",
              "name a file, FILE.html; one that is called - is ./-");
}

Result<void> spare_page_file(const std::string& file) {
  if (auto good = check_page_file(file); !good) return good;
  return spare_inputs(file);
}

OutputFile::OutputFile(std::string file_name, std::string content)
    : name(std::move(file_name)),
      write([text = std::move(content)](AtomicFile& file) { return file.write(text); }) {}

OutputFile::OutputFile(std::string file_name, std::function<Result<void>(AtomicFile&)> write_to)
    : name(std::move(file_name)), write(std::move(write_to)) {}

Result<void> publish(const Output& output, const std::vector<OutputFile>& files) {
  if (output.folder.empty() || files.empty()) return {};
  const fs::path folder = output.folder;
  for (const OutputFile& file : files) {
    const std::string path = (folder / file.name).string();
    if (auto good = spare_inputs(path); !good) return good;
    if (auto good = take_place(path); !good) return good;
  }
  auto made = MadeFolder::make(folder.string());
  if (!made) return Unexpected(made.error());
  std::vector<AtomicFile> written;
  for (const OutputFile& file : files) {
    auto created = AtomicFile::create((folder / file.name).string());
    if (!created) return Unexpected(created.error());
    if (auto good = file.write(*created); !good) return good;
    written.push_back(std::move(*created));
  }
  for (AtomicFile& file : written) {
    if (auto done = file.commit(); !done) return done;
    made->keep();
  }
  return {};
}

Result<AtomicFile> create_output(const std::string& path) {
  if (path == "-") {
    return fail(ErrorKind::kUsage, "what an option writes goes to a file, not to standard output",
                "name a file; one that is called - is ./-");
  }
  if (auto good = spare_inputs(path); !good) return Unexpected(good.error());
  if (auto good = take_place(path); !good) return Unexpected(good.error());
  return AtomicFile::create(path);
}

Result<void> write_output(const std::string& path, std::string_view bytes) {
  auto file = create_output(path);
  if (!file) return Unexpected(file.error());
  if (auto written = file->write(bytes); !written) return written;
  return file->commit();
}

void note_input(const std::string& path) {
  noted_inputs().push_back({path, path == "-" ? fs::path() : place_of(path)});
}

void note_log(const std::string& path) {
  note_input(path);
  noted_inputs().back().is_log = path != "-";
}

void note_cache(const std::string& path) {
  note_input(path);
  const std::string place = place_of(path).string();
  for (const char* companion : {"-wal", "-shm", "-journal"}) note_input(place + companion);
}

namespace {

// Of the folders above a log that is named: as far up as what says something of it is looked for.
bool lies_above(const fs::path& folder, const fs::path& log) {
  constexpr int kLevels = 5;
  fs::path above = log.parent_path();
  for (int level = 0; level < kLevels; ++level, above = above.parent_path()) {
    if (above == folder) return true;
  }
  return false;
}

// What stands beside a log, or above it, is read with it: metadata.json, BFCL's scores.
bool is_read_with(const fs::path& place, const NotedInput& input) {
  if (!input.is_log) return false;
  const std::string name = place.filename().string();
  constexpr std::string_view kScore = "_score.json";
  if (name.ends_with(kScore)) {
    const std::string of_it = name.substr(0, name.size() - kScore.size()) + "_result.json";
    return input.place.filename() == of_it;
  }
  const fs::path folder = place.parent_path();
  return lies_above(folder, input.place) ||
         (folder.filename() == "results" && lies_above(folder.parent_path(), input.place));
}

Result<void> spare_what_is_read_with_inputs(const std::string& path, const fs::path& place) {
  const auto& inputs = noted_inputs();
  const auto log = std::find_if(inputs.begin(), inputs.end(), [&](const NotedInput& input) {
    return is_read_with(place, input);
  });
  if (log == inputs.end()) return {};
  if (!may_speak_of_logs(place.string()) && !place.string().ends_with("_score.json")) return {};
  return fail(
      ErrorKind::kUsage,
      fmt::format("{}: may be read with the input {}, and would be overwritten", path, log->name),
      "name another place for what is written");
}

}  // namespace

Result<void> spare_inputs(const std::string& path) {
  const fs::path place = place_of(path);
  const std::optional<FileStatus> file = status_of(place.string());
  std::error_code ignored;
  for (const NotedInput& input : noted_inputs()) {
    const bool folder = !input.place.empty() && fs::is_directory(input.place, ignored);
    if (folder && lies_in(place, input.place)) {
      return fail(
          ErrorKind::kUsage,
          fmt::format("{}: would be written into the input folder {}, and read as a log the "
                      "next time",
                      path, input.place.string()),
          "name a place outside of it");
    }
    const bool device = file && !is_regular(*file);
    if (!folder && !device && (place == input.place || (file && is_file_of(*file, input)))) {
      return fail(ErrorKind::kUsage, fmt::format("{}: is an input, and would be overwritten", path),
                  "name another place for what is written");
    }
  }
  return file && is_regular(*file) ? spare_what_is_read_with_inputs(path, place) : Result<void>{};
}

Result<void> spare_standard_output() {
  const std::optional<FileStatus> written = status_of(STDOUT_FILENO);
  if (!written || !is_regular(*written)) return {};
  for (const NotedInput& input : noted_inputs()) {
    if (!is_file_of(*written, input)) continue;
    return fail(ErrorKind::kUsage,
                fmt::format("{}: is an input, and standard output is written to it",
                            input.name == "-" ? "standard input" : input.name),
                "redirect it to a place outside of the input");
  }
  return {};
}

Result<void> spare_inputs(const Output& output) {
  return output.folder.empty() ? Result<void>{} : spare_inputs(output.folder);
}

}  // namespace agentecho::cli
