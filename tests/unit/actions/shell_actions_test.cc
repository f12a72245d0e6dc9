// Command lines of coding agents and the nodes that they are (METHOD 13).
#include "agentecho/actions/shell_actions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "read:cat edit:sed"
std::string nodes_of(const ScriptActions& found) {
  std::string nodes;
  for (const ShellAction& action : found.actions) {
    nodes += (nodes.empty() ? "" : " ") + action.action + ":" + action.program;
  }
  return nodes;
}

ScriptActions actions_of(std::string_view script) {
  static ShellActions shell(default_action_table());
  return shell.of_script(script);
}

struct Line {
  std::string_view script;
  std::string_view nodes;
};

std::ostream& operator<<(std::ostream& stream, const Line& line) { return stream << line.script; }

class CommandLine : public ::testing::TestWithParam<Line> {};

TEST_P(CommandLine, becomes_these_nodes) {
  EXPECT_EQ(nodes_of(actions_of(GetParam().script)), GetParam().nodes);
}

constexpr Line kReading[] = {
    {"cat src/a.py", "read:cat"},
    {"cat -n src/a.py | head -50", "read:cat"},
    {"head -n 20 README.md", "read:head"},
    {"tail -f log.txt", "read:tail"},
    {"sed -n '1,120p' src/a.py", "read:sed"},
    {"nl -ba src/a.py | sed -n '1,40p'", "read:nl"},
    {"awk '{print $1}' data.txt", "read:awk"},
    {"less a.txt", "read:less"},
    {"wc -l src/*.py", "read:wc"},
    {"diff a.py b.py", "read:diff"},
    {"jq '.name' package.json", "read:jq"},
    {"sort names.txt | uniq -c", "read:sort"},
    {"grep -rn 'def foo' src", "search:grep"},
    {"rg --files -g '*.ts' | head", "search:rg"},
    {"grep -rn foo . | grep -v test | wc -l", "search:grep search:grep"},
    {"find . -name '*.py' -not -path './venv/*'", "search:find"},
    {"find . -type f -name '*.pyc' -delete", "file-op:find"},
    {"find . -name '*.py' -exec grep -l foo {} \\;", "search:find search:grep"},
    {"find src -name '*.c' -exec sed -i 's/a/b/' {} +", "search:find edit:sed"},
    {"fd -e py -x cat {}", "search:fd read:cat"},
    {"which python3", "search:which"},
    {"command -v node", "search:command"},
    {"ls", "list:ls"},
    {"ls -la src/ && pwd", "list:ls list:pwd"},
    {"tree -L 2 | head -40", "list:tree"},
    {"du -sh . ; df -h", "list:du list:df"},
    {"env | sort", "list:env"},
    {"ps aux | grep python", "list:ps search:grep"},
    {"diff <(sort a) <(sort b)", "read:sort read:sort read:diff"},
    {"sort -k 2 a", "read:sort"},
    {"sort -t o a", "read:sort"},
    {"awk -i lib.awk '{f()}' a", "read:awk"},
};

