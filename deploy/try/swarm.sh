# Sourced by try-compose.sh: the same farm as a stack of a swarm of one machine, whose workers come and go under load.

STACK=sandqueue-try
SWARM_CLIENTS=16

swarm() {
  # An engine that somebody uses is not made a swarm of.
  if [ -z "$ENGINE" ]; then echo "left out: DOCKER_HOST names an engine that is not of this script"; return; fi
  local clients
  DOCKER_BUILDKIT=0 three_times docker build -q --target worker-process -t sandqueue/worker-process:0.1.0 -f "$COPY/deploy/Dockerfile" "$COPY" > "$WORK/worker-process.log" 2>&1 \
    || { tail -n 40 "$WORK/worker-process.log"; fail "the image worker-process could not be built"; }
  # An engine whose folder is kept may have those of a run that was ended: with their journal, clients would be told what was recorded then.
  remove_swarm_volumes
  # On a busy machine the engine refuses each of these now and then: "update out of sequence", "context deadline exceeded".
  wait_for "a swarm" 60 is_swarm
  wait_for "the label of the node" 60 label_node
  SWARM_PORT=$(free_port)
  wait_for "the stack to be taken" 60 deploy_stack
  wait_for "the engine to take one worker" 60 scale 1
  URL=http://127.0.0.1:$SWARM_PORT
  wait_for "a worker of the swarm that serves" 240 swarm_serves 1
  python3 "$COPY/deploy/try/keep_stepping.py" "$URL" "$KEY" "$SWARM_CLIENTS" "$WORK/stop-stepping" > "$WORK/stepping.log" 2>&1 &
  clients=$!
  for count in 4 2; do
    sleep 5
    wait_for "the engine to take $count workers" 60 scale "$count"
    wait_for "$count workers of the swarm" 180 swarm_serves "$count"
    echo "$count workers serve"
  done

  sleep 5
  touch "$WORK/stop-stepping"
  wait "$clients" || { cat "$WORK/stepping.log"; fail "steps were lost or doubled while workers came and went"; }
  cat "$WORK/stepping.log"
  wait_for "the end of the stack" 300 stack_is_removed
  remove_swarm_volumes
  wait_for "the end of the swarm" 120 swarm_is_left
}

# An engine that answers too late has made one all the same.
is_swarm() { docker swarm init --advertise-addr 127.0.0.1 || [ "$(docker info --format '{{.Swarm.LocalNodeState}}')" = active ]; }

label_node() {
  local node
  node=$(docker node ls -q) && docker node update --label-add sandqueue=data "$node"
}

deploy_stack() { RABBITMQ_PASSWORD=swarm POSTGRES_PASSWORD=swarm SANDQUEUE_API_KEYS=try=$KEY SANDQUEUE_SWARM_PORT=$SWARM_PORT docker stack deploy -c "$COPY/deploy/swarm.yml" "$STACK"; }

# $1: how many workers are to be.
scale() { docker service scale -d "${STACK}_worker=$1"; }

# $1: how many workers are to serve, and no other to be there.
swarm_serves() { [ "$(curl -sS --max-time 5 -H "Authorization: Bearer $KEY" "$URL/v1/environments" | grep -c frozenlake)" -ge 1 ] && [ "$(docker ps -q --filter "label=com.docker.swarm.service.name=${STACK}_worker" | wc -l)" = "$1" ]; }

# The engine refuses to remove a network that a task still uses, so it is asked again.
stack_is_removed() {
  docker stack rm "$STACK"
  [ -z "$(docker ps -aq --filter "label=com.docker.stack.namespace=$STACK")" ] && [ -z "$(docker network ls -q --filter "label=com.docker.stack.namespace=$STACK")" ]
}

# On a busy machine the engine answers "context deadline exceeded", and may have left all the same (moby/moby#35337).
swarm_is_left() { docker swarm leave --force || [ "$(docker info --format '{{.Swarm.LocalNodeState}}')" = inactive ]; }

remove_swarm_volumes() { docker volume rm -f "${STACK}_postgres" "${STACK}_rabbitmq" > /dev/null 2>&1 || true; }
