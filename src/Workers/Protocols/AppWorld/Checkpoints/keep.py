def _sandqueue_keep(names):
    import builtins, datetime, json, random
    space, nodes, places, kept = globals(), [], {}, {}

    def put(value):
        kind = type(value)
        if value is None or kind in (bool, int, float, str):
            return {"v": value}
        if id(value) in places:
            return {"n": places[id(value)]}
        if kind not in (list, tuple, dict):
            raise TypeError(kind.__name__)
        place = places[id(value)] = len(nodes)
        nodes.append(None)
        parts = [part for pair in value.items() for part in pair] if kind is dict else value
        nodes[place] = [kind.__name__, [put(part) for part in parts]]
        return {"n": place}

    def put_named(value):
        if type(value) is type(json):
            return {"m": value.__name__}
        home, inner = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
        if callable(value) and home not in (None, "__main__") and inner is not None:
            if getattr(__import__(home, fromlist=[inner]), inner, None) is value:
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
