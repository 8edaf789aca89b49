#!/usr/bin/env bash
# Brings the whole farm of docker-compose.yml up and takes it down again, with the commands of docs/farm.md, in a copy of the
# repository. In between it plays episodes, looks into an environment's container and kills two workers. Then it deploys deploy/swarm.yml to a swarm
# of this machine, whose workers come and go under load. It fails at the first thing that is not as it should be, or not as the page says.
#
#   deploy/try-compose.sh
#
# Needs root, docker, docker-compose or "docker compose", curl, python3, openssl and a static busybox; exits with 77 where
# something is missing. Uses the engine DOCKER_HOST names; where that is empty, one of its own, which is gone afterwards. In a
# folder that ENGINE_FOLDER names its images are kept, so that a second run is quick. Base images that are missing are built by
# STAND_INS, if that script exists, and pulled otherwise.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for part in deploy/try/*.sh; do source "$part"; done
# What ends the script without a word of its own is named. What fails in a subshell ends that alone, and its caller is named if it ends the script.
trap 'said_nothing $? "${BASH_SOURCE[0]}" "$LINENO" "$BASH_COMMAND"' ERR

STAND_INS=${STAND_INS:-../shared/standin-images/build.sh}
APPWORLD=ghcr.io/stonybrooknlp/appworld:latest
WORKERS=4
OTHER_KEY=$(openssl rand -hex 24)
PROJECT=sandqueue-try-$$
WORK=$(mktemp -d)
COPY=$WORK/SandQueue
ENGINE=
PAGE_SHELL=
CANNOT=77

main() {
  local program
  for program in docker curl python3 openssl nsenter flock busybox; do
    command -v "$program" > /dev/null || cannot "needs $program"
  done

  trap clean_up EXIT
  trap 'exit 130' HUP INT PIPE TERM
  [ "$(id -u)" -eq 0 ] || cannot "needs root, to look into containers from outside"
  # What is set here would take precedence over the copy's .env.
  unset COMPOSE_FILE RABBITMQ_PASSWORD POSTGRES_PASSWORD "${!SANDQUEUE_@}"
  choose_compose
  use_engine
  get_base_images
  copy_repository
  make_data
  build_appworld

  say "Building, and starting the farm with $WORKERS workers"
  begin_page docs/farm.md "$WORK/page" "$COPY" "s#127.0.0.1:8080#$ADDRESS#g; s#/srv/#$WORK/srv/#g; s#sandqueue\.farm=sandqueue#sandqueue.farm=$PROJECT#g"
  play settings
  use_settings
  play keys
  build_images
  play start
  docker images --format '{{.Repository}}:{{.Tag}} {{.Size}}' | grep '^sandqueue/'
  wait_for "$WORKERS workers that serve" 180 all_serve
  expect "restarts of a gateway or worker that was asked for nothing yet" 0 "$(compose ps -q | xargs docker inspect -f '{{.RestartCount}}' | awk '{ n += $1 } END { print n + 0 }')"
  play first-calls
  play environments

  say "Keys"
  expect "without a key" 401 "$(status /step '{}' '')"
  expect "with a wrong key" 401 "$(status /step '{}' wrong)"

  say "Episodes"
  cross_the_lake
  measure_the_tank
  for _ in $(seq $((WORKERS * 4))); do call "$KEY" /create "{\"env_type\":\"frozenlake\",\"task_id\":\"4x4-17\"}" > /dev/null; done
  docker ps --filter "label=sandqueue.farm=$PROJECT" --format 'table {{.Names}}\t{{.Image}}\t{{.Status}}\t{{.Label "sandqueue.worker"}}'
  expect "workers with environments of their own" "$WORKERS" "$(environments '{{.Label "sandqueue.worker"}}' | sort -u | wc -l)"

  say "What the farm's containers may"
  look_at_limits

  say "An environment's container, from inside"
  look_inside
  fill_a_folder

  say "Two workers are killed"
  kill_workers
  goes_on 2 right

  say "Fewer workers, settings of one's own, the data sets"
  change_workers

  say "Logs, a drained worker, another key"
  look_and_drain
  replace_key

  say "Upgrade, backup and restore"
  upgrade
  restore

  say "The farm is taken down"
  take_down
  end_page

  say "The same farm as a stack of a swarm"
  swarm
  say "All is as it should be"
}

