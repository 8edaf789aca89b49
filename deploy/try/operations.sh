# Sourced by try-compose.sh: the parts of docs/farm.md about a farm that runs, each with what has to be true after it.

change_workers() {
  WORKERS=2
  play scale
  expect "workers" "$WORKERS" "$(compose ps -q worker | wc -l)"
  wait_for "$WORKERS workers that serve" 180 all_serve
  goes_on 3 right
  play override
  publishes
  play data
  wait_for "the data sets" 180 serves_data
  wait_for "$WORKERS workers that serve" 180 all_serve
  expect "a setting of one's own" 00:10:00 "$(docker inspect -f '{{range .Config.Env}}{{println .}}{{end}}' "$(compose ps -q worker | head -n 1)" | sed -n 's/^SANDQUEUE_Worker__ParkAfter=//p')"
  local created
  [ "$(tasks webshop | wc -w)" -lt 135 ] || fail "webshop serves its sample"
  created=$(call "$KEY" /create '{"env_type":"appworld_official","task_id":"world1","instance_id":"world"}')
  pick "['data']['state'][1]['content']" <<< "$created" | grep -q 'Find the lost playlist' || fail "AppWorld does not read its data: $created"
  expect "AppWorld: the reward" 1 "$(call "$KEY" /step '{"instance_id":"world","messages":{"role":"assistant","content":"```python\napis.supervisor.complete_task()\n```"}}' | pick "['data']['reward']")"
  expect "AppWorld: released" True "$(call "$KEY" /release '{"instance_id":"world"}' | pick "['success']")"
  goes_on 4 right
}

# The override file for workers on other machines, as compose reads it: in its short form, or in its long one.
publishes() {
  local port read
  read=$(SANDQUEUE_FARM_ADDRESS=127.0.0.7 compose -f docker-compose.yml -f deploy/compose.published.yml config | tr -d '"')
  for port in 5672 5432; do
    grep -qF "127.0.0.7:$port:$port" <<< "$read" || grep -A 3 'host_ip: 127.0.0.7' <<< "$read" | grep -qx " *published: $port" || fail "deploy/compose.published.yml does not publish $port: $read"
  done
}

serves_data() { [[ $(tasks bfcl) == "['simple_python_sample0', "* ]] && [ "$(tasks bfcl | wc -w)" -lt 30 ] && [ "$(tasks appworld_official train)" = "['world1']" ]; }

look_and_drain() {
  play logs
  play workers
  local before
  before=$(living)
  play drain
  wait_for "the drained worker to come back" 120 comes_back "$before"
  wait_for "$WORKERS workers that serve" 180 all_serve
  goes_on 5 down
}

# Names of the living workers.
living() { curl -sS --max-time 90 -H "Authorization: Bearer $ADMIN_KEY" "$URL/admin/workers" | grep -o '"name":"[^"]*"' | sort; }

# $1: those who lived before. One of them is gone, and another is there.
comes_back() { [ "$(living | wc -l)" = "$WORKERS" ] && [ "$(living)" != "$1" ]; }

replace_key() {
  local old=$KEY new
  play issue-key
  play revoke-key
  play second-key
  new=$(setting API_KEYS | sed 's/.*,trainer=//')
  wait_for "the gateway" 180 is_healthy
  expect "with the old key" 404 "$(status /step '{"instance_id":"nobody","messages":{"role":"assistant","content":""}}' "$old")"
  play old-key
  KEY=$new
  expect "with the old key" 401 "$(status /step '{}' "$old")"
  wait_for "$WORKERS workers that serve" 180 all_serve
  expect "the score, with the new key" 0.0 "$(call "$KEY" /evaluate '{"instance_id":"mine","params":{"sparse":true}}' | pick "['data']")"
}

# A newer version: images that differ by a label.
upgrade() {
  local before
  before=$(images_that_run)
  sed -i 's/^ENTRYPOINT.*/&\nLABEL version=newer/' "$COPY/deploy/Dockerfile"
  play build
  play upgrade
  [ "$(images_that_run | sort -u | comm -12 - <(sort -u <<< "$before") | wc -l)" = 0 ] || fail "programs of the old version run"
  wait_for "$WORKERS workers that serve" 180 all_serve
}

images_that_run() { compose ps -q gateway worker | xargs docker inspect -f '{{.Image}}'; }

# What comes after the backup is gone: the end of the episode, and an instance.
restore() {
  play backup
  goes_on 6 down
  call "$KEY" /create '{"env_type":"frozenlake","task_id":"4x4-17","instance_id":"later"}' | pick "['data']['info']" > /dev/null
  play restore
  wait_for "$WORKERS workers that serve" 180 all_serve
  expect "an instance that came after the backup" 404 "$(status /step '{"instance_id":"later","messages":{"role":"assistant","content":""}}' "$KEY")"
  goes_on 6 down
  expect "the score" 1.0 "$(call "$KEY" /evaluate '{"instance_id":"mine","params":{"sparse":true}}' | pick "['data']")"
}

take_down() {
  play down
  expect "environments left behind" 0 "$(environments '{{.ID}}' -a | wc -l)"
  expect "containers of the farm left behind" 0 "$(docker ps -aq --filter "label=com.docker.compose.project=$PROJECT" | wc -l)"
  expect "networks of environments left behind" 0 "$(docker network ls -q --filter "label=sandqueue.farm=$PROJECT" | wc -l)"
  docker network create --label "sandqueue.farm=$PROJECT" "$PROJECT-left" > /dev/null
  docker create --label "sandqueue.farm=$PROJECT" --network "$PROJECT-left" sandqueue/environments:0.1.0 > /dev/null
  play leftovers
  expect "environments left behind" 0 "$(environments '{{.ID}}' -a | wc -l)"
  expect "networks of environments left behind" 0 "$(docker network ls -q --filter "label=sandqueue.farm=$PROJECT" | wc -l)"
  play remove
  expect "volumes left behind" 0 "$(docker volume ls -q --filter "label=com.docker.compose.project=$PROJECT" | wc -l)"
}
