using System.Collections.Concurrent;
using System.Text.Json;
using SandQueue.Environments.Bfcl.MultiTurn;
using SandQueue.Environments.Bfcl.MultiTurn.Services;
using SandQueue.Environments.Python;
using SandQueue.Testing;

namespace SandQueue.Environments.Tests.Bfcl.MultiTurn;

/// <summary>The benchmark's own multi-turn tasks, from the shared folder.</summary>
internal static class OfficialTasks
{
    public static readonly string[] Categories = ["multi_turn_base", "multi_turn_miss_func", "multi_turn_miss_param", "multi_turn_long_context"];

    private static readonly Lazy<Dictionary<string, JsonElement>> Questions = new(() => Read("data/bfcl/BFCL_v4_{0}.json"));
    private static readonly Lazy<Dictionary<string, JsonElement>> Answers = new(() => Read("data/bfcl/possible_answer/BFCL_v4_{0}.json"));
    private static readonly ConcurrentDictionary<string, IReadOnlyList<Service>> Starts = new();

    public static IEnumerable<string> Ids => Questions.Value.Keys;

    public static IReadOnlyList<IReadOnlyList<string>> GroundTruth(string id) =>
        [.. Answers.Value[id].GetProperty("ground_truth").EnumerateArray().Select(GoldenLines.Strings)];

    public static PyDict Config(string id) => (PyDict)PyJson.Read(Questions.Value[id].GetProperty("initial_config"));

    /// <summary>The functions a task withholds at first.</summary>
    public static IReadOnlyList<string> MissedFunctions(string id) =>
        [.. Questions.Value[id].GetProperty("missed_function").EnumerateObject().SelectMany(turn => turn.Value.Strings())];

    /// <summary>The services as a task starts them.</summary>
    public static IReadOnlyList<Service> Start(string id) => Starts.GetOrAdd(id, Build);

    private static Service[] Build(string id)
    {
        var task = Questions.Value[id];
        var config = Config(id);
        var isLong = id.Contains("long_context", StringComparison.Ordinal);
        return
        [
            .. task.GetProperty("involved_classes").Strings().Select(name => ServiceCatalogue.Start(
                name,
                new Scenario((PyDict)(config.Get(name) ?? PyDict.Empty), isLong, isLong ? LongContextConstants.Extension : null))),
        ];
    }

    private static Dictionary<string, JsonElement> Read(string pattern) => Categories
        .Select(category => SharedFolder.Require(string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, category)))
        .SelectMany(File.ReadLines)
        .Select(line => JsonElement.Parse(line))
        .ToDictionary(task => task.Id());
}