constexpr Line kEditing[] = {
    {"sed -i 's/foo/bar/' src/a.py", "edit:sed"},
    {"sed -i.bak -e 's/foo/bar/' a.py", "edit:sed"},
    {"sed -ni '/x/p' a.py", "edit:sed"},
    {"sed --in-place=.orig 's/a/b/' a.py", "edit:sed"},
    {"sed 's/-i/x/' a.py", "read:sed"},
    {"perl -pi -e 's/a/b/' a.py", "edit:perl"},
    {"perl -e 'print 1'", "run:perl"},
    {"cat > new.py <<'EOF'\nprint('cat x | grep y')\nEOF", "edit:cat"},
    {"cat <<EOF > f.py && python f.py\nprint($x)\nEOF", "edit:cat run:python"},
    {"cat <<'EOF' >> notes.md\n# grep\nEOF\nls", "edit:cat list:ls"},
    {"echo 'x = 1' > a.py", "edit:echo"},
    {"echo 'x = 1' >> a.py", "edit:echo"},
    {"printf '%s\\n' a b > a.txt", "edit:printf"},
    {"echo hello | tee out.txt", "edit:tee"},
    {"echo hello 2>&1", ""},
    {"echo hello > /dev/null", ""},
    {"cat a b > c", "edit:cat"},
    {"sort a > b", "edit:sort"},
    {"grep foo a > hits.txt", "search:grep"},
    {"pytest -q > log.txt 2>&1", "test:pytest"},
    {"pytest -q 2>&1 | tee log.txt | tail -5", "test:pytest"},
    {"> empty.txt", "edit:redirect"},
    {": > empty.txt", "edit:redirect"},
    {"truncate -s 0 log", "edit:truncate"},
    {"patch -p1 < fix.patch", "edit:patch"},
    {"git apply fix.patch", "edit:git"},
    {"apply_patch <<'EOF'\n*** Begin Patch\n*** Update File: a.py\n@@\n-x\n+y\n*** End Patch\nEOF",
     "edit:apply_patch"},
    {"vim a.py", "edit:vim"},
    {"black src tests", "edit:black"},
    {"black --check src", "test:black"},
    {"ruff check --fix .", "edit:ruff"},
    {"prettier --write src", "edit:prettier"},
    {"gofmt -w main.go", "edit:gofmt"},
    {"(cd a; cat x) > o", "edit:cat"},
    {"{ echo a; echo b; } >> o", "edit:echo"},
    {"cat <<EOF | tee f\nx\nEOF", "edit:tee"},
    {"cat <<'EOF' | sudo tee -a /etc/f > /dev/null\nx\nEOF", "edit:tee"},
    {"cat <<EOF | sed s/x/y/ | tee f\nx\nEOF", "edit:tee"},
    {"cat - a <<EOF | tee f\nx\nEOF", "read:cat edit:tee"},
    {"sort -o a a", "edit:sort"},
    {"sort -uo a a", "edit:sort"},
    {"cat a | sort --output=a", "read:cat edit:sort"},
    {"shuf -o a a", "edit:shuf"},
    {"awk -i inplace '{print}' a", "edit:awk"},
    {"gawk -v x=1 -i inplace '{print x}' a", "edit:gawk"},
    {"gawk --include=inplace '{print}' a", "edit:gawk"},
};

constexpr Line kTesting[] = {
    {"pytest", "test:pytest"},
    {"python -m pytest tests/test_a.py -k foo", "test:pytest"},
    {"python3.11 -m pytest", "test:pytest"},
    {".venv/bin/python -m unittest discover", "test:unittest"},
    {"PYTHONPATH=src python -m pytest -x 2>&1 | tail -20", "test:pytest"},
    {"cd /testbed && python -m pytest -q", "test:pytest"},
    {"timeout 60 pytest -x", "test:pytest"},
    {"timeout -k 5 60 python -m pytest", "test:pytest"},
    {"env FOO=1 BAR=2 pytest", "test:pytest"},
    {"sudo -u postgres pytest", "test:pytest"},
    {"nohup time nice -n 5 pytest &", "test:pytest"},
    {"poetry run pytest", "test:pytest"},
    {"uv run --with pytest pytest -q", "test:pytest"},
    {"npx jest --coverage", "test:jest"},
    {"docker exec -it web pytest", "test:pytest"},
    {"coverage run -m pytest", "test:pytest"},
    {"make test", "test:make"},
    {"make -C build -j4 check", "test:make"},
    {"npm test", "test:npm"},
    {"npm run test:unit -- --watch=false", "test:npm"},
    {"yarn test", "test:yarn"},
    {"cargo test --all", "test:cargo"},
    {"go test ./...", "test:go"},
    {"go vet ./...", "test:go"},
    {"ctest --output-on-failure", "test:ctest"},
    {"mypy src", "test:mypy"},
    {"tsc --noEmit", "test:tsc"},
    {"mvn -q test", "test:mvn"},
    {"./gradlew test", "test:gradle"},
    {"python manage.py test app", "test:python"},
    {"python tests/test_foo.py", "test:python"},
    {"tox -e py311", "test:tox"},
    {"uv run test", "test:uv"},
    {"uv run --group dev test -x", "test:uv"},
    {"hatch run test:unit", "test:hatch"},
    {"poetry run test", "test:poetry"},
    {"pipenv run lint", "test:pipenv"},
    {"npm exec test", "test:npm"},
    {"npx test", "test:npx"},
    {"poetry run coverage run -m pytest", "test:pytest"},
    {"hatch run ./test", "run:script"},
    {"sudo test -f a", ""},
    {"env test -f a && ls", "list:ls"},
};

