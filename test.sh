#!/usr/bin/env bash
# Builds SandQueue and runs all its tests. Needs the .NET 10 SDK and bash. The last line is "N passed, N failed, N skipped";
# the exit code is 0 when nothing failed. With CI=true a skipped test is a failure too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# What some tests start or call, and the Debian package that brings it. Tests skip, and say so, where one is missing.
needed=(
  "rabbitmq-server /usr/lib/rabbitmq/bin/rabbitmq-server"
  "postgresql /usr/lib/postgresql/*/bin/initdb"
  "docker.io /usr/sbin/dockerd /usr/bin/dockerd"
  "docker-compose /usr/bin/docker-compose /usr/local/bin/docker-compose /usr/libexec/docker/cli-plugins/docker-compose"
  "debootstrap /usr/sbin/debootstrap"
  "openssl /usr/bin/openssl"
  "iptables /usr/sbin/iptables"
  "gcc /usr/bin/gcc /usr/bin/clang"
  "libc6-dev /usr/include/stdio.h"
  "zlib1g-dev /usr/include/zlib.h"
  "libssl3 /usr/lib/*/libssl.so.3"
  "util-linux /usr/bin/setpriv"
  "busybox-static /bin/busybox"
  "python3 /usr/bin/python3 /usr/local/bin/python3"
  "python3-pika /usr/lib/python3/dist-packages/pika/__init__.py"
  "python3-httpx /usr/lib/python3/dist-packages/httpx/__init__.py"
  "python3-pytest /usr/lib/python3/dist-packages/pytest/__init__.py"
  "python3-numpy /usr/lib/python3/dist-packages/numpy/__init__.py"
  "python3-setuptools /usr/lib/python3/dist-packages/setuptools/__init__.py"
  "python3-wheel /usr/lib/python3/dist-packages/wheel/__init__.py"
  "mypy /usr/bin/mypy"
  "nodejs /usr/bin/node /usr/local/bin/node"
  "npm /usr/bin/npm /usr/local/bin/npm"
  "chromium /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome"
  "curl /usr/bin/curl /usr/local/bin/curl"
)

main() {
  require_sdk
  install_what_is_missing
  prepare_home

  say "Building"
  dotnet build Queue.sln --verbosity quiet --nologo

  say "Testing"
  local output python_output status=0
  output=$(mktemp)
  python_output=$(mktemp)
  trap "rm -f '$output' '$python_output'" EXIT
  # One test program at a time: the end-to-end tests hold the real program to its time limits.
  interruptible dotnet test --solution Queue.sln --no-build --no-progress --max-parallel-test-modules 1 < /dev/null 2>&1 | tee "$output" || status=$?

  say "Testing the Python package"
  test_python "$python_output" || status=$?
  report "$output" "$python_output" "$status"
}

# $1: where pytest writes its counts as JUnit's XML. The tests start the gateway that was built, on a free port.
test_python() {
  # Debian's own, which has the packages of the list; another python3 may come first in PATH.
  local python=/usr/bin/python3 reason
  if [ ! -x "$python" ]; then python=python3; fi
  if ! reason=$("$python" -c 'import httpx, numpy, pytest' 2>&1); then
    echo "The tests of the Python package are skipped: ${reason##*$'\n'}"
    echo '<testsuite errors="0" failures="0" skipped="1" tests="1">' > "$1"
    return 0
  fi

  (cd python && interruptible "$python" -m pytest -q -rs -p no:cacheprovider --junitxml="$1" < /dev/null)
}

# A shell that runs this script in the background has it ignore SIGINT, and so would everything that the tests start and end by Ctrl-C.
# No trap undoes that; GNU env does.
interruptible() {
  if env --default-signal=INT true 2> /dev/null; then env --default-signal=INT "$@"; else "$@"; fi
}

require_sdk() {
  if ! command -v dotnet > /dev/null; then
    fail "the .NET 10 SDK is needed, and there is no dotnet; get it from https://dotnet.microsoft.com/download/dotnet/10.0"
  fi

  if ! dotnet --list-sdks | grep -q '^10\.'; then
    fail "the .NET 10 SDK is needed, and dotnet has only: $(dotnet --list-sdks | tr '\n' ' '); get it from https://dotnet.microsoft.com/download/dotnet/10.0"
  fi
}

# On Debian, as root, missing packages are installed. Elsewhere their tests skip.
install_what_is_missing() {
  local missing=() entry path there
  for entry in "${needed[@]}"; do
    there=no
    # The paths of an entry may be patterns.
    for path in ${entry#* }; do if [ -e "$path" ]; then there=yes; fi; done
    if [ "$there" = no ]; then missing+=("${entry%% *}"); fi
  done

  if [ ${#missing[@]} -eq 0 ]; then return; fi
  if [ "$(id -u)" -ne 0 ] || [ ! -e /etc/debian_version ] || ! command -v apt-get > /dev/null; then
    echo "Not here: ${missing[*]}. Tests that need them will be skipped; as root on Debian this script installs them." >&2
    return
  fi

  say "Installing ${missing[*]}"
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } < /dev/null > /dev/null; then
    echo "Could not install ${missing[*]}. Tests that need them will be skipped." >&2
  fi
}

# The SDK and NuGet keep files in the home folder, so there has to be one.
prepare_home() {
  if [ -z "${HOME:-}" ] || [ ! -d "$HOME" ] || [ ! -w "$HOME" ]; then
    HOME=$(mktemp -d)
    export HOME
  fi

  # Build servers that outlive the script would keep its output open.
  export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
}

# $1: what dotnet test printed; $2: the counts of pytest; $3: an exit code that is not 0 where one of both failed.
report() {
  local passed failed skipped python_failed python_skipped
  python_failed=$(($(pytest_counted failures "$2") + $(pytest_counted errors "$2")))
  python_skipped=$(pytest_counted skipped "$2")
  passed=$(($(counted succeeded "$1") + $(pytest_counted tests "$2") - python_failed - python_skipped))
  failed=$(($(counted failed "$1") + python_failed))
  skipped=$(($(counted skipped "$1") + python_skipped))
  if [ "$skipped" -gt 0 ]; then
    say "Skipped, and why"
    # The reason stands in the line under the test's name.
    { grep -A 1 '^skipped ' "$1" | grep '^  ' | sed 's/^ */  /' | sort | uniq -c | sort -rn; } || true
    if [ "$python_skipped" -gt 0 ]; then echo "$python_skipped of them in the Python package, as said above."; fi
  fi

  local code=$3
  if [ "$code" -eq 0 ] && [ "$failed" -gt 0 ]; then code=1; fi
  if [ "${CI:-}" = true ] && [ "$skipped" -gt 0 ]; then
    echo "With CI=true a skipped test is a failure."
    if [ "$code" -eq 0 ]; then code=1; fi
  fi

  echo "$passed passed, $failed failed, $skipped skipped"
  exit "$code"
}

# The number behind a word in the summary of dotnet test; 0 where it printed none.
counted() {
  sed -n "/^Test run summary/,\$s/^  $1: \([0-9][0-9]*\)\$/\1/p" "$2" | tail -n 1 | grep . || echo 0
}

# A count of pytest, an attribute of its testsuite; 0 where it wrote none.
pytest_counted() {
  sed -n "s/.*<testsuite [^>]*\b$1=\"\([0-9][0-9]*\)\".*/\1/p" "$2" | head -n 1 | grep . || echo 0
}

say() { printf '\n== %s\n' "$*"; }

fail() {
  echo "test.sh: $*" >&2
  exit 1
}

main