all_serve() {
  local environment
  for environment in bfcl countdown frozenlake webshop; do
    [ "$(environments '{{.Label "sandqueue.environment"}}' | grep -cx "$environment")" -ge "$WORKERS" ] || return 1
    call "$KEY" /get_env_profile "{\"env_type\":\"$environment\"}" | pick "['data'][0]" || return 1
  done
}

is_healthy() { [ "$(curl -sS --max-time 10 "$URL/healthz")" = OK ]; }

environments() { docker ps --filter "label=sandqueue.farm=$PROJECT" --format "$1" ${2:-}; }

compose() { (cd "$COPY" && "${COMPOSE[@]}" "$@"); }

# $1: key, $2: path, $3: body.
call() { curl -sS --max-time 90 -H "Authorization: Bearer $1" -H 'Content-Type: application/json' "$URL$2" -d "$3"; }

status() { curl -sS --max-time 90 -o /dev/null -w '%{http_code}' ${3:+-H "Authorization: Bearer $3"} "$URL$1" -d "$2"; }

pick() { python3 -c "import json,sys; text=sys.stdin.read()
try: print(json.loads(text)$1)
except Exception as wrong: sys.exit(f'{wrong!r} in {text}')"; }

expect() { [ "$2" = "$3" ] || fail "$1: $3, and should be $2"; }

# $1: what, $2: seconds, the rest: the test.
wait_for() {
  local what=$1 until=$((SECONDS + $2))
  shift 2
  until "$@" > "$WORK/waited" 2>&1; do
    [ "$SECONDS" -lt "$until" ] || fail "waited too long for $what: $(tail -n 5 "$WORK/waited")"
    sleep 1
  done
}

# A download that is refused now and then is no fault of the farm's.
three_times() {
  local attempt
  for attempt in 1 2 3; do
    "$@" && return
    if [ "$attempt" -lt 3 ]; then sleep 5; fi
  done

  return 1
}

clean_up() {
  local code=$?
  set +e
  trap - ERR
  trap '' HUP INT PIPE TERM
  if [ -n "$PAGE_SHELL" ]; then kill "$PAGE_SHELL" 2> /dev/null; fi
  if [ -e "$COPY/.env" ]; then
    if [ "$code" -ne 0 ]; then compose logs --no-color --tail 20; fi
    compose down -v > /dev/null 2>&1
  fi

  environments '{{.ID}}' -a 2> /dev/null | xargs -r docker rm -f > /dev/null
  if [ -n "$ENGINE" ]; then
    touch "$WORK/stop-stepping"
    if docker stack ls 2> /dev/null | grep -q "^$STACK "; then
      if [ "$code" -ne 0 ]; then docker service ps --no-trunc --format '{{.Name}} {{.CurrentState}} {{.Error}}' $(docker service ls -q) | head -30; fi
      docker stack rm "$STACK" > /dev/null 2>&1
      sleep 5
      remove_swarm_volumes
    fi

    docker swarm leave --force > /dev/null 2>&1
    # Images of sources that are no more; the base images stay.
    docker image prune -f > /dev/null
    exec 8>&-
    wait "$ENGINE"
    if [ "$code" -ne 0 ] && [ "$code" -ne "$CANNOT" ]; then echo "The engine's last lines:" && tail -n 20 "$WORK/dockerd.log"; fi
  fi

  awk -v folder="$WORK/" 'index($2, folder) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r -n 1 umount -l
  rm -rf "$WORK"
  exit "$code"
}

say() { printf '\n== %s\n' "$*"; }

# What this machine lacks is no fault of the farm's: 77, as test suites have it.
cannot() {
  echo "$*" >&2
  exit "$CANNOT"
}

# $1: exit code, $2: file, $3: line, $4: the command as it is written, so that no key is in it.
said_nothing() { [ "$BASH_SUBSHELL" -ne 0 ] || echo "try-compose.sh: $2, line $3: '$4' ended with $1" >&2; }

fail() {
  echo "try-compose.sh: $*" >&2
  exit 1
}

main