constexpr Line kBuildingAndRunning[] = {
    {"make", "build:make"},
    {"make -j8 all", "build:make"},
    {"make clean", "file-op:make"},
    {"cmake -S . -B build && cmake --build build", "build:cmake build:cmake"},
    {"gcc -O2 -o prog main.c && ./prog", "build:gcc run:script"},
    {"g++-12 -c a.cc", "build:g++"},
    {"cargo build --release", "build:cargo"},
    {"npm run build", "build:npm"},
    {"npm run build && npm start", "build:npm run:npm"},
    {"go build ./cmd/x", "build:go"},
    {"docker build -t x .", "build:docker"},
    {"docker compose up -d", "run:docker"},
    {"python setup.py build_ext --inplace", "build:python"},
    {"python script.py --flag", "run:python"},
    {"python -c 'print(1)'", "run:python"},
    {"python - <<'PY'\nimport os\nPY", "run:python"},
    {"python3 reproduce.py 2>&1 | head -50", "run:python"},
    {"node index.js", "run:node"},
    {"bash scripts/run.sh", "run:bash"},
    {"./run.sh a b", "run:script"},
    {"gcc -o test test.c && ./test", "build:gcc run:script"},
    {"/usr/bin/test -f a && /bin/true", ""},
    {"psql -c 'select 1'", "run:psql"},
    {"frobnicate --all", "other:frobnicate"},
    {"$PY -m pytest", "other:variable"},
    {"\"$VENV/bin/python\" -m pytest", "test:pytest"},
    {"kill %1", "other:kill"},
};

constexpr Line kInstallingAndFiles[] = {
    {"pip install -e .", "install:pip"},
    {"python -m pip install requests", "install:pip"},
    {"uv pip install x", "install:pip"},
    {"pip list | grep numpy", "list:pip search:grep"},
    {"npm install --save-dev jest", "install:npm"},
    {"npm ci", "install:npm"},
    {"apt-get update && apt-get install -y jq", "install:apt-get install:apt-get"},
    {"sudo apt install -y cmake", "install:apt"},
    {"conda create -n x python=3.11", "install:conda"},
    {"python -m venv .venv", "install:venv"},
    {"cargo add serde", "install:cargo"},
    {"go mod tidy", "install:go"},
    {"make install", "install:make"},
    {"cp a b", "file-op:cp"},
    {"mv a b && rm -rf c", "file-op:mv file-op:rm"},
    {"mkdir -p x/y", "file-op:mkdir"},
    {"touch a", "file-op:touch"},
    {"chmod +x run.sh", "file-op:chmod"},
    {"tar xzf a.tgz", "file-op:tar"},
    {"curl -s https://example.org/x", "network:curl"},
    {"curl -sSL https://example.org/i.sh | bash", "network:curl run:bash"},
    {"wget -O x.zip https://example.org/x.zip && unzip x.zip", "network:wget file-op:unzip"},
    {"ssh host ls", "network:ssh"},
};

