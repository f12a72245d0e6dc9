// The module agentecho._core: the library's analyses as functions of plain values. What users call
// (python/agentecho) names the arguments, documents them and wraps the answers.
//
// Every function runs without the GIL, on a thread of its own, while the calling thread looks for
// signals; an error becomes the exception that agentecho._errors makes of it.
#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include "agentecho/arrow/c_stream.h"
#include "agentecho/base/error_kind.h"
#include "agentecho/base/version.h"
#include "analyses.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace agentecho::python {

namespace {

struct Failure : std::exception {
  explicit Failure(Error what) : error(std::move(what)) {}
  const char* what() const noexcept override { return error.message.c_str(); }
  Error error;
};

void raise(const std::exception_ptr& pointer, void*) {
  try {
    std::rethrow_exception(pointer);
  } catch (const Failure& failure) {
    const nb::object made = nb::module_::import_("agentecho._errors")
                                .attr("make")(std::string(name_of(failure.error.kind)),
                                              failure.error.message, failure.error.hint);
    PyErr_SetObject(made.type().ptr(), made.ptr());
  }
}

// Runs `work` on a thread of its own. A signal for which Python raises (Ctrl-C) sets `stop`; the
// exception is raised once the work has ended.
template <class Work>
auto without_gil(std::atomic<bool>& stop, Work work) {
  using Value = typename decltype(work())::value_type;
  std::optional<Result<Value>> result;
  std::exception_ptr thrown;
  bool interrupted = false;
  {
    const nb::gil_scoped_release released;
    std::mutex mutex;
    std::condition_variable ended;
    bool done = false;
    std::thread worker([&] {
      try {
        result.emplace(work());
      } catch (...) {
        thrown = std::current_exception();
      }
      const std::lock_guard lock(mutex);
      done = true;
      ended.notify_one();
    });
    std::unique_lock lock(mutex);
    while (!ended.wait_for(lock, std::chrono::milliseconds(100), [&] { return done; })) {
      if (interrupted) continue;
      lock.unlock();
      {
        const nb::gil_scoped_acquire acquired;
        interrupted = PyErr_CheckSignals() != 0;
      }
      if (interrupted) stop = true;
      lock.lock();
    }
    lock.unlock();
    worker.join();
  }
  if (interrupted) throw nb::python_error();
  if (thrown) std::rethrow_exception(thrown);
  if (!*result) throw Failure(result->error());
  return std::move(**result);
}

template <class Work>
auto without_gil(Work work) {
  std::atomic<bool> stop{false};
  return without_gil(stop, std::move(work));
}

// The stream inside a capsule that __arrow_c_stream__() gave.
::ArrowArrayStream* stream_of(const nb::capsule& capsule) {
  return static_cast<::ArrowArrayStream*>(
      PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
}

nb::capsule export_stream(const arrow::Table& table, const nb::object&) {
  auto stream = std::make_unique<::ArrowArrayStream>();
  table.export_to(stream.get());
  return nb::capsule(stream.release(), "arrow_array_stream", [](void* pointer) noexcept {
    auto* const held = static_cast<::ArrowArrayStream*>(pointer);
    if (held->release != nullptr) held->release(held);
    delete held;
  });
}

std::vector<std::string> column_names(const arrow::Table& table) {
  std::vector<std::string> names;
  for (const arrow::Field& column : table.schema().columns) names.push_back(column.name);
  return names;
}

template <class Parts>
std::vector<std::string> names_of(const Parts& parts) {
  std::vector<std::string> names;
  for (const auto& [name, make] : parts) names.push_back(name);
  return names;
}

template <class Parts>
auto part(const Parts& parts, const std::string& name) {
  for (const auto& [other, make] : parts) {
    if (other == name) return make();
  }
  throw nb::key_error(name.c_str());
}

[[noreturn]] void refuse(const char* name, const nb::handle& value, const std::string& hint) {
  throw Failure({ErrorKind::kUsage,
                 fmt::format("{} = {} makes no sense", name, nb::repr(value).c_str()), hint});
}

template <class T>
T option(const nb::dict& options, const char* name, T otherwise) {
  if (!options.contains(name)) return otherwise;
  try {
    return nb::cast<T>(options[name]);
  } catch (const std::bad_cast&) {
    refuse(name, options[name], std::is_unsigned_v<T> ? "a whole number from 0 on" : "");
  }
}

// A number within the limits that the program has for the option; NaN is none.
double number(const nb::dict& options, const char* name, double otherwise, double least,
              double most) {
  const double value = option(options, name, otherwise);
  if (value >= least && value <= most) return value;
  refuse(name, options[name], fmt::format("a number from {} to {}", least, most));
}

LoadRequest load_request(const nb::dict& o) {
  LoadRequest request;
  request.files = option<std::vector<std::pair<std::string, std::string>>>(o, "files", {});
  request.format = option<std::string>(o, "format", "auto");
  request.path_patterns = option<std::vector<std::string>>(o, "path", {});
  request.renamed = option<std::map<std::string, std::string>>(o, "rename", {});
  request.tool_map = option<std::map<std::string, std::string>>(o, "tool_map", {});
  request.success_key = option<std::string>(o, "success_key", {});
  request.tools = option<std::string>(o, "tools", {});
  request.taxonomy = option<std::string>(o, "taxonomy", {});
  request.verifier = option<std::string>(o, "verifier", "provenance");
  request.actions = option<std::string>(o, "actions", "default");
  request.action_table = option<std::string>(o, "action_table", {});
  request.tasks_by_position = option(o, "tasks_by_position", false);
  request.merge = option(o, "merge", false);
  request.success_only = option(o, "success_only", false);
  request.allow_partial = option(o, "allow_partial", false);
  request.allow_invalid = option(o, "allow_invalid", false);
  request.metrics = option<std::vector<std::string>>(o, "metrics", {});
  request.habits = option(o, "drift", false) || option(o, "identify", false);
  request.grams = option(o, "identify", false);
  request.phrases = option(o, "phrases", false);
  request.transcripts = option(o, "transcripts", false);
  request.threads = option(o, "threads", 0U);
  return request;
}

StudyRequest study_request(const nb::dict& o) {
  StudyRequest request;
  request.pool = option<std::vector<std::string>>(o, "pool", {});
  request.mandatory = option<std::string>(o, "mandatory", "intersection");
  request.mandatory_json = option<std::string>(o, "mandatory_json", {});
  request.min_support = option(o, "min_support", 1U);
  request.families_json = option<std::string>(o, "families_json", {});
  request.metrics = in_order(option<std::vector<std::string>>(o, "metrics", {}));
  request.bootstrap.replicates = option<std::size_t>(o, "replicates", request.bootstrap.replicates);
  request.bootstrap.seed = option<std::uint64_t>(o, "seed", request.bootstrap.seed);
  request.bootstrap.level = number(o, "level", request.bootstrap.level, 0.5, 0.9999);
  request.threads = option(o, "threads", 0U);
  return request;
}

// Calls a Python function judge(stage, a, b) -> (style, structure, alignment, overall).
CallerJudge caller_judge(const nb::object& judge, double least_coverage,
                         const std::atomic<bool>& stop) {
  CallerJudge made;
  made.name = "python:" + nb::cast<std::string>(nb::getattr(judge, "__name__", nb::str("judge")));
  made.least_coverage = least_coverage;
  made.ask = [judge = judge.ptr(),
              &stop](const JudgeQuestion& question) -> Result<std::array<double, 4>> {
    if (stop) return fail(ErrorKind::kInterrupted, "interrupted");
    const nb::gil_scoped_acquire acquired;
    const auto list_of = [](const std::vector<std::string_view>& texts) {
      nb::list list;
      for (const std::string_view text : texts) {
        list.append(nb::steal(
            PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace")));
      }
      return list;
    };
    try {
      const nb::object given =
          nb::borrow(judge)(std::string(question.stage), list_of(question.a), list_of(question.b));
      const auto scores = nb::cast<std::vector<double>>(given);
      if (scores.size() != 4) return fail(ErrorKind::kInput, "not four scores");
      return std::array{scores[0], scores[1], scores[2], scores[3]};
    } catch (const nb::cast_error&) {
      return fail(ErrorKind::kInput, "not four scores");
    } catch (nb::python_error& error) {
      return fail(ErrorKind::kFailed, nb::str(error.value()).c_str());
    }
  };
  return made;
}

SharedCorpus load_files(const nb::dict& options) {
  const LoadRequest request = load_request(options);
  std::atomic<bool> stop{false};
  return without_gil(stop, [&] { return load(request, stop); });
}

// Where the content of a table's rows stands.
SharedCorpus load_arrow(const nb::capsule& capsule, const nb::dict& options) {
  const LoadRequest request = load_request(options);
  TableColumns columns;
  columns.path = option<std::string>(options, "path_column", {});
  columns.content = option<std::string>(options, "content_column", {});
  columns.text = option<std::string>(options, "text_column", {});
  columns.json = option<std::vector<std::string>>(options, "json_columns", {});
  ::ArrowArrayStream* const stream = stream_of(capsule);
  if (stream == nullptr) throw nb::python_error();
  std::atomic<bool> stop{false};
  return without_gil(stop, [&] { return load_table(stream, columns, request, stop); });
}

SharedCorpus load_lines(const std::string& name, const nb::bytes& content,
                        const nb::dict& options) {
  const LoadRequest request = load_request(options);
  auto bytes = std::make_shared<const std::string>(content.c_str(), content.size());
  std::atomic<bool> stop{false};
  return without_gil(stop, [&] { return load_bytes({{name, bytes}}, request, stop); });
}

}  // namespace

NB_MODULE(_core, m) {
  m.doc() = "The compiled part of agentecho; its functions are called through the package.";
  nb::register_exception_translator(raise);
  nb::set_leak_warnings(false);
  m.attr("__version__") = std::string(version());

  nb::class_<arrow::Table>(m, "ArrowTable", "A table in Arrow's layout.")
      .def("__arrow_c_stream__", &export_stream, "requested_schema"_a = nb::none(),
           "The rows as an Arrow C stream (PyCapsule \"arrow_array_stream\").")
      .def("__len__", &arrow::Table::rows)
      .def_prop_ro("column_names", &column_names);

  nb::class_<HeldCorpus>(m, "Corpus", "Prepared runs; made by load().")
      .def_prop_ro("models", [](const HeldCorpus& c) { return c.loaded->corpus.models(); })
      .def_prop_ro("tasks", &task_names)
      .def_prop_ro("tools", [](const HeldCorpus& c) { return c.loaded->corpus.tools(); })
      .def_prop_ro("warnings", [](const HeldCorpus& c) { return c.warnings; })
      .def("__len__", [](const HeldCorpus& c) { return c.loaded->corpus.trajectories().size(); })
      .def("inspect", [](const SharedCorpus& c) { return inspect(*c); })
      .def("features",
           [](const SharedCorpus& c) { return without_gil([&] { return features(*c); }); });

  nb::class_<Answer>(m, "Answer", "What an analysis found.")
      .def_ro("json", &Answer::json)
      .def_ro("verdict", &Answer::verdict)
      .def_ro("warnings", &Answer::warnings)
      .def_prop_ro("table_names", [](const Answer& answer) { return names_of(answer.tables); })
      .def_prop_ro("figure_names", [](const Answer& answer) { return names_of(answer.figures); })
      .def("text", [](const Answer& answer) { return answer.text(); })
      .def("table",
           [](const Answer& answer, const std::string& name) { return part(answer.tables, name); })
      .def("figure",
           [](const Answer& answer, const std::string& name) { return part(answer.figures, name); })
      .def("page",
           [](const Answer& answer, const std::string& title, bool transcripts,
              const std::vector<std::string>& redact) -> std::optional<std::string> {
             if (!answer.page) return std::nullopt;
             return without_gil([&] { return answer.page(title, transcripts, redact); });
           });

  m.def("load", &load_files, "options"_a);
  m.def("load_table", &load_arrow, "stream"_a, "options"_a);
  m.def("load_bytes", &load_lines, "name"_a, "content"_a, "options"_a);
  m.def("compare", [](const SharedCorpus& corpus, const nb::dict& options) {
    const StudyRequest request = study_request(options);
    const auto reference = option<std::string>(options, "reference", {});
    const auto models = option<std::vector<std::string>>(options, "models", {});
    const auto shared = option<std::vector<std::string>>(options, "show_shared", {});
    std::atomic<bool> stop{false};
    std::optional<CallerJudge> judge;
    if (options.contains("judge")) {
      judge = caller_judge(options["judge"], number(options, "min_coverage", 0.8, 0, 1), stop);
    }
    return without_gil(stop, [&] {
      return compare(corpus, request, reference, models, shared, judge ? &*judge : nullptr);
    });
  });
  m.def("evidence", [](const SharedCorpus& corpus, const nb::dict& options) {
    const StudyRequest request = study_request(options);
    const auto explained = option<std::size_t>(options, "explain", 5);
    const auto cohorts = option<std::string>(options, "cohorts", "all");
    const auto pair = option<std::vector<std::string>>(options, "pair", {});
    return without_gil([&] { return evidence(corpus, request, explained, cohorts, pair); });
  });
  m.def("distill", [](const SharedCorpus& corpus, const nb::dict& options) {
    const StudyRequest request = study_request(options);
    const auto before = option<std::string>(options, "before", {});
    const auto after = option<std::string>(options, "after", {});
    const auto teachers = option<std::vector<std::string>>(options, "teacher", {});
    const auto controls = option<std::vector<std::string>>(options, "controls", {});
    return without_gil([&] { return distill(corpus, request, before, after, teachers, controls); });
  });
  m.def("attribute", [](const SharedCorpus& corpus, const nb::dict& options) {
    const StudyRequest request = study_request(options);
    const auto student = option<std::string>(options, "student", {});
    const auto before = option<std::string>(options, "before", {});
    const auto candidates = option<std::vector<std::string>>(options, "candidates", {});
    return without_gil([&] { return attribute(corpus, request, student, before, candidates); });
  });
  m.def(
      "drift",
      [](const SharedCorpus& before, const SharedCorpus& after,
         const std::optional<SharedCorpus>& noise, const nb::dict& options) {
        const StudyRequest request = study_request(options);
        const auto before_model = option<std::string>(options, "baseline_model", {});
        const auto after_model = option<std::string>(options, "model", {});
        const double margin = number(options, "margin", 0.25, 0.01, 10);
        return without_gil([&] {
          return drift(before, before_model, after, after_model, noise.value_or(nullptr), request,
                       margin);
        });
      },
      "baseline"_a, "new"_a, "noise"_a.none(), "options"_a);
  m.def(
      "identify",
      [](const SharedCorpus& reference, const SharedCorpus& unknown, const nb::dict& options) {
        const StudyRequest request = study_request(options);
        const auto model = option<std::string>(options, "model", {});
        const auto claimed = option<std::string>(options, "claimed", {});
        const auto channels = option<std::vector<std::string>>(options, "channels", {});
        return without_gil(
            [&] { return identify(reference, unknown, request, model, claimed, channels); });
      },
      "reference"_a, "unknown"_a, "options"_a);
  m.def("diversity", [](const SharedCorpus& corpus, const nb::dict& options) {
    const StudyRequest request = study_request(options);
    DiversityOptions wanted;
    wanted.most_different = option<std::size_t>(options, "different", wanted.most_different);
    wanted.nearest = option<std::size_t>(options, "nearest", wanted.nearest);
    if (options.contains("by")) wanted.by = nb::cast<std::string>(options["by"]);
    return without_gil([&] { return diversity(corpus, request, wanted); });
  });
  m.def("explain_task", [](const nb::dict& logs, const nb::dict& options) {
    const LoadRequest request = load_request(logs);
    const StudyRequest study = study_request(options);
    TaskRequest what;
    what.a = option<std::string>(options, "a", {});
    what.b = option<std::string>(options, "b", {});
    what.task = option<std::string>(options, "task", {});
    if (options.contains("trial")) what.trial = nb::cast<std::int64_t>(options["trial"]);
    std::atomic<bool> stop{false};
    return without_gil(stop, [&] { return explain_task(request, study, what, stop); });
  });
  m.def("explain", [](const SharedCorpus& corpus, const nb::dict& options) {
    const StudyRequest request = study_request(options);
    const auto a = option<std::string>(options, "a", {});
    const auto b = option<std::string>(options, "b", {});
    return without_gil([&] { return explain(corpus, request, a, b); });
  });
  m.def("empty_features", &empty_features, "A table of features without rows, for its schema.");
  m.def("write_features", [](const SharedCorpus& corpus, const std::string& path) {
    without_gil([&] { return write_features_to(*corpus, path); });
  });
}

}  // namespace agentecho::python
