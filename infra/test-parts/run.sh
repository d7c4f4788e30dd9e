# Building, running and counting. Sourced by infra/test.

started=$SECONDS
passed=0
failed=0
failures=
running=
test_projects=()

# No compiler or build server stays behind, and none of another build on this machine is touched.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
# The tests start a hundred programs that live for seconds: to instrument their code for a second compilation (PGO) costs
# a third of their start and never pays.
export DOTNET_TieredPGO=0
build_flags=(-nologo -v:quiet -clp:NoSummary -p:UseSharedCompilation=false)

say() { printf '== %s (%d s)\n' "$1" $((SECONDS - started)); }

# Test programs get a process group each, and what they start dies with them (Testing/Guardian.cs).
stop_running() {
  [ -z "$running" ] || kill -KILL "-$running" 2>/dev/null || true
  [ -z "$running" ] || wait "$running" 2>/dev/null || true
}
trap stop_running EXIT
trap 'echo "infra/test: interrupted" >&2; exit 130' INT TERM HUP

# Runs a command in the background, so that an interruption is heard at once and not after it.
watched() {
  set -m
  "$@" </dev/null &
  running=$!
  set +m
  local code=0
  wait "$running" || code=$?
  running=
  return $code
}

build_all() {
  mapfile -t test_projects < <(grep -l 'Include="xunit.v3"' tests/*/*.csproj)
  watched dotnet build IdentityHub.sln "${build_flags[@]}"
  # The Node tests, and the sample applications that end-to-end tests start.
  local lock
  for lock in tests/node/package-lock.json clients/samples/*/package-lock.json; do
    watched npm ci --prefix "$(dirname "$lock")" --no-audit --no-fund --loglevel=error
  done
}

run_dotnet_tests() {
  local name report program code=0 selection=()
  name=$(basename "$1" .csproj)
  report=$reports/$name.xml
  program=$(dirname "$1")/bin/Debug/net10.0/$name
  # By class and method name; a namespace is the beginning of both.
  [ -z "$filter" ] || selection=(-method "*$filter*")
  watched "$program" -noColor -noLogo -result-xml "$report" "${selection[@]}" || code=$?
  count_xml "$report" "$name" "$code"
}

# A test program that died without a report, or that failed outside any test, counts as one failure.
count_xml() {
  local ok=0 bad=0 errors=0
  if [ -f "$1" ]; then
    ok=$(sum_attribute "$1" passed)
    bad=$(sum_attribute "$1" failed)
    errors=$(sum_attribute "$1" errors)
    failures+=$(failed_in_xml "$1")
  fi
  bad=$((bad + errors))
  if [ "$bad" = 0 ] && [ "$3" != 0 ] && ! { [ -n "$filter" ] && [ "$ok" = 0 ] && [ -f "$1" ]; }; then
    failures+=$'\n'"$2 ended with $3 without naming a failed test"
    bad=1
  fi
  passed=$((passed + ok))
  failed=$((failed + bad))
}

sum_attribute() {
  grep -o '<assembly [^>]*' "$1" | grep -o " $2=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'
}

# Each failed test, and each failure outside any test, by its full name with the first lines of what it said.
failed_in_xml() {
  awk -v RS='<' '
    function plain(text) {
      gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text); gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&amp;/, "\\&", text)
      # The reports write \ before what C# would.
      gsub(/\\\\/, "\001", text); gsub(/\\r/, "", text); gsub(/\\n/, "\n", text); gsub(/\\t/, "\t", text)
      gsub(/\\/, "", text); gsub(/\001/, "\\", text)
      return text
    }
    /^(test|error) / {
      name = $0; sub(/.*[ ]name="/, "", name); sub(/".*/, "", name)
      named = 1
    }
    /^message>/ { said = ""; inside = named; named = 0 }
    inside && /^\/message>/ {
      inside = 0
      sub(/^message>/, "", said); sub(/^<!\[CDATA\[/, "", said); sub(/\]\]>$/, "", said)
      count = split(plain(said), lines, "\n")
      printf "\n%s", plain(name)
      for (i = 1; i <= count && i <= 6; i++) printf "\n    %s", lines[i]
    }
    inside { said = said (said == "" ? "" : "<") $0 }
  ' "$1"
}

run_node_tests() {
  local report=$reports/node.tap code=0 ok=0 bad=0
  watched node_tests "$report" || code=$?
  if [ -f "$report" ]; then
    ok=$(count_tap pass "$report")
    bad=$(($(count_tap fail "$report") + $(count_tap cancelled "$report")))
    failures+=$(failed_in_tap "$report")
  fi
  if [ "$bad" = 0 ] && [ "$code" != 0 ]; then
    failures+=$'\n'"tests/node ended with $code without naming a failed test"
    bad=1
  fi
  passed=$((passed + ok))
  failed=$((failed + bad))
}

node_tests() {
  local selection=()
  [ -z "$filter" ] || selection=("--test-name-pattern=${filter//[^A-Za-z0-9 _-]/.}")
  cd tests/node
  node --test --test-reporter=tap --test-reporter-destination="$1" \
    --test-reporter=spec --test-reporter-destination=stdout "${selection[@]}" | sed '/does not match pattern/d'
}

count_tap() { awk -v key="$1" '$1 == "#" && $2 == key { sum += $3 } END { print sum + 0 }' "$2"; }

# The same of Node's report; one that failed only because a part of it did is named by that part.
failed_in_tap() {
  awk '
    function tell() {
      if (name != "" && !parts) { printf "\n%s", name; for (i = 1; i <= count; i++) printf "\n    %s", lines[i] }
      name = ""
    }
    { depth = match($0, /[^ ]/) - 1 }
    /^ *# Subtest: / { title = $0; sub(/^ *# Subtest: /, "", title); titles[depth] = title }
    /^ *not ok / && !/# TODO/ {
      tell()
      name = "tests/node"
      for (d = 0; d <= depth; d += 4) name = name ": " titles[d]
      own = depth; count = 0; parts = 0; saying = 0
    }
    name == "" { next }
    /^ *failureType: .subtestsFailed/ { parts = 1 }
    /^ *error: / { saying = 1; line = $0; sub(/^ *error: /, "", line); if (line !~ /^[|>]-?$/) lines[++count] = line; next }
    saying && depth <= own + 2 && NF { saying = 0 }
    saying && count < 6 && NF { line = $0; sub(/^ */, "", line); lines[++count] = line }
    /^ *\.\.\.$/ { tell() }
  ' "$1"
}

finish() {
  say "Done"
  echo "Reports, logs and screenshots: artifacts/"
  [ $((passed + failed)) -gt 0 ] || echo "No test ran${filter:+: nothing is named like '$filter'}." >&2
  [ -z "$failures" ] || printf '\nFailed:\n%s\n\n' "$failures" | sed '3{/^$/d}'
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