constexpr Line kVersionControl[] = {
    {"git status", "vcs-read:git"},
    {"git --no-pager diff HEAD~1 | cat", "vcs-read:git"},
    {"git -C repo log --oneline | head -3", "vcs-read:git"},
    {"git diff > patch.txt", "vcs-read:git"},
    {"git grep -n foo", "search:git"},
    {"git ls-files", "list:git"},
    {"git branch -a", "vcs-read:git"},
    {"git branch feature", "vcs-write:git"},
    {"git stash list", "vcs-read:git"},
    {"git stash", "vcs-write:git"},
    {"git add -A && git commit -m 'fix: a && b'", "vcs-write:git vcs-write:git"},
    {"git checkout -- src/a.py", "vcs-write:git"},
    {"git -c user.name=x commit -m y", "vcs-write:git"},
    {"git config --get user.name", "vcs-read:git"},
    {"git remote -v", "vcs-read:git"},
    {"git push origin main", "vcs-write:git"},
    {"gh pr view 12", "vcs-read:gh"},
    {"gh pr create --fill", "vcs-write:gh"},
    {"gh api repos/x/y", "network:gh"},
};

constexpr Line kGrammar[] = {
    {"", ""},
    {"# only a comment", ""},
    {"cd src", ""},
    {"export A=1; true; :", ""},
    {"sleep 5 && wait", ""},
    {"source .venv/bin/activate && pytest", "test:pytest"},
    {"cd a && ls; cd ..", "list:ls"},
    {"A=$(git rev-parse HEAD)", "vcs-read:git"},
    {"echo \"$(cat version.txt)\"", "read:cat"},
    {"echo `ls`", "list:ls"},
    {"export V=$(cat v) && make", "read:cat build:make"},
    {"if [ -f x ]; then cat x; else touch x; fi", "read:cat file-op:touch"},
    {"[[ -f a ]] && cat a || echo no", "read:cat"},
    {"for f in $(ls *.py); do sed -i s/a/b/ \"$f\"; done", "list:ls edit:sed"},
    {"while read l; do grep \"$l\" b; done < a", "search:grep"},
    {"case $x in a) ls;; b) cat y;; esac", "list:ls read:cat"},
    {"f() { grep a b; }; f", "search:grep"},
    {"function g { ls; }; g > o; g", "list:ls edit:redirect"},
    {"find . -name x -exec head -1 {} \\; > o", "search:find read:head"},
    {"cd src\nmake\ncd -", "build:make"},
    {"pushd a; make; popd", "build:make"},
    {"FOO=1", ""},
    {"time (make && ctest)", "build:make test:ctest"},
    {"coproc cat a", "read:cat"},
    {"trap 'rm -f x' EXIT; make", "build:make"},
    {"set -euo pipefail; make 2>&1 | tee log", "build:make"},
    {"python3 <<'EOF'\nprint(1)\nEOF\necho done; ls", "run:python list:ls"},
    {"echo \"a\" && python - <<EOF && ls\nprint()\nEOF", "run:python list:ls"},
    {"cat > a.sh <<-EOF\n\tls\n\tEOF\n", "edit:cat"},
    {"ls \xc3\xa9 \xff", "list:ls"},
    {"! grep -q a b", "search:grep"},
    {"time { ls; }", "list:ls"},
    {"time -p { ls; cat a; } > log", "list:ls edit:cat"},
    {"time for i in 1 2; do pytest; done", "test:pytest"},
    {"time while read l; do grep x a; done; ls", "search:grep list:ls"},
    {"time if true; then pytest; fi", "test:pytest"},
    {"time { time { ls; }; }", "list:ls"},
    {"cd a && time { make; } && ls", "build:make list:ls"},
    {"echo time { ls", ""},
    {"if ! { grep x a; }; then ls; fi", "search:grep list:ls"},
    {"time ! grep x a", "search:grep"},
    {"time pytest", "test:pytest"},
    {"cat <<EOF\nhello\nEOF", ""},
    {"cat <<EOF | python\nprint(1)\nEOF", "run:python"},
    {"cat <<'EOF' | bash\nls\ncat a\nEOF", "list:ls read:cat"},
    {"cat <<EOF | cat | sh -s\nls\nEOF", "list:ls"},
    {"wc -l <<< \"$x\"", ""},
    {"bash <<< 'ls; cat a'", "list:ls read:cat"},
    {"(cd a && make) && ls", "build:make list:ls"},
    {"ls & cat a", "list:ls read:cat"},
    {"cat a \\\n  b", "read:cat"},
    {"ls\n\ncat a\n# done\n", "list:ls read:cat"},
    {"bash -c 'ls && cat a'", "list:ls read:cat"},
    {"bash -lc \"cd x && pytest -q\"", "test:pytest"},
    {"sh <<'EOF'\nls\ncat a\nEOF", "list:ls read:cat"},
    {"eval 'ls -l'", "list:ls"},
    {"bash -c \"$CMD\"", "other:bash"},
    {"bash -c 'bash -c \"git status\"'", "vcs-read:git"},
    {"grep -rl foo src | xargs sed -i 's/foo/bar/g'", "search:grep edit:sed"},
    {"find . -name '*.py' -print0 | xargs -0 -n 1 wc -l", "search:find"},
    {"git ls-files | xargs grep -n foo", "list:git search:grep"},
    {"python3 - <<'PY' | tee log\nimport x\nPY", "run:python"},
    {"grep foo <<< \"$x\"", "search:grep"},
    {"echo $((1+2))", ""},
    {"/usr/bin/git status", "vcs-read:git"},
    {"command grep -v x y", "search:grep"},
    {"sudo -- ls", "list:ls"},
};

