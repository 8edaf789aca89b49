"""Clients that step an instance each until a file is there, ask again under the same key until they are answered, and then compare the journal with what they were told.

Usage: keep_stepping.py URL KEY CLIENTS STOP_FILE. Prints what came of it in one line; exit code 1 where a step is missing, taken twice, or numbered wrongly.
"""

import http.client
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request

URL, KEY, CLIENTS, STOP = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
STUCK_SECONDS = 120

told, again, longest, wrong = {}, [0], [0.0], []
lock = threading.Lock()


def ask(method, path, key, body=None):
    began = time.monotonic()
    while time.monotonic() - began < STUCK_SECONDS:
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", "Idempotency-Key": key}
        request = urllib.request.Request(URL + path, method=method, headers=headers, data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                read = json.load(answer)
            with lock:
                longest[0] = max(longest[0], time.monotonic() - began)
            return read
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")
            if error.code < 500 and error.code != 429:
                raise RuntimeError(f"{path}: {error.code} {said[:200]}") from None
            if error.code == 504 and '"expired"' in said:
                # That is the command's end: it never took effect, and the step needs a new one.
                key += "-again"
        except (OSError, ValueError, http.client.HTTPException):
            pass
        with lock:
            again[0] += 1
        time.sleep(0.25)
    raise RuntimeError(f"{path}: not answered within {STUCK_SECONDS} s")


def play(number):
    name, step = f"kept-{number}", 0
    try:
        ask("POST", "/v1/instances", f"{name}-0", {"env_type": "frozenlake", "task_id": "16x16-1", "instance_id": name})
        # One step at least: an instance that is made only as the end is asked for has lost nothing.
        while step == 0 or not os.path.exists(STOP):
            step += 1
            answer = ask("POST", f"/v1/instances/{name}/steps", f"{name}-{step}", {"action": {"role": "assistant", "content": "<action>left</action>"}})
            if answer["answer"]["info"]["step"] != step:
                raise RuntimeError(f"{name}: step {answer['answer']['info']['step']} came for {step}")
            told[name] = step
            time.sleep(0.2)
        page, recorded, cursor = None, [], ""
        while page is None or page.get("next_cursor"):
            page = ask("GET", f"/v1/instances/{name}/episode?limit=100{cursor}", f"{name}-read")
            recorded += [entry["step"] for entry in page["entries"] if entry["kind"] == "step"]
            cursor = f"&cursor={page.get('next_cursor')}"
        if recorded != list(range(1, step + 1)):
            raise RuntimeError(f"{name}: {step} steps were answered, and the journal has {recorded}")
    except Exception as error:
        wrong.append(str(error))


clients = [threading.Thread(target=play, args=(number,)) for number in range(CLIENTS)]
for client in clients:
    client.start()
for client in clients:
    client.join()
print(f"{sum(told.values())} steps of {len(told)} clients; {again[0]} calls were made again, the longest took {longest[0]:.1f} s; {len(wrong)} clients found something wrong {wrong[:3]}")
sys.exit(1 if wrong or len(told) != CLIENTS else 0)
