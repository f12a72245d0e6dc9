// Bytes of a shell command → actions: they are of known classes, their paths are without detours,
// and what is made of a script is bounded by its length.
#include <string>
#include <string_view>

#include "agentecho/actions/shell_actions.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view script(reinterpret_cast<const char*>(data), size);
  static agentecho::ShellActions shell(agentecho::default_action_table());
  const agentecho::ScriptActions found = shell.of_script(script);
  FUZZ_CHECK(found.actions.size() <= 2 * size + 1);
  FUZZ_CHECK((found.unparsed > 0) == !found.first_problem.empty());
  std::size_t bytes = 0;
  for (const agentecho::ShellAction& action : found.actions) {
    FUZZ_CHECK(agentecho::default_action_table().kind_of(action.action) != nullptr);
    FUZZ_CHECK(!action.program.empty());
    bytes += action.source.size();
    for (const std::string& value : action.values) bytes += value.size();
    for (const auto* paths : {&action.paths, &action.written}) {
      for (const std::string& path : *paths) {
        FUZZ_CHECK(agentecho::joined_path({}, path) == path);
      }
    }
  }
  FUZZ_CHECK(bytes <= 1000 * (size + 1));
  const auto again = shell.of_script(script);
  FUZZ_CHECK(again.actions.size() == found.actions.size() && again.unparsed == found.unparsed);
  return 0;
}