INSTANTIATE_TEST_SUITE_P(Reading, CommandLine, ::testing::ValuesIn(kReading));
INSTANTIATE_TEST_SUITE_P(Editing, CommandLine, ::testing::ValuesIn(kEditing));
INSTANTIATE_TEST_SUITE_P(Testing, CommandLine, ::testing::ValuesIn(kTesting));
INSTANTIATE_TEST_SUITE_P(BuildingAndRunning, CommandLine, ::testing::ValuesIn(kBuildingAndRunning));
INSTANTIATE_TEST_SUITE_P(InstallingAndFiles, CommandLine, ::testing::ValuesIn(kInstallingAndFiles));
INSTANTIATE_TEST_SUITE_P(VersionControl, CommandLine, ::testing::ValuesIn(kVersionControl));
INSTANTIATE_TEST_SUITE_P(Grammar, CommandLine, ::testing::ValuesIn(kGrammar));

TEST(ShellActions, what_is_no_bash_is_one_action_and_counted) {
  for (const char* script : {"echo \"unterminated", "if then", "ls )", "for", "ls && ("}) {
    const ScriptActions found = actions_of(script);
    EXPECT_EQ(nodes_of(found), "other:unparsed") << script;
    EXPECT_EQ(found.unparsed, 1u);
    EXPECT_EQ(found.first_unparsed, script);
  }
  const ScriptActions inside = actions_of("ls; bash -c 'if then'");
  EXPECT_EQ(nodes_of(inside), "list:ls other:unparsed");
  EXPECT_EQ(inside.unparsed, 1u);
}

TEST(ShellActions, hostile_scripts_end_soon_as_unknown) {
  std::string functions, parentheses, arrays, expansions;
  for (int i = 0; i < 15000; ++i) {
    functions += "a()";
    parentheses += "(";
    arrays += "x=(";
    expansions += "${";
  }
  for (const std::string& script :
       {functions, parentheses, arrays, expansions, std::string(100 << 10, 'a')}) {
    EXPECT_EQ(nodes_of(actions_of(script)), "other:unparsed");
  }
  std::string nested = "ls";
  for (int i = 0; i < 300; ++i) nested = "(" + nested + ")";
  EXPECT_EQ(actions_of(nested).first_problem, "nested deeper than 200");
  EXPECT_EQ(actions_of(std::string(1 << 20, 'a')).first_problem, "longer than 64 KiB");
  EXPECT_EQ(actions_of("ls )").first_problem, "no bash");
}

TEST(ShellActions, a_list_may_be_long) {
  std::string list = "ls";
  for (int i = 0; i < 5000; ++i) list += i % 2 == 0 ? " && ls" : " || ls";
  const ScriptActions found = actions_of(list);
  EXPECT_EQ(found.unparsed, 0u);
  EXPECT_EQ(found.actions.size(), 5001u);
}

