#include "agentecho/cli.h"

int main(int argc, char** argv) { return agentecho::cli::run_program(argc, argv); }
