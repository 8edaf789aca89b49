"""A server of AppWorld's shape that runs real Python: one world a process, a session that lasts, checkpoints of the databases only.

appworld_server.py PORT ROOT [open] [thaws] [rerolls] [plain] [refuses] [dies] [hangs] [spills] [closes]

Where the public program has a peculiarity that matters to checkpoints, so has this one: making the world of a task removes its checkpoints,
loading one starts the preamble and the random generator again and keeps no variable, and closing a world fails once one was loaded. The
words after ROOT make another one: it listens on all addresses; the clock runs on after a load; the databases change with a load; there are no
checkpoints; code is refused after a load; the process dies of a load, or hangs in it; it dies of a save; a world that was loaded closes well.
"""
import ast, contextlib, datetime, http.server, io, json, os, random, shutil, sys, threading, traceback

dumps = json.dumps  # The session has the module too, and may change it.
PORT, ROOT, FLAWS = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
ALLOWED = {"builtins", "collections", "copy", "datetime", "functools", "itertools", "json", "math", "random", "re", "string"}
FROZEN = datetime.datetime(2023, 5, 18, 12, 0, 0)
PREAMBLE = """
import builtins, datetime, json, math, random, re
from collections import Counter, defaultdict
from functools import reduce
def print(*args, **kwargs):
    builtins.print(*args, **kwargs)
def input(*args, **kwargs):
    raise Exception("input is not allowed")
"""


class Clock(datetime.datetime):
    frozen = False

    @classmethod
    def now(cls, tz=None):
        return cls(2023, 5, 18, 12) if cls.frozen else super().now(tz)


Clock.__module__ = Clock.__qualname__ = "datetime"
datetime.datetime = Clock


class App:
    def __init__(self, **calls):
        self.__dict__.update(calls)


class World:
    def __init__(self, task, experiment, most):
        self.task, self.most, self.interactions, self.loaded = task, most, 0, False
        self.folder = os.path.join(ROOT, experiment, "tasks", task)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(os.path.join(self.folder, "checkpoints"))
        self.data = {"notes": [], "completed": False}
        self.session = {"__name__": "__main__"}
        self.start()
        self.save("dbs")

    def start(self):
        Clock.frozen = True
        random.seed(100)
        exec(PREAMBLE, self.session)
        self.session["apis"] = App(notes=App(login=self.login, add=self.add, show=lambda: list(self.data["notes"])), supervisor=App(complete_task=self.complete))
        self.session["requester"] = object()

    def login(self):
        return {"access_token": f"token-{random.getrandbits(64):x}"}

    def add(self, text, access_token):
        self.data["notes"].append({"text": text, "by": access_token, "at": str(datetime.datetime.now())})
        return {"note_id": len(self.data["notes"])}

    def complete(self):
        self.data["completed"] = True

    def execute(self, code):
        self.interactions += 1
        if self.most is not None and self.interactions > self.most:
            return f"Execution failed. Traceback:\nException: Maximum number of executions ({self.most}) reached."
        try:
            tree = ast.parse(code)
        except SyntaxError as error:
            return f"Execution failed. Traceback:\nSyntax error in line:\n{error.text}\nMessage: {error.msg}"
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else []
            if set(names) - ALLOWED:
                return f"Execution failed. Traceback:\nUsage of the following module is not allowed: {sorted(set(names) - ALLOWED)[0]}."
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(tree, "<python-input>", "exec"), self.session)
        except Exception as error:
            return f"Execution failed. Traceback:\n{type(error).__name__}: {error}"
        finally:
            self.save("dbs")
        return printed.getvalue() or "Execution successful."

    def save(self, *parts):
        folder = os.path.join(self.folder, *parts)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(os.path.join(folder, "apps"))
        for name, rows in self.data.items():
            with open(os.path.join(folder, "apps", name + ".json"), "w") as file:
                file.write(dumps(rows))

    def read(self, *parts):
        folder = os.path.join(self.folder, *parts, "apps")
        return {name[:-5]: json.load(open(os.path.join(folder, name))) for name in sorted(os.listdir(folder))}

    def load(self, state):
        if "dies" in FLAWS:
            os._exit(1)
        while "hangs" in FLAWS:
            threading.Event().wait()
        Clock.frozen = False
        self.data, self.loaded = self.read("checkpoints", state), True
        self.start()
        if "thaws" in FLAWS:
            Clock.frozen = False
        if "rerolls" in FLAWS:
            self.data["notes"].append({"text": "not yours"})

    def close(self):
        if self.loaded and "closes" not in FLAWS:
            raise IndexError("pop from empty list")

    def evaluate(self):
        data = self.read("dbs")
        met, missed = [], []
        for requirement, holds in (("there is a note", bool(data["notes"])), ("the task was completed", data["completed"])):
            (met if holds else missed).append({"requirement": requirement, "label": None})
        return {"success": not missed, "difficulty": 1, "num_tests": 2, "passes": met, "failures": missed}


world, executed, asked, lock = None, [], [], threading.Lock()


def answer(path, body):
    global world
    task = body["task_id"]
    if path == "/initialize":
        world = World(task, body["experiment_name"], body.get("max_interactions", 1000))
        person = {"first_name": "Ada", "last_name": "Byron", "email": "ada@example.com", "phone_number": "5550100"}
        return 200, {"task_id": task, "instruction": f"Write notes for task {task}.", "supervisor": person, "datetime": str(FROZEN)}
    if world is None or world.task != task:
        return 400, "AppWorld has not been initialized."
    if path == "/execute" and world.loaded and "refuses" in FLAWS:
        return 400, "no more code"
    if path == "/execute":
        executed.append(body["code"])
        return 200, world.execute(body["code"])
    if path == "/task_completed":
        return 200, world.data["completed"]
    if path == "/evaluate":
        return 200, world.evaluate()
    if path == "/save_state" and "spills" in FLAWS:
        os._exit(1)
    if path == "/save_state" and "plain" not in FLAWS:
        return 200, world.save("checkpoints", body["state_id"])
    if path == "/load_state" and "plain" not in FLAWS:
        return 200, world.load(body["state_id"])
    if path == "/close":
        return 200, world.close()
    return 404, "Not Found"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send(200, executed if self.path == "/executed" else {"message": "AppWorld-shaped"})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            with lock:
                status, output = answer(self.path, body)
        except Exception:
            status, output = 500, traceback.format_exc(limit=1)
        self.send(status, {"output": output} if status == 200 else {"detail": output})

    def send(self, status, value):
        content = dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("0.0.0.0" if "open" in FLAWS else "127.0.0.1", PORT), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