// Each command that find executes could take the whole here-document, its text and the redirects.
TEST(ShellActions, what_is_made_of_a_script_is_bounded_by_its_length) {
  std::string script = "find .";
  for (int i = 0; i < 2000; ++i) script += " -exec bash \\;";
  for (int i = 0; i < 2000; ++i) script += " >f" + std::to_string(i);
  script += " <<E\n" + std::string(20 << 10, 'x') + "\nE\n";
  const ScriptActions found = actions_of(script);
  ASSERT_EQ(found.actions.size(), 2001u);
  std::size_t bytes = 0;
  for (const ShellAction& action : found.actions) {
    bytes += action.source.size();
    for (const std::string& value : action.values) bytes += value.size();
    for (const std::string& path : action.written) bytes += path.size();
  }
  EXPECT_LT(bytes, 4 * script.size());
}

TEST(ShellActions, scripts_in_scripts_are_followed_for_a_few_levels) {
  EXPECT_EQ(nodes_of(actions_of("eval eval eval eval ls")), "list:ls");
  EXPECT_EQ(nodes_of(actions_of("eval eval eval eval eval ls")), "other:unparsed");
  EXPECT_EQ(actions_of("eval eval eval eval eval ls").first_problem,
            "a script in too many scripts");
}

TEST(ShellActions, values_are_operands_without_quotes_options_and_expansions) {
  const ScriptActions found =
      actions_of("git -C repo log --since=2024-01-01 -n 5 'src/a b.py' \"$x\" x\\ y | head -3");
  ASSERT_EQ(found.actions.size(), 1u);
  EXPECT_THAT(found.actions[0].values, ElementsAre("2024-01-01", "5", "src/a b.py", "x y"));
  EXPECT_EQ(found.actions[0].source,
            "git -C repo log --since=2024-01-01 -n 5 'src/a b.py' \"$x\" x\\ y");
}

TEST(ShellActions, text_of_a_here_document_is_a_value) {
  const ScriptActions found = actions_of("cat > a.py <<'EOF'\nx = 1\nEOF\n");
  ASSERT_EQ(found.actions.size(), 1u);
  EXPECT_THAT(found.actions[0].values, ElementsAre("a.py", "x = 1"));
  EXPECT_THAT(found.actions[0].written, ElementsAre("a.py"));
}

TEST(ShellActions, written_files_are_told_from_those_that_are_named) {
  const auto written = [](std::string_view script) {
    return actions_of(script).actions.at(0).written;
  };
  EXPECT_THAT(written("sed -i 's/a/b/' x.py y.py"), ElementsAre("x.py", "y.py"));
  EXPECT_THAT(written("sed -i -e 's/a/b/' x.py"), ElementsAre("x.py"));
  EXPECT_THAT(written("sed -n 1p x.py"), IsEmpty());
  EXPECT_THAT(written("python a.py > out.txt 2> err.txt"), ElementsAre("out.txt", "err.txt"));
  EXPECT_THAT(written("pytest | tee log.txt"), ElementsAre("log.txt"));
  EXPECT_THAT(written("cp a.py dir/b.py"), ElementsAre("dir/b.py", "dir/b.py/a.py"));
  EXPECT_THAT(written("touch a b"), ElementsAre("a", "b"));
  EXPECT_THAT(written("curl -o page.html https://example.org"), ElementsAre("page.html"));
  EXPECT_THAT(written("gcc -o prog a.c"), ElementsAre("prog"));
  EXPECT_THAT(written("apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: n.py\n+x\n*** Update "
                      "File: u.py\n*** End Patch\nEOF"),
              ElementsAre("n.py", "u.py"));
  EXPECT_THAT(written("git apply <<'EOF'\n--- a/x.c\n+++ b/x.c\nEOF"), ElementsAre("x.c"));
}

