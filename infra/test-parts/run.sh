# Building, running and counting. Sourced by infra/test.

started=$SECONDS
passed=0
failed=0
running=
test_projects=()

# No compiler or build server stays behind, and none of another build on this machine is touched.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
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
  for folder in tests/node clients/samples/express; do
    watched npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
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
  fi
  bad=$((bad + errors))
  if [ "$bad" = 0 ] && [ "$3" != 0 ] && ! { [ -n "$filter" ] && [ "$ok" = 0 ] && [ -f "$1" ]; }; then
    echo "  $2 ended with $3 without naming a failed test" >&2
    bad=1
  fi
  passed=$((passed + ok))
  failed=$((failed + bad))
}

sum_attribute() {
  grep -o '<assembly [^>]*' "$1" | grep -o " $2=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'
}

run_node_tests() {
  local report=$reports/node.tap code=0 ok=0 bad=0
  watched node_tests "$report" || code=$?
  if [ -f "$report" ]; then
    ok=$(count_tap pass "$report")
    bad=$(($(count_tap fail "$report") + $(count_tap cancelled "$report")))
  fi
  if [ "$bad" = 0 ] && [ "$code" != 0 ]; then bad=1; fi
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

finish() {
  say "Done"
  echo "Reports, logs and screenshots: artifacts/"
  [ $((passed + failed)) -gt 0 ] || echo "No test ran${filter:+: nothing is named like '$filter'}." >&2
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
