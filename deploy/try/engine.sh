# Sourced by try-compose.sh: compose, the engine, and the images that are not built from this repository.

choose_compose() {
  if docker compose version > /dev/null 2>&1; then COMPOSE=(docker compose)
  elif command -v docker-compose > /dev/null; then COMPOSE=(docker-compose)
  else cannot "needs \"docker compose\" or docker-compose"; fi

  # The page says "docker compose".
  mkdir "$WORK/bin"
  if [ "${COMPOSE[0]}" = docker-compose ]; then
    printf '#!/bin/sh\nif [ "$1" = compose ]; then shift; exec docker-compose "$@"; fi\nexec %s "$@"\n' "$(command -v docker)" > "$WORK/bin/docker"
    chmod +x "$WORK/bin/docker"
  fi

  # docker-compose itself gives an answer of the engine 60 seconds.
  export PATH=$WORK/bin:$PATH COMPOSE_PROJECT_NAME=$PROJECT COMPOSE_HTTP_TIMEOUT=600
}

use_engine() {
  if [ -z "${DOCKER_HOST:-}" ]; then
    command -v dockerd > /dev/null || cannot "needs a Docker engine: set DOCKER_HOST, or install dockerd (Debian: docker.io)"
    ENGINE_FOLDER=${ENGINE_FOLDER:-$WORK/engine}
    mkdir -p "$ENGINE_FOLDER"
    # One at a time: the engine's folder is its own.
    exec 9> "$ENGINE_FOLDER/lock"
    flock -w 1800 9
    # It is started for every line that it reads, and ends when the pipe to it does, so with this script, however that ended. What ends the script
    # is not for the engine.
    exec 8> >(exec 9>&-; exec setsid sh -c 'number=$1; shift; while read -r line; do wait; dockerd "$@" < /dev/null & engine=$!; echo "$engine" > "$number"; done; kill "$engine"; wait "$engine"' sh \
      "$WORK/engine-number" --data-root "$ENGINE_FOLDER/data" --exec-root "$WORK/exec" --pidfile "$WORK/pid" -H "unix://$WORK/docker.sock" > "$WORK/dockerd.log" 2>&1)
    ENGINE=$!
    echo start >&8
    export DOCKER_HOST=unix://$WORK/docker.sock
  fi

  case $DOCKER_HOST in unix://*) export DOCKER_SOCKET=${DOCKER_HOST#unix://} ;; *) cannot "workers need the engine's socket, and DOCKER_HOST is $DOCKER_HOST" ;; esac
  wait_for "the engine" 180 engine_answers
  # What a run before this one left, if it was killed.
  [ -z "$ENGINE" ] || docker ps -aq | xargs -r docker rm -f > /dev/null
}

# One of our own that ended at once, as it does where a busy machine keeps it waiting for its own parts, is started once more.
engine_answers() {
  docker version && return
  if [ -n "$ENGINE" ] && [ ! -e "$WORK/started-again" ] && engine_has_ended; then
    touch "$WORK/started-again"
    rm -f "$WORK/exec/containerd/containerd.pid"
    echo start >&8
  fi

  return 1
}

# A process that has ended keeps its number until its parent asks for it, and has no command line any more.
engine_has_ended() { [ -s "$WORK/engine-number" ] && ! grep -qa . "/proc/$(cat "$WORK/engine-number")/cmdline"; }

get_base_images() {
  local image missing=()
  for image in mcr.microsoft.com/dotnet/sdk:10.0 mcr.microsoft.com/dotnet/aspnet:10.0 rabbitmq:4-management postgres:17; do
    docker image inspect "$image" > /dev/null 2>&1 || missing+=("$image")
  done

  if [ ${#missing[@]} -eq 0 ]; then return; fi
  if [ -x "$STAND_INS" ]; then
    command -v debootstrap > /dev/null || cannot "needs debootstrap, to build stand-ins for ${missing[*]}"
    say "Building stand-ins for ${missing[*]}"
    three_times "$STAND_INS" > "$WORK/stand-ins.log" 2>&1 || { tail -n 40 "$WORK/stand-ins.log"; fail "the stand-ins could not be built"; }
    trust_as_here
  else
    for image in "${missing[@]}"; do three_times docker pull -q "$image" || cannot "needs the image $image"; done
  fi
}

# Packages are restored inside the build; a machine behind a proxy trusts certificates that a stand-in does not know.
trust_as_here() {
  local bundle=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt} sdk=mcr.microsoft.com/dotnet/sdk:10.0
  [ -r "$bundle" ] || return 0
  mkdir "$WORK/trust"
  cp "$bundle" "$WORK/trust/ca-certificates.crt"
  printf 'FROM %s\nCOPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt\n' "$sdk" > "$WORK/trust/Dockerfile"
  DOCKER_BUILDKIT=0 docker build -q -t "$sdk" "$WORK/trust" > /dev/null 2>&1 || fail "the stand-in for $sdk does not take this machine's certificates"
}

# The page builds as it starts the farm, and does so once. It finds all that is built here.
build_images() {
  three_times compose build > "$WORK/build.log" 2>&1 || { tail -n 40 "$WORK/build.log"; fail "the farm's images could not be built"; }
}

# AppWorld's own image takes a registry, and its data.
build_appworld() {
  local folder=$WORK/appworld label='{{index .Config.Labels "sandqueue.stand-in"}}'
  if docker image inspect "$APPWORLD" > /dev/null 2>&1 && [ "$(docker image inspect -f "$label" "$APPWORLD")" != yes ]; then
    cannot "needs an engine without $APPWORLD: a stand-in takes its name"
  fi

  mkdir "$folder"
  cp tests/Compose.Tests/AppWorldStandIn/* "$(command -v busybox)" "$folder"
  DOCKER_BUILDKIT=0 docker build -q -t "$APPWORLD" --label sandqueue.stand-in=yes "$folder" > "$WORK/appworld.log" 2>&1 || { cat "$WORK/appworld.log"; fail "the stand-in of AppWorld could not be built"; }
}