TEST(ShellActions, scripts_of_editors_are_no_files_that_they_write) {
  const auto written = [](std::string_view script) {
    return actions_of(script).actions.at(0).written;
  };
  EXPECT_THAT(written("sed -i \"s/$a/b/\" x.py"), ElementsAre("x.py"));
  EXPECT_THAT(written("sed -ni -e 1p -f s.sed x.py"), ElementsAre("x.py"));
  EXPECT_THAT(written("awk -i inplace '{print}' x y"), ElementsAre("x", "y"));
  EXPECT_THAT(written("gawk -i inplace -f p.awk x"), ElementsAre("x"));
  EXPECT_THAT(written("yq -i .a=1 x.yml"), ElementsAre("x.yml"));
  EXPECT_THAT(written("sort -o a b"), ElementsAre("a"));
}

TEST(ShellActions, texts_are_values_and_no_paths) {
  const auto paths = [](std::string_view script) { return actions_of(script).actions.at(0).paths; };
  EXPECT_THAT(paths("grep -rn foo bar"), ElementsAre("bar"));
  EXPECT_THAT(paths("grep -nA 3 foo bar"), ElementsAre("3", "bar"));
  EXPECT_THAT(paths("grep -e foo bar"), ElementsAre("bar"));
  EXPECT_THAT(paths("grep -rne foo bar"), ElementsAre("bar"));
  EXPECT_THAT(paths("grep --regexp=foo bar"), ElementsAre("bar"));
  EXPECT_THAT(paths("grep -f patterns bar"), ElementsAre("patterns", "bar"));
  EXPECT_THAT(paths("grep \"$x\" bar"), ElementsAre("bar"));
  EXPECT_THAT(paths("git grep foo -- bar"), ElementsAre("bar"));
  EXPECT_THAT(paths("rg --files src"), ElementsAre("src"));
  EXPECT_THAT(paths("rg -t py foo src"), ElementsAre("py", "src"));
  EXPECT_THAT(paths("sed -n 1p a"), ElementsAre("a"));
  EXPECT_THAT(paths("sed -ne 1p a"), ElementsAre("a"));
  EXPECT_THAT(paths("awk -F , '{print}' a"), ElementsAre(",", "a"));
  EXPECT_THAT(paths("awk -f p.awk a"), ElementsAre("p.awk", "a"));
  EXPECT_THAT(paths("jq .a b"), ElementsAre("b"));
  const ScriptActions echo = actions_of("echo foo bar > z");
  EXPECT_THAT(echo.actions.at(0).paths, IsEmpty());
  EXPECT_THAT(echo.actions.at(0).values, ElementsAre("foo", "bar", "z"));
  EXPECT_THAT(actions_of("grep foo bar").actions.at(0).values, ElementsAre("foo", "bar"));
}

TEST(ShellActions, a_place_in_a_file_names_the_file) {
  const auto paths = [](std::string_view script) { return actions_of(script).actions.at(0).paths; };
  EXPECT_THAT(paths("pytest sub/a.py::T::test_x -x"), ElementsAre("sub/a.py"));
  EXPECT_THAT(paths("cd /r && python -m pytest ./a.py::t"), ElementsAre("/r/a.py"));
  EXPECT_THAT(paths("rspec spec/a_spec.rb:12"), ElementsAre("spec/a_spec.rb"));
  EXPECT_EQ(named_file("a.py:12:3"), "a.py");
  EXPECT_EQ(named_file("std::vector"), "std::vector");
  EXPECT_EQ(named_file("localhost:80"), "localhost:80");
  EXPECT_EQ(named_file("a.py:"), "a.py:");
  EXPECT_EQ(named_file("C:\\a.py"), "C:\\a.py");
  EXPECT_EQ(named_file("::1"), "::1");
  EXPECT_EQ(named_file(""), "");
}

