def _sandqueue_keep(names):
    import builtins, collections, datetime, json, random
    space, nodes, places, kept = globals(), [], {}, {}
    factories = {None: None, bool: "bool", dict: "dict", float: "float", int: "int", list: "list", set: "set", str: "str"}

    def imported(home, inner):
        return getattr(__import__(home, fromlist=[inner]), inner, None)

    def put_time(value, kind):
        part = {"t": [kind.__module__, kind.__qualname__, value.isoformat()]}
        again = imported(*part["t"][:2]).fromisoformat(part["t"][2])
        if type(again) is not kind or repr(again) != repr(value):
            raise TypeError(kind.__name__)
        return part

    def put(value):
        kind = type(value)
        if value is None or kind in (bool, int, float, str):
            return {"v": value}
        if id(value) in places:
            return {"n": places[id(value)]}
        if isinstance(value, (datetime.date, datetime.time)):
            return put_time(value, kind)
        if kind not in (list, tuple, dict, set, frozenset, collections.Counter, collections.defaultdict):
            raise TypeError(kind.__name__)
        how = how_made(value, kind)
        place = places[id(value)] = len(nodes)
        nodes.append(None)
        parts = [part for pair in value.items() for part in pair] if isinstance(value, dict) else value
        nodes[place] = [kind.__name__, [put(part) for part in parts], how]
        return {"n": place}

    def how_made(value, kind):
        if kind is collections.defaultdict:
            if value.default_factory not in factories:
                raise TypeError(kind.__name__)
            return factories[value.default_factory]
        if kind not in (set, frozenset):
            return None
        # The order that a set is read in, now and after it has grown, depends on how it came to be.
        for way in ("tuple", "frozenset"):
            again = kind(getattr(builtins, way)(value))
            if list(again) == list(value) and again.__sizeof__() == value.__sizeof__():
                return way
        raise TypeError(kind.__name__)

    def put_named(value):
        if type(value) is type(json):
            return {"m": value.__name__}
        home, inner = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
        if callable(value) and home not in (None, "__main__") and inner is not None and imported(home, inner) is value:
            return {"f": [home, inner]}
        return put(value)

    try:
        for name in names:
            if name in space:
                try:
                    kept[name] = put_named(space[name])
                except TypeError as kind:
                    raise TypeError(f"the variable {name} holds a value of the type {kind}")
        state = {"names": kept, "nodes": nodes, "random": random.getstate(), "now": str(datetime.datetime.now())}
        builtins.print(json.dumps(state))
    except Exception as refused:
        builtins.print(json.dumps({"refused": str(refused)}))


try:
    _sandqueue_keep(json_names)
finally:
    del _sandqueue_keep
