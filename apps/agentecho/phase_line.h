// How far the work after reading has come, on standard error.
#pragma once

namespace agentecho::cli {

// From now on phases of work that take over a second are shown, unless `quiet`: redrawn on a
// terminal, elsewhere a line every ten seconds.
void show_phases(bool quiet);

}  // namespace agentecho::cli