TEST(ShellActions, a_program_of_a_pipe_has_the_text_of_the_here_document) {
  const ScriptActions found = actions_of("cat <<EOF | tee f\nx = 1\nEOF");
  ASSERT_EQ(found.actions.size(), 1u);
  EXPECT_THAT(found.actions[0].values, ElementsAre("f", "x = 1"));
  EXPECT_THAT(found.actions[0].written, ElementsAre("f"));
  // Not what stands in no pipe, and not what a script inside has said.
  EXPECT_THAT(actions_of("cat <<EOF\nx\nEOF\nwc -l a").actions.at(0).values, ElementsAre("a"));
  EXPECT_THAT(actions_of("bash -c 'cat <<E\nx\nE\n' | python").actions.at(0).values, IsEmpty());
}

TEST(ShellActions, paths_follow_cd) {
  const ScriptActions found = actions_of("cd /repo/src && sed -i s/a/b/ ./x/../y.py; cd ..; cat z");
  ASSERT_EQ(found.actions.size(), 2u);
  EXPECT_THAT(found.actions[0].written, ElementsAre("/repo/src/y.py"));
  EXPECT_THAT(found.actions[1].paths, ElementsAre("/repo/z"));
  EXPECT_THAT(actions_of("cd \"$D\" && cat z").actions.at(0).paths, ElementsAre("z"));
}

TEST(ShellActions, arguments_without_a_shell_are_a_command) {
  ShellActions shell(default_action_table());
  EXPECT_EQ(nodes_of(shell.of_arguments({"bash", "-lc", "ls && cat a"})), "list:ls read:cat");
  EXPECT_EQ(nodes_of(shell.of_arguments({"git", "commit", "-m", "a && b; ls"})), "vcs-write:git");
  EXPECT_EQ(nodes_of(shell.of_arguments({})), "");
}

TEST(JoinedPath, is_without_detours) {
  EXPECT_EQ(joined_path("", "./a//b/"), "a/b");
  EXPECT_EQ(joined_path("src", "../a"), "a");
  EXPECT_EQ(joined_path("src", "/a/../../b"), "/b");
  EXPECT_EQ(joined_path("", "../x"), "../x");
  EXPECT_EQ(joined_path("/r", "~/x"), "~/x");
}

TEST(OpenFile, edits_are_of_the_file_that_was_opened) {
  ShellActions shell(default_action_table());
  EXPECT_EQ(nodes_of(shell.of_script("cd src && open ./a.py 40")), "read:open");
  EXPECT_EQ(shell.open_file(), "src/a.py");
  const ScriptActions edit =
      shell.of_script("edit 12:20\n    print(\"it's {x}\"\n  fi ((\nend_of_edit");
  EXPECT_EQ(nodes_of(edit), "edit:edit");
  EXPECT_EQ(edit.unparsed, 0u);
  EXPECT_THAT(edit.actions[0].written, ElementsAre("src/a.py"));
  EXPECT_THAT(edit.actions[0].paths, IsEmpty());
  EXPECT_THAT(edit.actions[0].values, ElementsAre("12:20", "print(\"it's {x}\"\n  fi (("));
  const ScriptActions scrolled = shell.of_script("goto 70 && scroll_down");
  EXPECT_EQ(nodes_of(scrolled), "read:goto read:scroll_down");
  EXPECT_THAT(scrolled.actions[1].paths, ElementsAre("src/a.py"));
  EXPECT_THAT(scrolled.actions[1].written, IsEmpty());
  shell.forget_open_file();
  EXPECT_THAT(shell.of_script("edit 1:1\nx\nend_of_edit").actions[0].written, IsEmpty());
}

TEST(OpenFile, what_stands_around_an_edit_is_shell) {
  ShellActions shell(default_action_table());
  const ScriptActions all = shell.of_script(
      "create b.py\nedit 1:1\nimport os\nend_of_edit\nedit 2:2\nimport sys\nend_of_edit\npython "
      "b.py");
  EXPECT_EQ(nodes_of(all), "edit:create edit:edit edit:edit run:python");
  EXPECT_EQ(all.unparsed, 0u);
  EXPECT_THAT(all.actions[2].written, ElementsAre("b.py"));
  // Without its end it is what a shell makes of it.
  EXPECT_EQ(nodes_of(shell.of_script("edit 1:1\nls")), "edit:edit list:ls");
}

}  // namespace
}  // namespace agentecho
