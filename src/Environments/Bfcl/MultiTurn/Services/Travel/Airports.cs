using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.Travel;

/// <summary>The airports the travel service knows.</summary>
internal static class Airports
{
    private static readonly PyDict ByCity = new(
        ("Rivermist", "RMS"), ("Stonebrook", "SBK"), ("Maplecrest", "MPC"), ("Silverpine", "SVP"), ("Shadowridge", "SHD"), ("London", "LHR"),
        ("Paris", "CDG"), ("Sunset Valley", "SSV"), ("Oakendale", "OKD"), ("Willowbend", "WLB"), ("Crescent Hollow", "CRH"), ("Autumnville", "ATV"),
        ("Pinehaven", "PHV"), ("Greenfield", "GFD"), ("San Francisco", "SFO"), ("Los Angeles", "LAX"), ("New York", "JFK"), ("Chicago", "ORD"),
        ("Boston", "BOS"), ("Beijing", "PEK"), ("Hong Kong", "HKG"), ("Rome", "CIA"), ("Tokyo", "HND"));

    /// <summary>All of them, in the order the service lists them in.</summary>
    public static PyList All { get; } = new(
        "RMS", "SBK", "MPC", "SVP", "SHD", "CDG", "LHR", "SSV", "OKD", "WLB", "PEK", "HND",
        "HKG", "CIA", "CRH", "ATV", "PHV", "GFD", "SFO", "LAX", "JFK", "ORD", "BOS");

    public static PyValue Nearest(PyValue city) => ByCity.Get(city) ?? "Unknown";
}
