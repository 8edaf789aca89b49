# Sourced by try-compose.sh: a copy of the repository, with the settings and data folders of this run.

# The page writes .env and more into its folder.
copy_repository() {
  mkdir "$COPY"
  tar -c --exclude=./.git --exclude=./.env --exclude=./artifacts --exclude=bin --exclude=obj . | tar -x -C "$COPY"
  ADDRESS=127.0.0.1:$(free_port)
  URL=http://$ADDRESS
}

# Below the ports that the system gives to who asks for any: until somebody listens there, it is given to nobody else.
free_port() {
  python3 -c 'import random, socket, sys
for port in random.sample(range(10000, 30000), 20000):
    try: socket.socket().bind(("", port))
    except OSError: continue
    print(port)
    break
else: sys.exit("no port is free")'
}

# The folders of data sets: pieces of the samples, and the lists of an AppWorld with one task.
make_data() {
  local srv=$WORK/srv
  mkdir -p "$srv/bfcl/possible_answer" "$srv/webshop" "$srv/appworld/data/datasets"
  local task=BFCL_v4_simple_python.json sample=src/Environments/Bfcl/Sample
  cp "$sample/$task" "$srv/bfcl/"
  cp "$sample/possible_answer/$task" "$srv/bfcl/possible_answer/"
  python3 -c 'import json, sys; json.dump(json.load(open(sys.argv[1]))[:10], open(sys.argv[2], "w"))' src/Environments/WebShop/Sample/items_sample.json "$srv/webshop/items_sample.json"
  cp src/Environments/WebShop/Sample/items_ins_sample.json "$srv/webshop/"
  echo world1 > "$srv/appworld/data/datasets/train.txt"
  printf 'Find the lost playlist.' > "$srv/appworld/data/instruction.txt"
  chmod -R a+rX "$srv"
}

# What the page leaves out: a second tenant, and what keeps this farm apart from others.
use_settings() {
  sed -i "s/^SANDQUEUE_API_KEYS=.*/&,other=$OTHER_KEY/" "$COPY/.env"
  printf '%s\n' "SANDQUEUE_ADDRESS=$ADDRESS" "SANDQUEUE_FARM=$PROJECT" >> "$COPY/.env"
  expect "who may read .env" 600 "$(stat -c %a "$COPY/.env")"
  KEY=$(setting API_KEYS | sed 's/^trainer=\([^,]*\).*/\1/')
  ADMIN_KEY=$(setting ADMIN_KEYS | sed 's/^operator=//')
  expect "workers that the page starts" "$WORKERS" "$(setting WORKERS)"
}

setting() { sed -n "s/^SANDQUEUE_$1=//p" "$COPY/.env"; }
