def _sandqueue(act, text, most):
    # By name, for the agent's code may have bound these words to something else.
    import builtins, collections, datetime, json, random
    from builtins import Exception, TypeError, ValueError
    from builtins import bool, callable, dict, float, getattr, globals, id, int, isinstance, len, list, repr, set, sorted, str, tuple, type, zip

    space, nodes, places, made, left = globals(), [], {}, {}, [most]
    factories = {None: None, bool: "bool", dict: "dict", float: "float", int: "int", list: "list", set: "set", str: "str"}

    def imported(home, inner):
        return getattr(__import__(home, fromlist=[inner]), inner, None)

    def spend(size):
        left[0] -= size
        if left[0] < 0:
            raise ValueError(f"the session holds more than {most} characters")

    def put_time(value, kind):
        part = {"t": [kind.__module__, kind.__qualname__, value.isoformat()]}
        again = imported(*part["t"][:2]).fromisoformat(part["t"][2])
        if type(again) is not kind or repr(again) != repr(value):
            raise TypeError(kind.__name__)
        return part

    def put(value):
        kind = type(value)
        spend(len(value) + 16 if kind is str else value.bit_length() // 3 + 16 if kind is int else 16)
        if value is None or kind in (bool, int, float, str):
            if value != value:
                raise TypeError("float that is not a number")
            return {"v": value}
        if id(value) in places:
            return {"n": places[id(value)]}
        if isinstance(value, (datetime.date, datetime.time)):
            return put_time(value, kind)
        # No set: the order it is read in, once it has grown, depends on all that ever was in it.
        if kind not in (list, tuple, dict, collections.Counter, collections.defaultdict) or getattr(value, "__dict__", None):
            raise TypeError(kind.__name__)
        factory = value.default_factory if kind is collections.defaultdict else None
        if factory not in factories:
            raise TypeError(kind.__name__)
        place = places[id(value)] = len(nodes)
        nodes.append(None)
        parts = [part for pair in value.items() for part in pair] if isinstance(value, dict) else value
        nodes[place] = [kind.__name__, [put(part) for part in parts], factories[factory]]
        return {"n": place}

    def put_begun(value):
        # The fresh world has it too; what it holds has to be the same there, as far as that reads the same in two processes.
        kind = type(value)
        held = value if kind is list else sorted(str(key) for key in value) if isinstance(value, dict) else None
        own = [] if isinstance(value, type) or kind is type(json) else sorted(getattr(value, "__dict__", ()))
        return {"o": [kind.__module__, kind.__qualname__], "held": repr(held), "own": own}

    def put_named(name, value):
        if name in json._sandqueue and json._sandqueue[name] is value:
            return put_begun(value)
        if type(value) is type(json):
            return {"m": value.__name__}
        home = getattr(value, "__module__", None)
        if callable(value) and home not in (None, "__main__"):
            for inner in (getattr(value, "__qualname__", None), getattr(value, "__name__", None)):
                if type(inner) is str and imported(home, inner) is value:
                    return {"f": [home, inner]}
        return put(value)

    def begin():
        # Kept where it lives as long as the process, so that nothing else can ever be at the same address.
        json._sandqueue = {name: value for name, value in space.items()}
        return {"begun": len(space)}

    def keep():
        kept = {}
        for name in sorted(space):
            if name == "_sandqueue":
                continue
            try:
                kept[name] = put_named(name, space[name])
            except TypeError as kind:
                raise TypeError(f"the variable {name} holds a value of the type {kind}")
        return {"names": kept, "nodes": nodes, "random": random.getstate(), "now": str(datetime.datetime.now())}

    def get(part, state):
        if "v" in part:
            return part["v"]
        if "t" in part:
            return imported(*part["t"][:2]).fromisoformat(part["t"][2])
        return made[part["n"]] if part["n"] in made else get_node(part["n"], *state["nodes"][part["n"]], state)

    def get_node(place, kind, parts, factory, state):
        if kind == "tuple":
            made[place] = tuple([get(part, state) for part in parts])
        elif kind == "list":
            made[place] = []
            made[place].extend(get(part, state) for part in parts)
        else:
            made[place] = {} if kind == "dict" else collections.Counter() if kind == "Counter" else collections.defaultdict(factory and getattr(builtins, factory))
            for key, value in zip(parts[::2], parts[1::2]):
                made[place][get(key, state)] = get(value, state)
        return made[place]

    def restore():
        state = json.loads(text)
        for name in list(space):
            if name not in state["names"] and name != "_sandqueue":
                del space[name]
        for name, part in state["names"].items():
            if "m" in part:
                space[name] = __import__(part["m"], fromlist=["_"])
            elif "f" in part:
                space[name] = imported(*part["f"])
            elif "o" not in part:
                space[name] = get(part, state)
        version, numbers, gauss = state["random"]
        random.setstate((version, tuple(numbers), gauss))
        return {"restored": len(state["names"])}

    try:
        done = {"begin": begin, "keep": keep, "restore": restore}[act]()
        builtins.print(json.dumps(done))
    except Exception as refused:
        builtins.print(json.dumps({"refused": str(refused)}))
