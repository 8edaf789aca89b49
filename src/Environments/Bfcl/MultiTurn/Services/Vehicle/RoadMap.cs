using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Vehicle;

/// <summary>The places the car knows, and the miles between them.</summary>
internal static class RoadMap
{
    private static readonly Dictionary<string, string> ZipCodes = new(StringComparer.Ordinal)
    {
        ["Rivermist"] = "83214",
        ["Stonebrook"] = "74532",
        ["Maplecrest"] = "56108",
        ["Silverpine"] = "62947",
        ["Shadowridge"] = "71354",
        ["Sunset Valley"] = "83462",
        ["Oakendale"] = "47329",
        ["Willowbend"] = "52013",
        ["Crescent Hollow"] = "69238",
        ["Autumnville"] = "51479",
        ["San Francisco"] = "94016",
    };

    private static readonly Dictionary<(string, string), double> Miles = new()
    {
        [("83214", "74532")] = 750.0,
        [("56108", "62947")] = 320.0,
        [("71354", "83462")] = 450.0,
        [("47329", "52013")] = 290.0,
        [("69238", "51479")] = 630.0,
        [("94016", "83214")] = 980.0,
        [("94016", "94704")] = 600.0,
        [("94704", "08540")] = 2550.0,
        [("94016", "08540")] = 1950.0,
        [("62947", "47329")] = 1053.0,
        [("94016", "62947")] = 780.0,
        [("74532", "94016")] = 880.0,
    };

    public static string ZipCode(PyValue city) => city is PyStr name ? ZipCodes.GetValueOrDefault(name.Text, "00000") : "00000";

    /// <summary>The distance in either direction.</summary>
    public static PyDict Distance(PyValue from, PyValue to, PyList? citiesBetween)
    {
        var (a, b) = ((from as PyStr)?.Text ?? "", (to as PyStr)?.Text ?? "");
        var distance = Miles.TryGetValue((a, b), out var miles) || Miles.TryGetValue((b, a), out miles)
            ? new PyDict(("distance", miles))
            : new PyDict(("error", "distance not found in database."));
        return citiesBetween is null ? distance : distance.With("intermediaryCities", citiesBetween);
    }
}
