# Sourced by try-compose.sh: what an environment's container may do, and what a killed worker leaves behind.

# A program in the container's own network, root and limits: there is no shell in the image to start one from.
look_inside() {
  local container pid
  container=$(environments '{{.ID}}' | head -n 1)
  docker inspect -f 'user {{.Config.User}}, network {{.HostConfig.NetworkMode}}, dropped {{.HostConfig.CapDrop}}, added {{.HostConfig.CapAdd}}, {{.HostConfig.SecurityOpt}}, read-only root {{.HostConfig.ReadonlyRootfs}}, memory {{.HostConfig.Memory}}, pids {{.HostConfig.PidsLimit}}' "$container"
  expect "its network" none "$(docker inspect -f '{{.HostConfig.NetworkMode}}' "$container")"
  # The server itself, not the engine's init before it.
  pid=$(docker top "$container" -eo pid,args | awk '/[e]nvironment-server --socket/ && !/docker-init/ { print $1; exit }')
  grep -E '^(Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):' "/proc/$pid/status"
  expect "its user" 65532 "$(awk '/^Uid:/ { print $2 }' "/proc/$pid/status")"
  expect "its capabilities" "0000000000000000" "$(awk '/^Cap(Prm|Eff|Bnd|Inh|Amb):/ { print $2 }' "/proc/$pid/status" | sort -u)"
  expect "it may gain privileges" 1 "$(awk '/^NoNewPrivs:/ { print $2 }' "/proc/$pid/status")"
  echo "devices in its network:" && tail -n +3 "/proc/$pid/net/dev" | cut -d: -f1
  expect "network devices beside loopback" 0 "$(tail -n +3 "/proc/$pid/net/dev" | cut -d: -f1 | grep -vcw lo || true)"
  expect "routes" 0 "$(tail -n +2 "/proc/$pid/net/route" | wc -l)"
  local reached address
  for address in $(compose ps -q | xargs docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.Gateway}} {{end}}'); do
    reached=$(nsenter -t "$pid" -n python3 -c "
import socket, sys
for port in (80, 5432, 5672, 8080):
    try: socket.create_connection(('$address', port), 2); print('reached $address', port)
    except OSError as failure: print('$address', port, failure.strerror, file=sys.stderr)" 2>> "$WORK/unreached")
    expect "what it reaches of $address" "" "$reached"
  done
  echo "what it reaches of the farm's other containers and the engine's machine: nothing ($(cut -d' ' -f3- "$WORK/unreached" | sort | uniq -c | sed 's/^ *//' | paste -sd ';'))"
  echo "what it can write to:" && awk '$4 ~ /(^|,)rw(,|$)/ { print $2, $3 }' "/proc/$pid/mounts"
}

# One as the engine kills it, which it leaves down; one as the kernel does, which it starts again, under another name.
kill_workers() {
  local killed crashed started
  killed=$(compose ps -q worker | sed -n 1p)
  crashed=$(compose ps -q worker | sed -n 2p)
  GONE=$(environments '{{.ID}} {{.Label "sandqueue.worker"}}' | grep -E " (${killed:0:12}|${crashed:0:12})-" | cut -d' ' -f1)
  [ -n "$GONE" ] || fail "the workers have no environments"
  echo "two workers have $(wc -w <<< "$GONE") environments"
  docker kill -s KILL "$killed" > /dev/null
  kill -KILL "$(docker inspect -f '{{.State.Pid}}' "$crashed")"
  started=$SECONDS
  wait_for "a sweep" 180 none_left
  echo "of them are left: 0, after $((SECONDS - started)) s"
  docker start "$killed" > /dev/null
  wait_for "$WORKERS workers that serve" 180 all_serve
  cross_the_lake
}

none_left() { ! docker ps -aq --no-trunc | cut -c1-12 | grep -qxF "$GONE"; }

# What the farm's own containers may, as they run.
look_at_limits() {
  local service id adjusted last=-1
  for service in postgres rabbitmq gateway worker; do
    id=$(compose ps -q "$service" | head -n 1)
    docker inspect -f "$service: memory {{.HostConfig.Memory}}, dropped {{.HostConfig.CapDrop}}, added {{.HostConfig.CapAdd}}, {{.HostConfig.SecurityOpt}}, oom_score_adj {{.HostConfig.OomScoreAdj}}" "$id"
    [ "$(docker inspect -f '{{.HostConfig.Memory}}' "$id")" -gt 0 ] || fail "$service has no limit of memory"
    expect "the capabilities that $service has dropped" "[ALL]" "$(docker inspect -f '{{.HostConfig.CapDrop}}' "$id")"
    expect "what $service may gain" "[no-new-privileges]" "$(docker inspect -f '{{.HostConfig.SecurityOpt}}' "$id")"
    adjusted=$(cat "/proc/$(docker inspect -f '{{.State.Pid}}' "$id")/oom_score_adj")
    [ "$adjusted" -gt "$last" ] || fail "the kernel ends $service before those that it should spare less: $adjusted"
    last=$adjusted
  done

  id=$(environments '{{.ID}}' | head -n 1)
  adjusted=$(cat "/proc/$(docker inspect -f '{{.State.Pid}}' "$id")/oom_score_adj")
  [ "$adjusted" -gt "$last" ] || fail "the kernel does not end an environment first: $adjusted"
}

# One environment fills the folder of its socket, which lies in the memory that all share.
fill_a_folder() {
  local hostile pid inside
  hostile=$(environments '{{.ID}} {{.Label "sandqueue.environment"}}' | awk '$2 == "countdown" { print $1; exit }')
  pid=$(docker inspect -f '{{.State.Pid}}' "$hostile")
  inside="/proc/$pid/root"
  dd if=/dev/zero "of=$inside/run/sandqueue/full" bs=1M count=60 2> /dev/null || true
  wait_for "its worker to end it" 60 is_gone "$hostile"
  wait_for "$WORKERS workers that serve" 180 all_serve
  echo "an environment that filled the folder of its socket is gone, and all workers serve"
}

is_gone() { ! docker ps -aq --no-trunc | grep -q "^$1"; }
