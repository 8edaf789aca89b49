# Sourced by try-compose.sh: episodes over HTTP.

# The first episodes of README.md. $1: environment, $2: task, the rest: the agent's messages, which solve it.
play_episode() {
  local environment=$1 task=$2 created id message number=0 step
  shift 2
  created=$(call "$KEY" /create "{\"env_type\":\"$environment\",\"task_id\":\"$task\"}")
  id=$(pick "['data']['info']['instance_id']" <<< "$created")
  expect "$environment: roles of create" "system user" "$(pick "['data']['state'][0]['role']" <<< "$created") $(pick "['data']['state'][1]['role']" <<< "$created")"
  for message in "$@"; do
    step=$(call "$KEY" /step "{\"instance_id\":\"$id\",\"messages\":$message}")
    expect "$environment: number of the step" $((++number)) "$(pick "['data']['info']['step']" <<< "$step")"
  done

  expect "$environment: the last reward" 1.0 "$(pick "['data']['reward']" <<< "$step")"
  expect "$environment: the score" 1.0 "$(call "$KEY" /evaluate "{\"instance_id\":\"$id\",\"params\":{\"sparse\":true}}" | pick "['data']")"
  expect "$environment: another key sees the instance" False "$(call "$OTHER_KEY" /release "{\"instance_id\":\"$id\"}" | pick "['success']")"
  expect "$environment: released" True "$(call "$KEY" /release "{\"instance_id\":\"$id\"}" | pick "['success']")"
  echo "$environment $task: solved in $number steps, scored, released"
}

cross_the_lake() {
  local move messages=()
  for move in down right right right down down; do messages+=("{\"role\":\"assistant\",\"content\":\"<action>$move</action>\"}"); done
  play_episode frozenlake 4x4-1000000 "${messages[@]}"
}

measure_the_tank() {
  play_episode bfcl simple_python_sample0 '{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"tank_volume","arguments":{"radius_cm":30,"height_cm":85}}}]}'
}

# The episode of the page goes on. $1: the number of its next step; $2: the move.
goes_on() {
  local step
  step=$(call "$KEY" /step "{\"instance_id\":\"mine\",\"messages\":{\"role\":\"assistant\",\"content\":\"<action>$2</action>\"}}")
  expect "the number of the step" "$1" "$(pick "['data']['info']['step']" <<< "$step")"
  echo "the episode of the page goes on: step $1, reward $(pick "['data']['reward']" <<< "$step")"
}

# $1: environment, $2: split.
tasks() { call "$KEY" /get_env_profile "{\"env_type\":\"$1\",\"params\":{\"split\":\"${2:-all}\"}}" | pick "['data']"; }
